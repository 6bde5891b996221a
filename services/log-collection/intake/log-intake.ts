import type { EventStore } from '@sphinx/platform';
import type { LogRow } from './log-row.ts';

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

/** Hands events to the store and to whoever listens, and counts them by source. */
export class LogIntake {
  readonly #telemetry: Pick<EventStore, 'append'>;
  readonly #listeners = new Set<(rows: readonly LogRow[]) => void>();
  #deltas = new Map<string, SourceDelta>();

  constructor(telemetry: Pick<EventStore, 'append'>) {
    this.#telemetry = telemetry;
  }

  /** @param listener told of all events that were taken in, in order. @returns stops it */
  listen(listener: (rows: readonly LogRow[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @returns how many the store had room for; the others, at the end, were left out and counted */
  take(rows: readonly LogRow[]): number {
    const accepted = this.#telemetry.append('log_activity', rows);
    const taken = accepted === rows.length ? rows : rows.slice(0, accepted);
    for (const row of taken) this.#count(row);
    for (const row of rows.slice(accepted)) this.countDropped(row.source_id, 1);
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
