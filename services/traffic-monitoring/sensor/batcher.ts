import type { FoundBy } from '@sphinx/platform';
import type { FeedLosses, SensorBatch } from '@sphinx/wire';
import type { SensorMessage, SensorTask } from './sensor-messages.ts';

/** Batches that may be on their way; more would pile up in memory. */
const BATCHES_IN_FLIGHT = 2;

/** What a sensor thread takes batches from. */
export interface BatchSource {
  /** Packets or entries so far. */
  readonly entries: number;
  readonly losses: FeedLosses;
  takeBatch(): SensorBatch;
}

/** Splits packets between threads. */
export interface Dealer {
  /** Number of the last batch that the shards take too. */
  readonly batches: number;
  /** Lets the shards see what came so far. */
  show(): void;
}

/**
 * Sends what is new, in batches: after so many entries, so that batches of a file always hold the same, and for live
 * input at the latest after a time. Waits where the receiver has enough to do.
 */
export class Batcher {
  readonly #source: BatchSource;
  readonly #task: SensorTask;
  readonly #takeFindings: () => readonly FoundBy[];
  readonly #send: (message: SensorMessage) => void;
  readonly #timer: NodeJS.Timeout | undefined;
  #entriesSent = 0;
  #sentAt = performance.now();
  #inFlight = 0;
  #fraction: number | null = null;
  #lostBefore = 0;
  #hasNews = false;
  #note = '';
  #resume: (() => void) | undefined;
  readonly #dealer: () => Dealer | undefined;

  /** @param dealer where packets are split between threads, once there are some */
  constructor(
    source: BatchSource,
    task: SensorTask,
    takeFindings: () => readonly FoundBy[],
    send: (message: SensorMessage) => void,
    dealer: () => Dealer | undefined = () => undefined,
  ) {
    this.#dealer = dealer;
    this.#takeFindings = takeFindings;
    this.#source = source;
    this.#task = task;
    this.#send = send;
    // A quiet interface gives no further chunk for a long time; what it showed is not held back until then.
    if (task.batchIntervalMs === undefined) return;
    this.#timer = setInterval(() => this.#sendWhatWaits(), task.batchIntervalMs);
  }

  /** Called when a batch was taken. */
  taken(): void {
    this.#inFlight -= 1;
    this.#resume?.();
  }

  /** Called after every piece of input: sends a batch when one is due. @param fraction read so far */
  async pace(fraction: number | null = null): Promise<void> {
    this.#fraction = fraction;
    this.#dealer()?.show();
    const { packetsPerBatch, batchIntervalMs } = this.#task;
    const isDue =
      this.#source.entries - this.#entriesSent >= packetsPerBatch ||
      (batchIntervalMs !== undefined && performance.now() - this.#sentAt >= batchIntervalMs);
    if (isDue) await this.#sendBatch();
  }

  /** Packets that were lost before they came to the feed: the kernel's, the network's. @param total since the start */
  setLostBefore(total: number): void {
    this.#hasNews ||= total !== this.#lostBefore;
    this.#lostBefore = total;
  }

  /** Something that a person should know now; empty when all is well again. */
  setNote(note: string): void {
    this.#hasNews ||= note !== this.#note;
    this.#note = note;
  }

  async finish(fraction: number | null): Promise<void> {
    clearInterval(this.#timer);
    this.#fraction = fraction;
    await this.#sendBatch();
  }

  #sendWhatWaits(): void {
    const isQuiet = this.#source.entries === this.#entriesSent && !this.#hasNews;
    if (!isQuiet && this.#inFlight < BATCHES_IN_FLIGHT) void this.#sendBatch();
  }

  async #sendBatch(): Promise<void> {
    while (this.#inFlight >= BATCHES_IN_FLIGHT) {
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
      });
    }
    this.#inFlight += 1;
    this.#entriesSent = this.#source.entries;
    this.#sentAt = performance.now();
    this.#hasNews = false;
    const batch = this.#source.takeBatch();
    const { lost, unreadable } = this.#source.losses;
    const losses = { lost: lost + this.#lostBefore, unreadable };
    const progress = { fraction: this.#fraction, losses, note: this.#note };
    const dealt = this.#dealer()?.batches;
    this.#send({ kind: 'batch', batch, progress, findings: this.#takeFindings(), dealt });
  }
}
