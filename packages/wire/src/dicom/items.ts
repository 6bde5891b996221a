import type { ByteCursor } from '../bytes/byte-cursor.ts';
import { latin1 } from '../bytes/text.ts';

const MAXIMUM_ITEMS = 1024;
/** PS3.5 §9.1. */
const MAXIMUM_UID = 64;

/** Items of an A-ASSOCIATE PDU and items inside them: type, reserved byte, length (PS3.8 §9.3.2). */
export function* items(cursor: ByteCursor): IterableIterator<{ type: number; content: ByteCursor }> {
  for (let count = 0; count < MAXIMUM_ITEMS && cursor.remaining >= 4; count++) {
    const type = cursor.uint8();
    cursor.skip(1);
    yield { type, content: cursor.nested(cursor.uint16()) };
  }
}

/** A UID as the wire has it: digits and dots, 64 characters at most (PS3.5 §9), padded to even length with NUL. */
export function uid(bytes: Uint8Array, start: number, end: number): string {
  const last = Math.min(end, start + MAXIMUM_UID);
  const text = latin1(bytes, start, last > start && bytes[last - 1] === 0 ? last - 1 : last);
  return /[^0-9.]/.test(text) ? text.replace(/[^0-9.]/g, '') : text;
}
