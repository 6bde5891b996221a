import {
  cutPage,
  type EventStore,
  type Page,
  PageQuery,
  readCursor,
  type TelemetryFilter,
  writeCursor,
} from '@sphinx/platform';
import { TELEMETRY, type TelemetryRow, type TelemetryTable } from '@sphinx/schema';
import { z } from 'zod';

export const Limit = z.coerce.number().int().min(1).max(1000).default(100);
export const RowPage = { cursor: PageQuery.shape.cursor, limit: Limit };

/** Order of rows: the newest first where nothing is said. */
export interface RowOrder<T extends TelemetryTable> {
  readonly by: keyof TelemetryRow<T> & string;
  readonly isAscending: boolean;
}

/**
 * Rows that arrive while somebody reads shift nothing: the next page begins at a value, not at a number of rows.
 *
 * @returns a page of rows
 * @throws SphinxError SPX_INVALID_INPUT when the cursor is none of this order
 */
export async function readPage<T extends TelemetryTable>(
  telemetry: EventStore,
  table: T,
  filter: TelemetryFilter<T>,
  { cursor, limit, order }: { cursor?: string | undefined; limit: number; order?: RowOrder<T> },
): Promise<Page<TelemetryRow<T>>> {
  const { by, isAscending } = order ?? { by: 'time' as keyof TelemetryRow<T> & string, isAscending: false };
  // Value of the last row in the column that decides the order, and how many rows of that value were shown.
  const Position = z.tuple([TELEMETRY[table].shape[by as 'time'], z.int().nonnegative()]);
  const [start, shown] = cursor === undefined ? [undefined, 0] : readCursor(cursor, Position);
  const rows = await telemetry.select(table, {
    ...filter,
    order: isAscending ? 'oldest-first' : 'newest-first',
    orderBy: by,
    ...(start === undefined ? {} : { startAt: start }),
    limit: limit + 1,
    offset: shown,
  });
  return cutPage(rows, limit, (last) => {
    const value: unknown = last[by];
    const ofThatValue = rows.slice(0, limit).filter((row) => row[by] === value).length;
    return writeCursor([value as string | number, ofThatValue + (value === start ? shown : 0)]);
  });
}
