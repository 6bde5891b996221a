import { z } from 'zod';
import { SphinxError } from '../errors.ts';

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Goes on behind the last item; null at the end. */
  readonly nextCursor: string | null;
}

const NOT_OURS = 'This cursor was not made by SPHINX. Start without one.';
const CURSOR_NOTE = { description: '`nextCursor` of the page before; left out for the first page' };

/** Size of a page, at most 1000. */
export const PageLimit = z.coerce.number().int().min(1).max(1000);

/** Query of a list that grows. A cursor is a place in the order, so that what comes or goes in between shifts nothing. */
export const PageQuery = z.object({
  cursor: z.string().max(1000).optional().meta(CURSOR_NOTE),
  limit: PageLimit.default(50),
});

/** Query of a list whose items are numbered: the cursor is the number of the last item of the page before. */
export const SequencePageQuery = PageQuery.extend({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, NOT_OURS)
    .transform(Number)
    .optional()
    .meta(CURSOR_NOTE),
});

/** Query of a list that is short enough to come whole when no limit is named. */
export const ListQuery = PageQuery.extend({
  limit: PageLimit.optional().meta({ description: 'Size of a page; the whole list when absent' }),
});

/** Response of a list. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/**
 * @param rows up to one more than `limit`: the one too many says that there is a next page
 * @param cursorOf place of an item in the order
 */
export function cutPage<Item>(rows: readonly Item[], limit: number, cursorOf: (item: Item) => string): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last === undefined || rows.length <= limit ? null : cursorOf(last) };
}

/**
 * Cuts a page out of a list that is at hand whole.
 *
 * @param idOf tells the items apart
 * @throws SphinxError SPX_INVALID_INPUT when the cursor is none
 */
export function pageOfList<Item>(
  items: readonly Item[],
  { cursor, limit = items.length }: z.infer<typeof ListQuery>,
  idOf: (item: Item) => string,
): Page<Item> {
  const start = cursor === undefined ? 0 : placeBehind(items, readCursor(cursor, ListPosition), idOf);
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  const end = start + page.length;
  const isEnd = last === undefined || end >= items.length;
  return { items: page, nextCursor: isEnd ? null : writeCursor([end - 1, idOf(last)]) };
}

/** What may have come before the place of a cursor since the page before was cut. */
const MOST_SHIFTED = 500;

/**
 * @returns how many of the first items `pageOfList` needs for a page, where a list is too long to be at hand whole
 * @throws SphinxError SPX_INVALID_INPUT when the cursor is none
 */
export function itemsForPage({ cursor, limit }: z.infer<typeof PageQuery>): number {
  const start = cursor === undefined ? 0 : readCursor(cursor, ListPosition)[0] + 1;
  return start + limit + MOST_SHIFTED;
}

const ListPosition = z.tuple([z.int().nonnegative(), z.string()]);

/** Behind the item that the page before ended with, or where it was when it is gone. */
function placeBehind<Item>(
  items: readonly Item[],
  [index, id]: z.infer<typeof ListPosition>,
  idOf: (item: Item) => string,
): number {
  const found = items.findIndex((item) => idOf(item) === id);
  return found === -1 ? index : found + 1;
}

/** @param position values that an item is ordered by, most significant first */
export function writeCursor(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** @throws SphinxError SPX_INVALID_INPUT when `writeCursor` did not make the cursor of such a position */
export function readCursor<Position extends z.ZodType>(cursor: string, position: Position): z.infer<Position> {
  try {
    return position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new SphinxError('SPX_INVALID_INPUT', NOT_OURS, { cause });
  }
}
