import {
  cutPage,
  type EventStore,
  type Page,
  PageQuery,
  readCursor,
  type TelemetryFilter,
  writeCursor,
} from '@sphinx/platform';
import type { TelemetryRow, TelemetryTable } from '@sphinx/schema';
import { z } from 'zod';

export const Limit = z.coerce.number().int().min(1).max(1000).default(100);
export const RowPage = { cursor: PageQuery.shape.cursor, limit: Limit };

/** Time of the last row, and how many rows of that time were shown: rows that arrive meanwhile are newer and shift nothing. */
const RowPosition = z.tuple([z.int().nonnegative(), z.int().nonnegative()]);

/** @returns a page of rows, the newest first */
export async function readPage<T extends TelemetryTable>(
  telemetry: EventStore,
  table: T,
  filter: TelemetryFilter<T>,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<TelemetryRow<T>>> {
  const { until = Number.MAX_SAFE_INTEGER } = filter;
  const [time, shown] = cursor === undefined ? [until, 0] : readCursor(cursor, RowPosition);
  const rows = await telemetry.select(table, {
    ...filter,
    until: Math.min(until, time + 1),
    order: 'newest-first',
    limit: limit + 1,
    offset: shown,
  });
  return cutPage(rows, limit, (last) => {
    const ofThatTime = rows.slice(0, limit).filter((row) => row.time === last.time).length;
    return writeCursor([last.time, ofThatTime + (last.time === time ? shown : 0)]);
  });
}
