import { randomBytes } from 'node:crypto';
import type { FormatSet, LogReading, LogRecord } from '@sphinx/logs';
import type { EventStore } from '@sphinx/platform';
import type { TelemetryRow } from '@sphinx/schema';

export type LogRow = TelemetryRow<'log_activity'>;

/** An event that was taken in, with what rules look at. */
export interface TakenEvent {
  readonly row: LogRow;
  readonly reading: LogReading;
}

/** What one source has sent since it was last asked. */
export interface SourceDelta {
  events: number;
  unparsed: number;
  dropped: number;
  truncated: number;
  lastSeen: number;
  format: string;
}

/** Sources whose counts are held; what is beyond is counted together. */
const MAXIMUM_SOURCES = 10_000;
const OTHERS = 'others';

/** Brings records into one form and hands them to the store and to whoever listens. */
export class LogIntake {
  readonly #telemetry: EventStore;
  readonly #formats: () => FormatSet;
  readonly #listeners = new Set<(events: readonly TakenEvent[]) => void>();
  readonly #instance = randomBytes(5).toString('hex');
  #number = 0;
  #deltas = new Map<string, SourceDelta>();

  /** @param formats those in force now */
  constructor(telemetry: EventStore, formats: () => FormatSet) {
    this.#telemetry = telemetry;
    this.#formats = formats;
  }

  /** @param listener told of all events that were taken in, in order. @returns stops it */
  listen(listener: (events: readonly TakenEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Takes records in. Unparsed ones are kept as they are.
   *
   * @returns how many the store had room for; the others, at the end, were left out and counted
   */
  take(records: readonly LogRecord[]): number {
    const formats = this.#formats();
    const events = records.map((record): TakenEvent => {
      const reading = formats.read(record);
      return { reading, row: this.#toRow(record, reading) };
    });
    const accepted = this.#telemetry.append(
      'log_activity',
      events.map(({ row }) => row),
    );
    const taken = accepted === events.length ? events : events.slice(0, accepted);
    for (const { row } of taken) this.#count(row);
    for (const { source } of records.slice(accepted)) this.countDropped(source, 1);
    if (taken.length > 0) for (const listener of this.#listeners) listener(taken);
    return accepted;
  }

  /** Counts records that never came to be read, for want of room or for the limit of their sender. */
  countDropped(source: string, count: number): void {
    this.#deltaOf(source).dropped += count;
  }

  /** Counts records that were cut. */
  countTruncated(source: string, count: number): void {
    this.#deltaOf(source).truncated += count;
  }

  /** @returns the counts since the last call, by source */
  takeDeltas(): ReadonlyMap<string, SourceDelta> {
    const deltas = this.#deltas;
    this.#deltas = new Map();
    return deltas;
  }

  #toRow(record: LogRecord, { timeMs, columns, fields }: LogReading): LogRow {
    return {
      time: Math.trunc(timeMs),
      logged_time: Math.trunc(record.arrivedMs),
      log_id: `log_${Math.trunc(record.arrivedMs).toString(36)}_${this.#instance}_${(this.#number++).toString(36)}`,
      source_id: record.source,
      is_sample: false,
      ...columns,
      fields: JSON.stringify(fields),
      raw: record.raw,
    };
  }

  #count({ source_id, logged_time, is_parsed, format }: LogRow): void {
    const delta = this.#deltaOf(source_id);
    delta.events++;
    if (!is_parsed) delta.unparsed++;
    delta.lastSeen = logged_time;
    if (format !== '') delta.format = format;
  }

  #deltaOf(source: string): SourceDelta {
    const known = this.#deltas.get(source);
    if (known !== undefined) return known;
    const name = this.#deltas.size < MAXIMUM_SOURCES ? source : OTHERS;
    const delta = this.#deltas.get(name) ?? {
      events: 0,
      unparsed: 0,
      dropped: 0,
      truncated: 0,
      lastSeen: 0,
      format: '',
    };
    this.#deltas.set(name, delta);
    return delta;
  }
}
