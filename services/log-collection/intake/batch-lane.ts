import type { LogRecord } from '@sphinx/logs';

/** Records that wait in a lane: half a minute of a busy house. */
const MAXIMUM_WAITING = 100_000;
/** Characters of their lines. */
const MAXIMUM_CHARACTERS = 128_000_000;
/** Read in one go. */
const BATCH = 200;

/** Records that are read in one go. */
export interface Batch {
  readonly records: LogRecord[];
  /** Takes no further records. */
  isClosed: boolean;
  /** Told how many were taken. */
  readonly finished: ((taken: number) => void)[];
}

/** Batches that wait, the first first. */
export class BatchLane {
  #batches: Batch[] = [];
  #next = 0;
  #waiting = 0;
  #characters = 0;

  get isFull(): boolean {
    return this.#waiting >= MAXIMUM_WAITING || this.#characters >= MAXIMUM_CHARACTERS;
  }

  /** Records that wait, or are read. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Takes a record. @returns the batch that it begins, if it does */
  push(record: LogRecord): Batch | undefined {
    this.#waiting++;
    this.#characters += record.raw.length;
    const last = this.#batches.at(-1);
    if (last === undefined || last.isClosed) {
      const batch: Batch = { records: [record], isClosed: false, finished: [] };
      this.#batches.push(batch);
      return batch;
    }
    last.records.push(record);
    last.isClosed = last.records.length >= BATCH;
    return undefined;
  }

  /** Takes records that nothing else joins. @returns their batches */
  add(records: readonly LogRecord[]): readonly Batch[] {
    const added: Batch[] = [];
    for (let start = 0; start < records.length; start += BATCH) {
      added.push({ records: records.slice(start, start + BATCH), isClosed: true, finished: [] });
    }
    this.#batches.push(...added);
    this.#waiting += records.length;
    this.#characters += charactersOf(records);
    return added;
  }

  /** @returns the batch whose turn it is, closed; it counts as waiting until it is `done` */
  shift(): Batch | undefined {
    const batch = this.#batches[this.#next];
    if (batch === undefined) return undefined;
    batch.isClosed = true;
    this.#next++;
    if (this.#next * 2 >= this.#batches.length) {
      this.#batches.splice(0, this.#next);
      this.#next = 0;
    }
    return batch;
  }

  done({ records }: Batch): void {
    this.#waiting -= records.length;
    this.#characters -= charactersOf(records);
  }
}

function charactersOf(records: readonly LogRecord[]): number {
  return records.reduce((sum, { raw }) => sum + raw.length, 0);
}
