import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { loadFileTypes, SphinxError } from '@sphinx/platform';
import type { FileOptions } from '@sphinx/wire';
import type { SensorProgress } from '../sensor/sensor-messages.ts';
import { type SensorThread, startSensorThread } from '../sensor/sensor-thread.ts';
import { workerCount } from '../sensor/shards/worker-count.ts';
import { identifyFile } from '../sources/describe-source.ts';
import { watchFolder } from '../sources/folder-watch.ts';
import { captureCommand, explainCaptureFailure } from '../sources/live-capture.ts';
import { CentreLink, type LinkEvents } from './centre-link.ts';
import { readIdentity, writeIdentity } from './enrolment.ts';
import { packBatch, type RemoteSource } from './remote-batch.ts';
import { Spool } from './spool.ts';

const PACKETS_PER_BATCH = 50_000;
const LIVE_BATCH_INTERVAL_MS = 1000;
const MAXIMUM_FLOWS = 262_144;
const NO_PROGRESS: SensorProgress = { fraction: null, losses: { lost: 0, unreadable: 0 }, note: '' };

export interface RemoteSensorOptions {
  /** Identity and spool live here. */
  readonly folder: string;
  readonly interfaces: readonly string[];
  /** Files that are read once, and folders whose files are read as they appear. */
  readonly paths: readonly string[];
  readonly maximumSpoolBytes: number;
  readonly version: string;
  /** A batch leaves after this many packets; the same for every start on one folder. */
  readonly packetsPerBatch?: number;
  /** Threads between which the packets of a source are split; absent or 0: by the machine. */
  readonly workers?: number;
  /** Folder `knowledge/`, by which files are typed; absent where files are not followed. */
  readonly knowledgeFolder?: string | undefined;
  readonly onState: LinkEvents['onState'];
  /** A source has begun, ended or failed. */
  readonly onSource: (title: string, message: string) => void;
}

/** A sensor at a branch: captures, parses, keeps on disk what it saw, and brings it to the centre. */
export interface RemoteSensor {
  /** Resolves when every file was read and the centre has everything; never where a source goes on. */
  readonly finished: Promise<void>;
  readonly waiting: { readonly batches: number; readonly bytes: number };
  /** Ends capture; what was seen is on disk when it resolves, and is sent at the next start. */
  stop(): Promise<void>;
}

/**
 * Starts the sensor that was enrolled in a folder.
 *
 * @throws SphinxError SPX_UNAUTHENTICATED when it was never enrolled, SPX_NOT_FOUND for a path that is not there
 */
export async function startRemoteSensor(options: RemoteSensorOptions): Promise<RemoteSensor> {
  const { folder, version } = options;
  const identity = await readIdentity(folder);
  if (identity === undefined) {
    throw new SphinxError('SPX_UNAUTHENTICATED', 'This sensor is not enrolled yet. Start it once with --token.');
  }
  const spool = await Spool.open(join(folder, 'spool'), options.maximumSpoolBytes);
  const startedAt = performance.now();
  const status = () => ({
    version,
    waitingBatches: spool.waiting.batches,
    waitingBytes: spool.waiting.bytes,
    upTimeMs: Math.round(performance.now() - startedAt),
    memoryBytes: process.memoryUsage().rss,
  });
  const abort = new AbortController();
  const link = new CentreLink(identity, spool, status, {
    onState: options.onState,
    onCertificate: (certificate) => writeIdentity(folder, { ...identity, certificate }),
  });
  const linked = link.run(abort.signal);
  const sources = new SpooledSources(spool, options, await fileOptions(options));
  const ended = sources.start();
  return {
    finished: ended.then(() => untilEmpty(spool)),
    get waiting() {
      return spool.waiting;
    },
    async stop() {
      await sources.stop();
      abort.abort();
      await linked;
    },
  };
}

/** Types and hashes of files, and names of programs only. Their content stays at the branch, and is not held there. */
async function fileOptions({ knowledgeFolder }: RemoteSensorOptions): Promise<FileOptions | undefined> {
  if (knowledgeFolder === undefined) return undefined;
  const types = await loadFileTypes(knowledgeFolder);
  return { types, names: 'programs', givesContent: false, clinicalHashes: 'sha256' };
}

async function untilEmpty(spool: Spool): Promise<void> {
  while (spool.waiting.batches > 0) await new Promise((wake) => setTimeout(wake, 50));
}

/** Runs sensor threads whose batches go to the spool. */
class SpooledSources {
  readonly #spool: Spool;
  readonly #options: RemoteSensorOptions;
  readonly #files: FileOptions | undefined;
  readonly #threads = new Set<SensorThread>();
  readonly #abort = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(spool: Spool, options: RemoteSensorOptions, files: FileOptions | undefined) {
    this.#files = files;
    this.#spool = spool;
    this.#options = options;
  }

  start(): Promise<void> {
    const { interfaces, paths } = this.#options;
    const runs = [
      ...interfaces.map((name) => this.#capture(name)),
      ...paths.map((path) => this.#readPath(resolve(path))),
    ];
    this.#running = Promise.allSettled(runs);
    return Promise.all(runs).then(() => undefined);
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    for (const thread of this.#threads) thread.stop();
    await this.#running;
  }

  async #capture(name: string): Promise<void> {
    const source = { key: `interface ${name}`, title: `Interface ${name}`, run: randomUUID() };
    const input = await captureCommand(name);
    await this.#run(source, input, LIVE_BATCH_INTERVAL_MS, (reason) =>
      explainCaptureFailure(input.command, name, reason),
    );
  }

  async #readPath(path: string): Promise<void> {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no file or folder ${path}.`);
    if (found.isDirectory()) await watchFolder(path, this.#abort.signal, (file) => this.#readFile(file));
    else await this.#readFile(path);
  }

  /** A file is one run, however often it is begun: what left already is not sent again. */
  async #readFile(path: string): Promise<void> {
    const identity = await identifyFile(path);
    const source = { key: `file ${identity}`, title: basename(path), run: identity.slice(0, 64) };
    if (this.#spool.progressOf(source.run).isEnded) return;
    await this.#run(source, { kind: 'file', path, name: basename(path) }, undefined, (reason) => reason);
  }

  async #run(
    source: RemoteSource,
    input: Parameters<typeof startSensorThread>[0]['input'],
    batchIntervalMs: number | undefined,
    explain: (reason: string) => string,
  ): Promise<void> {
    const { index: safe } = this.#spool.progressOf(source.run);
    let index = -1;
    let last: { batch: Parameters<typeof packBatch>[2]; progress: SensorProgress } | undefined;
    const fileBytes = input.kind === 'file' ? (await stat(input.path)).size : undefined;
    const workers = workerCount({ wanted: this.#options.workers ?? 0, cores: availableParallelism(), fileBytes });
    const followed = this.#files === undefined ? {} : { files: this.#files };
    const task = { source: 'remote', isSample: false, input, maximumFlows: MAXIMUM_FLOWS, workers, ...followed };
    const thread = startSensorThread(
      { ...task, packetsPerBatch: this.#options.packetsPerBatch ?? PACKETS_PER_BATCH, batchIntervalMs },
      async (batch, progress) => {
        // A stop cuts a file's batch short: it is read anew at the next start, whole.
        if (batchIntervalMs === undefined && this.#abort.signal.aborted) return;
        index += 1;
        last = { batch: { ...batch, flows: [], records: [], hosts: [], conversations: [], files: [] }, progress };
        if (index > safe) await this.#spool.add(packBatch(source, index, batch, progress));
      },
    );
    this.#threads.add(thread);
    this.#options.onSource(source.title, 'is read');
    const outcome = await thread.ended.then(
      (warnings) =>
        ({ state: this.#abort.signal.aborted ? 'stopped' : 'finished', message: warnings.join(' ') }) as const,
      (error: Error) => ({ state: 'failed', message: explain(error.message) }) as const,
    );
    this.#threads.delete(thread);
    this.#options.onSource(source.title, `${outcome.state} ${outcome.message}`.trim());
    // A file that was interrupted goes on at the next start; it has not ended.
    if (outcome.state === 'stopped' && batchIntervalMs === undefined) return;
    const { batch = EMPTY_BATCH, progress = NO_PROGRESS } = last ?? {};
    await this.#spool.add({ ...packBatch(source, index + 1, batch, progress), end: outcome });
  }
}

const EMPTY_BATCH = {
  flows: [],
  records: [],
  hosts: [],
  conversations: [],
  files: [],
  statistics: {
    packets: 0,
    bytes: 0,
    firstPacketMicros: 0,
    lastPacketMicros: 0,
    malformedPackets: 0,
    unsupportedPackets: 0,
    activeFlows: 0,
    flows: 0,
    recordsDropped: 0,
    reassemblyGaps: 0,
    files: { files: 0, bytes: 0, filesShed: 0, contentBytesShed: 0 },
    protocols: {},
  },
} as const;
