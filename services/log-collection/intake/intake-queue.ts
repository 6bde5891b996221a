import { randomBytes } from 'node:crypto';
import type { LogRecord } from '@sphinx/logs';
import type { EventStore } from '@sphinx/platform';
import type { RaisedAlert } from '../alerts/alert-desk.ts';
import type { SeenMedium } from '../media/media-desk.ts';
import type { ReadingThread } from '../reading/reading-thread.ts';
import { unpackRows } from '../reading/row-columns.ts';
import { type Batch, BatchLane } from './batch-lane.ts';
import type { LogIntake } from './log-intake.ts';
import { unreadRow } from './log-row.ts';

/** Batches that the thread has at a time: one that it is at, and what it goes on with. */
const MOST_AT_WORK = 3;
/** Rows that wait to be written; the store leaves out what goes far beyond. */
const MAXIMUM_UNWRITTEN = 100_000;

export interface IntakeQueueOptions {
  readonly reading: Pick<ReadingThread, 'read'>;
  readonly intake: LogIntake;
  readonly telemetry: Pick<EventStore, 'statistics' | 'flush'>;
  /** Told what rules have found. */
  readonly raised: (alerts: readonly RaisedAlert[]) => void;
  /** Told what is said of removable media. */
  readonly media: (seen: readonly SeenMedium[]) => void;
}

/**
 * What comes in waits here until it is read: nothing that answers people waits behind a flood. Who waits for an answer has a lane of
 * their own, which takes turns with what is sent over sockets and from files.
 */
export class IntakeQueue {
  readonly #options: IntakeQueueOptions;
  readonly #instance = randomBytes(5).toString('hex');
  readonly #unfinished = new Set<Batch>();
  readonly #pushed = new BatchLane();
  readonly #asked = new BatchLane();
  #isTurnOfAsked = true;
  #number = 0;
  #atWork = 0;
  #isScheduled = false;

  constructor(options: IntakeQueueOptions) {
    this.#options = options;
  }

  /** Whether a sender that can wait should wait, and what cannot is left out. */
  get isFull(): boolean {
    return this.#pushed.isFull;
  }

  /** Records that wait, or are read. */
  get waiting(): number {
    return this.#pushed.waiting + this.#asked.waiting;
  }

  /** Takes a record, also when it is full: a sender that waits may have handed over some more. */
  push(record: LogRecord): void {
    const batch = this.#pushed.push(record);
    if (batch !== undefined) this.#expect(batch);
  }

  /** Takes records, or none of them where too many wait. @returns how many came into the store; resolves when they did */
  async take(records: readonly LogRecord[]): Promise<number> {
    if (this.#asked.isFull) return 0;
    const batches = this.#asked.add(records);
    for (const batch of batches) this.#expect(batch);
    const taken = await Promise.all(batches.map(finish));
    return taken.reduce((sum, each) => sum + each, 0);
  }

  /** Resolves when everything that waits now has been handed to the store. */
  async drained(): Promise<void> {
    await Promise.all([...this.#unfinished].map(finish));
  }

  #expect(batch: Batch): void {
    this.#unfinished.add(batch);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // What else came with it goes along.
    setImmediate(() => {
      this.#isScheduled = false;
      this.#work();
    });
  }

  #work(): void {
    while (this.#atWork < MOST_AT_WORK) {
      const [first, second] = this.#isTurnOfAsked ? [this.#asked, this.#pushed] : [this.#pushed, this.#asked];
      this.#isTurnOfAsked = !this.#isTurnOfAsked;
      const batch = first.shift();
      if (batch !== undefined) void this.#read(batch, first);
      else {
        const other = second.shift();
        if (other === undefined) return;
        void this.#read(other, second);
      }
    }
  }

  async #read(batch: Batch, lane: BatchLane): Promise<void> {
    const { records, finished } = batch;
    const { telemetry } = this.#options;
    this.#atWork++;
    if (telemetry.statistics().buffered > MAXIMUM_UNWRITTEN) await telemetry.flush().catch(() => undefined);
    const taken = await this.#readAll(records);
    this.#atWork--;
    lane.done(batch);
    this.#unfinished.delete(batch);
    for (const resolve of finished) resolve(taken);
    this.#work();
  }

  /** Where reading fails, each record is tried alone; what cannot be read is kept as it came. */
  async #readAll(records: readonly LogRecord[]): Promise<number> {
    const { reading, intake, raised, media } = this.#options;
    const ids = records.map(({ arrivedMs }) => this.#createId(arrivedMs));
    const events = await reading.read({ records, ids }).catch(() => undefined);
    if (events !== undefined) {
      const lines = records.map(({ raw }) => raw);
      const taken = intake.take(unpackRows(events.rows, lines));
      if (events.raised.length > 0) raised(events.raised);
      if (events.media.length > 0) media(events.media);
      return taken;
    }
    if (records.length === 1) return intake.take(records.map((record, index) => unreadRow(record, ids[index] ?? '')));
    let taken = 0;
    for (const record of records) taken += await this.#readAll([record]);
    return taken;
  }

  #createId(arrivedMs: number): string {
    return `log_${Math.trunc(arrivedMs).toString(36)}_${this.#instance}_${(this.#number++).toString(36)}`;
  }
}

function finish(batch: Batch): Promise<number> {
  return new Promise((resolve) => {
    batch.finished.push(resolve);
  });
}
