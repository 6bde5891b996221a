import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';

const MAXIMUM_DEPTH = 4;
const MAXIMUM_ELEMENTS = 128;
/** Bytes of types that have a fixed length (BSON 1.1 grammar). */
const FIXED: Readonly<Record<number, number>> = {
  1: 8,
  6: 0,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  16: 4,
  17: 8,
  18: 8,
  19: 16,
  127: 0,
  255: 0,
};
const STRING = 2;
const DOCUMENT = 3;
const ARRAY = 4;
const BINARY = 5;
const INT32 = 16;
const DOUBLE = 1;

/**
 * Texts and numbers of a document whose path is wanted; everything else is passed over unread.
 *
 * @returns path (`client.driver.name`) → value, and the name of the first element
 */
export function readDocument(
  bytes: Uint8Array,
  offset: number,
  wanted: ReadonlySet<string>,
): { readonly first: string; readonly values: ReadonlyMap<string, string> } {
  const values = new Map<string, string>();
  const cursor = new ByteCursor(bytes, offset);
  const first = readElements(cursor, '', wanted, values, 0);
  return { first, values };
}

function readElements(
  outer: ByteCursor,
  prefix: string,
  wanted: ReadonlySet<string>,
  values: Map<string, string>,
  depth: number,
): string {
  const length = outer.uint32(true);
  const cursor = outer.nested(Math.max(0, length - 4));
  let first = '';
  for (let count = 0; cursor.remaining > 1 && count < MAXIMUM_ELEMENTS; count++) {
    const type = cursor.uint8();
    if (type === 0) break;
    const end = cursor.bytes.indexOf(0, cursor.offset);
    if (end < 0 || end >= cursor.end) break;
    const name = latin1(cursor.slice(Math.min(end - cursor.offset, 128)));
    cursor.skip(end - cursor.offset + 1);
    if (count === 0) first = name;
    if (!readValue(cursor, type, `${prefix}${name}`, wanted, values, depth)) break;
  }
  return first;
}

/** @returns false for a type that has no known length */
function readValue(
  cursor: ByteCursor,
  type: number,
  path: string,
  wanted: ReadonlySet<string>,
  values: Map<string, string>,
  depth: number,
): boolean {
  if (type === STRING) {
    const text = cursor.slice(cursor.uint32(true));
    if (wanted.has(path)) values.set(path, cleanText(latin1(text, 0, text.length - 1), 128));
  } else if (type === DOCUMENT && depth < MAXIMUM_DEPTH) {
    readElements(cursor, `${path}.`, wanted, values, depth + 1);
  } else if (type === DOCUMENT || type === ARRAY) cursor.skip(cursor.uint32(true) - 4);
  else if (type === BINARY) cursor.skip(cursor.uint32(true) + 1);
  else {
    const length = FIXED[type];
    if (length === undefined) return false;
    const value = cursor.slice(length);
    if (!wanted.has(path)) return !cursor.isBroken;
    const view = new DataView(value.buffer, value.byteOffset, value.length);
    if (type === INT32 && value.length === 4) values.set(path, String(view.getInt32(0, true)));
    if (type === DOUBLE && value.length === 8) values.set(path, String(view.getFloat64(0, true)));
  }
  return !cursor.isBroken;
}
