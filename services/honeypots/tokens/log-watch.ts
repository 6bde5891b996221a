import type { EventStore, Logger, TelemetryCondition } from '@sphinx/platform';
import type { TelemetryRow } from '@sphinx/schema';

/** New lines are looked through this often. */
const EVERY_MS = 15_000;
/** Lines that are written after others that came later still count. */
const OVERLAP_MS = 5000;
const MAXIMUM_ROWS = 200;
const REMEMBERED = 2000;

export type LogRow = Pick<
  TelemetryRow<'log_activity'>,
  | 'log_id'
  | 'time'
  | 'src_ip'
  | 'device_ip'
  | 'device_host'
  | 'dst_ip'
  | 'actor_user'
  | 'product'
  | 'service'
  | 'is_sample'
>;

/** A planted value stands in a line of somebody's log. */
export interface LogSighting {
  readonly token: string;
  readonly row: LogRow;
}

export interface LogWatchParts {
  readonly telemetry: Pick<EventStore, 'select'>;
  readonly logger: Logger;
  readonly now: () => number;
  readonly needles: () => readonly { readonly token: string; readonly text: string }[];
  readonly take: (sightings: readonly LogSighting[]) => Promise<void>;
}

/** Looks for planted values in the lines that log collection takes in. While nothing is planted, nothing is read. */
export class LogWatch {
  readonly #parts: LogWatchParts;
  readonly #timer: NodeJS.Timeout;
  readonly #seen = new Set<string>();
  #since: number;

  constructor(parts: LogWatchParts) {
    this.#parts = parts;
    this.#since = parts.now();
    this.#timer = setInterval(() => {
      this.look().catch((error) =>
        parts.logger.warn('Logs were not searched for honeytokens', { error: String(error) }),
      );
    }, EVERY_MS);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Looks through what came since the last time. */
  async look(): Promise<void> {
    const { telemetry, now, needles, take } = this.#parts;
    const wanted = needles();
    const since = this.#since;
    this.#since = now() - OVERLAP_MS;
    if (wanted.length === 0) return;
    const where: TelemetryCondition = {
      kind: 'or',
      items: wanted.map(({ text }) => ({
        kind: 'test',
        column: 'raw',
        test: { operator: 'like', parts: ['', text, ''] },
      })),
    };
    const rows = await telemetry.select('log_activity', {
      where,
      orderBy: 'logged_time',
      order: 'oldest-first',
      startAt: since,
      limit: MAXIMUM_ROWS,
    });
    const sightings = rows.flatMap((row) => {
      const raw = row.raw.toLowerCase();
      const tokens = new Set(wanted.filter(({ text }) => raw.includes(text)).map(({ token }) => token));
      return [...tokens].filter((token) => this.#isNew(`${row.log_id} ${token}`)).map((token) => ({ token, row }));
    });
    if (sightings.length > 0) await take(sightings);
  }

  #isNew(key: string): boolean {
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    const [oldest] = this.#seen;
    if (this.#seen.size > REMEMBERED && oldest !== undefined) this.#seen.delete(oldest);
    return true;
  }
}
