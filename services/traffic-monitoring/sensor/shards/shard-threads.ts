import { Worker } from 'node:worker_threads';
import type { SharedRing } from '@sphinx/wire';
import type { InspectionTask, SensorTask } from '../sensor-messages.ts';
import type { SensorLimits } from '../sensor-options.ts';
import { THREAD_LIMITS } from '../thread-limits.ts';
import type { ShardCommand, ShardMessage, ShardTask } from './shard-messages.ts';

/** Who dies more often than this within the time below does not die by chance. */
const MOST_DEATHS = 5;
const DEATHS_WITHIN_MS = 60_000;

/** What one shard says of one batch. */
export type ShardPart = Extract<ShardMessage, { kind: 'part' }> & {
  /** Tells threads of the same shard apart. */
  readonly run: number;
};

interface Shard {
  readonly ring: SharedRing;
  worker: Worker;
  run: number;
  given: number;
  note: string;
}

/** The threads between which the packets of one source are split. One that dies is started again, and told. */
export class ShardThreads {
  readonly #task: SensorLimits;
  readonly #onFailure: (error: Error) => void;
  readonly #shards: Shard[];
  /** Parts of batches that are not complete yet, by the number of the batch. */
  readonly #waiting = new Map<number, { parts: ShardPart[]; resolve: ((parts: ShardPart[]) => void) | undefined }>();
  readonly #deaths: number[] = [];
  #inspections: readonly InspectionTask[];
  #runs = 0;
  #isClosed = false;
  #lastReason = '';
  /** Threads that died and were started again. */
  restarts = 0;

  /** @param onFailure called when starting threads again helps no more */
  constructor(
    task: SensorLimits & Pick<SensorTask, 'inspections'>,
    rings: readonly SharedRing[],
    onFailure: (error: Error) => void,
  ) {
    const { source, isSample, maximumFlows, maximumReassemblyBytes, maximumFragmentBytes, files } = task;
    const { batchIntervalMs } = task;
    this.#task = {
      source,
      isSample,
      maximumFlows,
      batchIntervalMs,
      ...(maximumReassemblyBytes === undefined ? {} : { maximumReassemblyBytes }),
      ...(maximumFragmentBytes === undefined ? {} : { maximumFragmentBytes }),
      ...(files === undefined ? {} : { files }),
    };
    this.#inspections = task.inspections ?? [];
    this.#onFailure = onFailure;
    this.#shards = [];
    for (const ring of rings) this.#shards.push(this.#start(ring, rings.length, 0));
  }

  /** @returns what all shards say of this batch; resolves when they all have */
  take(number: number): Promise<readonly ShardPart[]> {
    const waiting = this.#entry(number);
    return new Promise((resolve) => {
      waiting.resolve = resolve;
      this.#resolveWhole(number);
    });
  }

  /** What a person should know now; empty when all is well. */
  get note(): string {
    const notes = new Set(this.#shards.map(({ note }) => note).filter((note) => note !== ''));
    if (this.restarts > 0) {
      const times = this.restarts === 1 ? 'once' : `${this.restarts} times`;
      notes.add(
        `A worker of this source ended unexpectedly and was started again, ${times} so far (${this.#lastReason}). What it had not told of its flows by then is lost.`,
      );
    }
    return [...notes].join(' ');
  }

  /** Looks at packets with other modules from here on. */
  inspect(inspections: readonly InspectionTask[]): void {
    this.#inspections = inspections;
    const command: ShardCommand = { kind: 'inspect', inspections };
    for (const { worker } of this.#shards) worker.postMessage(command);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#shards.map(({ worker }) => worker.terminate()));
  }

  #start(ring: SharedRing, shards: number, given: number): Shard {
    const inspections = this.#inspections;
    const workerData: ShardTask = { ...this.#task, inspections, ring, shards, given };
    const options = { workerData, resourceLimits: THREAD_LIMITS };
    const worker = new Worker(new URL('./shard-worker.ts', import.meta.url), options);
    this.#runs += 1;
    const shard: Shard = { ring, worker, run: this.#runs, given, note: '' };
    worker.on('message', (message: ShardMessage) => {
      if (message.kind === 'note') shard.note = message.note;
      else this.#takePart(shard, message);
    });
    let reason = '';
    worker.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', (code) => this.#died(shard, reason === '' ? `code ${code}` : reason));
    return shard;
  }

  #takePart(shard: Shard, part: Extract<ShardMessage, { kind: 'part' }>): void {
    shard.given = part.number;
    this.#entry(part.number).parts.push({ ...part, run: shard.run });
    this.#resolveWhole(part.number);
  }

  #entry(number: number) {
    const known = this.#waiting.get(number);
    if (known !== undefined) return known;
    const entry = { parts: [], resolve: undefined };
    this.#waiting.set(number, entry);
    return this.#waiting.get(number) ?? entry;
  }

  #resolveWhole(number: number): void {
    const { parts, resolve } = this.#entry(number);
    if (resolve === undefined || parts.length < this.#shards.length) return;
    this.#waiting.delete(number);
    resolve(parts);
  }

  #died(shard: Shard, reason: string): void {
    if (this.#isClosed) return;
    const now = performance.now();
    this.#deaths.push(now);
    this.#lastReason = reason;
    if (this.#deaths.filter((death) => now - death < DEATHS_WITHIN_MS).length > MOST_DEATHS) {
      this.#onFailure(new Error(`A worker of this source ended ${MOST_DEATHS + 1} times within a minute: ${reason}`));
      return;
    }
    this.restarts += 1;
    this.#shards[this.#shards.indexOf(shard)] = this.#start(shard.ring, this.#shards.length, shard.given);
  }
}
