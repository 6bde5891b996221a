import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type BlobStore,
  type Bus,
  type Clock,
  type Configuration,
  type EventStore,
  ensureMasterKey,
  type Jobs,
  type Logger,
  openDuckDbEventStore,
  openFolderBlobStore,
  openJobs,
  openPgliteStateStore,
  openStateStoreBus,
  SECRET_MIGRATIONS,
  type StateStore,
} from '@sphinx/platform';
import { createTemporaryFolder } from '@sphinx/platform/temporary-folder';
import type { Paths } from './paths.ts';

/** What the program stands on. Which implementation is behind each is decided here and nowhere else. */
export interface Engines {
  readonly state: StateStore;
  readonly bus: Bus;
  readonly telemetry: EventStore;
  readonly blobs: BlobStore;
  readonly jobs: Jobs;
  readonly masterKey: Uint8Array;
  readonly scratchFolder: string;
  /** Knowledge that people brought in; it may not be there. */
  readonly importedKnowledgeFolder: string;
  readonly leftOutSettings: readonly string[];
  close(): Promise<void>;
}

const MASTER_KEY_BYTES = 32;

/**
 * Opens the embedded engines in the data folder.
 *
 * @throws SphinxError SPX_DATA_FOLDER_IN_USE when another process has it open
 */
export async function openEngines(options: {
  paths: Paths;
  configuration: Configuration;
  clock: Clock;
  logger: Logger;
}): Promise<Engines> {
  const { paths, configuration, clock, logger } = options;
  const { dataFolder } = paths;
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const state = await openPgliteStateStore({ folder: join(dataFolder, 'state') });
  try {
    const leftOutSettings = await configuration.attach(state);
    await state.migrate('secrets', SECRET_MIGRATIONS);
    const keyFile = String(configuration.get('secrets.masterKeyFile'));
    return await completeEngines({
      state,
      leftOutSettings,
      clock,
      logger,
      telemetryFile: join(dataFolder, 'telemetry.duckdb'),
      blobFolder: join(dataFolder, 'evidence'),
      scratchFolder: join(dataFolder, 'services'),
      importedKnowledgeFolder: join(dataFolder, 'knowledge'),
      masterKey: await ensureMasterKey(keyFile === '' ? join(dataFolder, 'master.key') : keyFile),
      removeFiles: async () => {},
    });
  } catch (error) {
    await state.close();
    throw error;
  }
}

/** Opens engines that forget everything when they are closed, for the analysis of captures. */
export async function openTransientEngines(options: {
  configuration: Configuration;
  clock: Clock;
  logger: Logger;
}): Promise<Engines> {
  const folder = await createTemporaryFolder();
  const state = await openPgliteStateStore({});
  await options.configuration.attach(state);
  await state.migrate('secrets', SECRET_MIGRATIONS);
  return completeEngines({
    state,
    leftOutSettings: [],
    ...options,
    blobFolder: join(folder.path, 'evidence'),
    scratchFolder: join(folder.path, 'services'),
    importedKnowledgeFolder: join(folder.path, 'knowledge'),
    masterKey: randomBytes(MASTER_KEY_BYTES),
    removeFiles: () => folder.remove(),
  });
}

async function completeEngines(parts: {
  state: StateStore;
  leftOutSettings: readonly string[];
  clock: Clock;
  logger: Logger;
  telemetryFile?: string;
  blobFolder: string;
  scratchFolder: string;
  importedKnowledgeFolder: string;
  masterKey: Uint8Array;
  removeFiles: () => Promise<void>;
}): Promise<Engines> {
  const { state, clock, logger, telemetryFile, masterKey, scratchFolder, leftOutSettings } = parts;
  await mkdir(scratchFolder, { recursive: true, mode: 0o700 });
  const telemetry = await openDuckDbEventStore({
    logger,
    ...(telemetryFile === undefined ? {} : { file: telemetryFile }),
  });
  const blobs = await openFolderBlobStore(parts.blobFolder);
  const bus = await openStateStoreBus({ state, clock, logger });
  const jobs = await openJobs({ state, clock, logger });
  return {
    state,
    bus,
    telemetry,
    blobs,
    jobs,
    masterKey,
    scratchFolder,
    importedKnowledgeFolder: parts.importedKnowledgeFolder,
    leftOutSettings,
    async close() {
      await bus.close();
      await telemetry.close();
      await state.close();
      await parts.removeFiles();
    },
  };
}
