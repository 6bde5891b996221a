import { compileQuery, type LogCondition, LogQueryError } from '@sphinx/logs';
import {
  type AggregateRow,
  type EventStore,
  type Page,
  readCursor,
  SphinxError,
  type TelemetryFilter,
  writeCursor,
} from '@sphinx/platform';
import { TELEMETRY } from '@sphinx/schema';
import { z } from 'zod';
import type { LogRow } from '../intake/log-row.ts';

/** Columns of the table by what they hold, as queries name them. */
export const LOG_COLUMNS: ReadonlyMap<string, 'integer' | 'boolean' | 'text'> = new Map(
  Object.entries(TELEMETRY.log_activity.shape).map(([name, type]) => [name, kindOf(type)]),
);

export interface LogQuery {
  readonly query: string;
  /** Milliseconds since 1970. */
  readonly from?: number | undefined;
  /** Exclusive. */
  readonly until?: number | undefined;
}

const Position = z.tuple([z.number(), z.int().nonnegative()]);
/** Bars of a histogram: as many as a person can tell apart. */
const MOST_BUCKETS = 120;
const BUCKET_STEPS = [
  ...[1000, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000],
  ...[10_800_000, 21_600_000, 43_200_000, 86_400_000, 604_800_000],
];

/** Finds events again. */
export class LogSearch {
  readonly #telemetry: EventStore;
  readonly #now: () => number;

  constructor(telemetry: EventStore, now: () => number) {
    this.#telemetry = telemetry;
    this.#now = now;
  }

  /** @throws SphinxError SPX_INVALID_INPUT that says what is wrong with the query and where */
  conditionOf(query: string): LogCondition | undefined {
    try {
      return compileQuery(query, LOG_COLUMNS, this.#now());
    } catch (error) {
      if (error instanceof LogQueryError) throw new SphinxError('SPX_INVALID_INPUT', `${error.message}.`);
      throw error;
    }
  }

  /** Events of a query, newest first; a cursor goes on where the page before ended. */
  async page(query: LogQuery, limit: number, cursor: string | undefined, isOldestFirst = false): Promise<Page<LogRow>> {
    const [startAt, shown] = cursor === undefined ? [undefined, 0] : readCursor(cursor, Position);
    const rows = await this.#telemetry.select('log_activity', {
      ...this.#filterOf(query),
      order: isOldestFirst ? 'oldest-first' : 'newest-first',
      ...(startAt === undefined ? {} : { startAt }),
      limit: limit + 1,
      offset: shown,
    });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    if (rows.length <= limit || last === undefined) return { items, nextCursor: null };
    const alike = items.filter(({ time }) => time === last.time).length;
    const isSameTime = startAt === last.time;
    return { items, nextCursor: writeCursor([last.time, alike + (isSameTime ? shown : 0)]) };
  }

  async count(query: LogQuery): Promise<number> {
    const [row] = await this.#telemetry.aggregate('log_activity', {
      ...this.#filterOf(query),
      groupBy: [],
      limit: 1,
    });
    return Number(row?.count ?? 0);
  }

  /** How many events there were when, by severity. */
  async histogram(query: LogQuery) {
    const until = query.until ?? this.#now();
    const from = query.from ?? until - 86_400_000;
    const bucketMs = BUCKET_STEPS.find((step) => (until - from) / step <= MOST_BUCKETS) ?? 604_800_000;
    const rows = await this.#telemetry.aggregate('log_activity', {
      ...this.#filterOf({ ...query, from, until }),
      groupBy: ['severity'],
      bucketMs,
      orderBy: 'bucket',
      descending: false,
      limit: MOST_BUCKETS * 8,
    });
    const buckets = new Map<number, Record<string, number>>();
    let total = 0;
    for (const row of rows) {
      const time = Number(row.bucket);
      const bucket = buckets.get(time) ?? {};
      bucket[String(row.severity)] = Number(row.count);
      buckets.set(time, bucket);
      total += Number(row.count);
    }
    return { from, until, bucketMs, total, buckets: [...buckets].map(([time, counts]) => ({ time, counts })) };
  }

  /** The most frequent values of a column. @throws SphinxError SPX_INVALID_INPUT when there is no such column */
  async values(query: LogQuery, column: string, limit: number): Promise<readonly { value: string; count: number }[]> {
    if (!LOG_COLUMNS.has(column) || UNCOUNTED.has(column)) {
      throw new SphinxError('SPX_INVALID_INPUT', `The values of ${column} cannot be counted. Name a column.`);
    }
    const name = column as keyof LogRow;
    const rows: readonly AggregateRow[] = await this.#telemetry.aggregate('log_activity', {
      ...this.#filterOf(query),
      groupBy: [name],
      limit: limit + 1,
    });
    return rows
      .map((row) => ({ value: String(row[name] ?? ''), count: Number(row.count) }))
      .filter(({ value }) => value !== '')
      .slice(0, limit);
  }

  /** @returns one event; undefined where it is not there (any more) */
  async find(id: string): Promise<LogRow | undefined> {
    const [row] = await this.#telemetry.select('log_activity', { equals: { log_id: id }, limit: 1 });
    return row;
  }

  #filterOf({ query, from, until }: LogQuery): TelemetryFilter<'log_activity'> {
    const where = this.conditionOf(query);
    return {
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
      ...(where === undefined ? {} : { where }),
    };
  }
}

/** Columns of which every event has another value, and what may name patients. */
const UNCOUNTED = new Set(['raw', 'fields', 'message', 'log_id', 'url', 'time', 'logged_time', 'command_line']);

function kindOf(type: z.ZodType): 'integer' | 'boolean' | 'text' {
  if (type instanceof z.ZodNullable) return kindOf(type.unwrap() as z.ZodType);
  if (type instanceof z.ZodNumber) return 'integer';
  return type instanceof z.ZodBoolean ? 'boolean' : 'text';
}
