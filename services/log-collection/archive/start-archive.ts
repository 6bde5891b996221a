import { join } from 'node:path';
import { LOG_KINDS, type LogKind } from '@sphinx/logs';
import type { ServiceContext } from '@sphinx/platform';
import { openSigningKey } from '@sphinx/platform/signing';
import type { LogIntake } from '../intake/log-intake.ts';
import type { LogCollectionSettings } from '../manifest.ts';
import { StoredHeads } from './head-memory.ts';
import { LogArchive } from './log-archive.ts';

const KINDS: ReadonlySet<string> = new Set(LOG_KINDS);
const TEND_INTERVAL_MS = 1000;
const BYTES_PER_MEGABYTE = 1_000_000;
const MILLISECONDS_PER_MINUTE = 60_000;

/** The archive beside the intake of logs. */
export interface RunningArchive {
  /** Undefined where none is kept, or it cannot be opened. */
  readonly archive: LogArchive | undefined;
  /** What is wrong; empty where nothing is. */
  problem(): string;
  stop(): Promise<void>;
}

/** Archives what comes in. Logs go on to be taken in where the archive cannot be opened. */
export async function startArchive(
  context: ServiceContext<LogCollectionSettings>,
  intake: LogIntake,
): Promise<RunningArchive> {
  const none = { archive: undefined, problem: () => '', stop: async () => undefined };
  if (!context.settings.keepsArchive) return none;
  try {
    return attach(await openLogArchive(context), intake);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.logger.error('The archive of logs cannot be opened', { error: reason });
    return { ...none, problem: () => `Logs are not archived, as the archive cannot be opened: ${reason}.` };
  }
}

async function openLogArchive({
  settings,
  clock,
  logger,
  secrets,
  state,
  scratchFolder,
}: ServiceContext<LogCollectionSettings>) {
  return LogArchive.open({
    folder: settings.archiveFolder === '' ? join(scratchFolder, 'archive') : settings.archiveFolder,
    key: await openSigningKey(secrets, 'log-archive-signing-key', clock.now()),
    memory: new StoredHeads(state),
    logger,
    now: () => clock.now(),
    segmentBytes: settings.archiveSegmentMegabytes * BYTES_PER_MEGABYTE,
    segmentMs: settings.archiveSegmentMinutes * MILLISECONDS_PER_MINUTE,
  });
}

function attach(archive: LogArchive, intake: LogIntake): RunningArchive {
  const unlisten = intake.listen((rows) => {
    for (const row of rows) {
      const kind = KINDS.has(row.kind) ? (row.kind as LogKind) : 'unparsed';
      archive.take(kind, { received: row.logged_time, id: row.log_id, source: row.source_id, raw: row.raw });
    }
  });
  let isTending = false;
  const tend = async () => {
    if (isTending) return;
    isTending = true;
    await archive.tend();
    isTending = false;
  };
  const timer = setInterval(() => void tend(), TEND_INTERVAL_MS);
  timer.unref();
  return {
    archive,
    problem: () => archive.status().problem,
    async stop() {
      clearInterval(timer);
      unlisten();
      await archive.close();
    },
  };
}
