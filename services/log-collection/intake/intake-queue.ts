import type { LogRecord } from '@sphinx/logs';
import type { LogIntake } from './log-intake.ts';

/** Records that wait to be read: half a minute of a busy house. */
const MAXIMUM_WAITING = 100_000;
/** Read in one go before others may work: some ten milliseconds. */
const BATCH = 200;

/** What comes in over sockets waits here, so that nothing that answers people waits behind a flood. */
export class IntakeQueue {
  readonly #intake: LogIntake;
  #waiting: LogRecord[] = [];
  #next = 0;
  #isScheduled = false;
  #idle: (() => void)[] = [];

  constructor(intake: LogIntake) {
    this.#intake = intake;
  }

  /** Whether who can wait should wait. */
  get isFull(): boolean {
    return this.#waiting.length - this.#next >= MAXIMUM_WAITING;
  }

  /** Takes a record, or counts it as dropped where there is no room. */
  push(record: LogRecord): void {
    if (this.isFull) {
      this.#intake.countDropped(record.source, 1);
      return;
    }
    this.#waiting.push(record);
    this.#schedule();
  }

  /** Resolves when everything that waits now has been read. */
  drained(): Promise<void> {
    if (this.#next >= this.#waiting.length) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle.push(resolve);
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#work());
  }

  #work(): void {
    this.#isScheduled = false;
    const batch = this.#waiting.slice(this.#next, this.#next + BATCH);
    this.#next += batch.length;
    this.#intake.take(batch);
    if (this.#next < this.#waiting.length) {
      this.#schedule();
      return;
    }
    this.#waiting = [];
    this.#next = 0;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
