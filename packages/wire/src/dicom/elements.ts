import { constants, inflateRawSync } from 'node:zlib';
import { ByteCursor } from '../bytes/byte-cursor.ts';
import { latin1 } from '../bytes/text.ts';

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';
const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const DEFLATED = '1.2.840.10008.1.2.1.99';
export const UNDEFINED_LENGTH = 0xffffffff;
/** Items and their delimiters (PS3.5 §7.5). */
export const ITEM_GROUP = 0xfffe;
const ITEM = 0xe000;
const ITEM_END = 0xe00d;
const SEQUENCE_END = 0xe0dd;
const MAXIMUM_DEPTH = 8;
/** A deflated head may unpack to a thousand times its size; what device attributes need is far less. */
const MAXIMUM_INFLATED_BYTES = 1024 * 1024;
const MINIMUM_DEFLATED_BYTES = 512;
/** Value representations with a four-byte length in explicit encoding (PS3.5 §7.1.2). */
const LONG_REPRESENTATIONS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

export interface Encoding {
  readonly isExplicit: boolean;
  readonly isLittleEndian: boolean;
}

/** Sequences of unknown representation (UN) are implicit whatever stands around them (PS3.5 §6.2.2). */
const IMPLICIT: Encoding = { isExplicit: false, isLittleEndian: true };

/** Without the negotiation (mid-stream pick-up): explicit encodings show two letters behind the first tag. */
export function guessTransferSyntax(head: Uint8Array): string {
  const isLetter = (byte = 0) => byte >= 0x41 && byte <= 0x5a;
  return isLetter(head[4]) && isLetter(head[5]) ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN;
}

/** @returns a cursor over the elements of the head of a data set, unpacked, and how they are encoded (PS3.5 annex A) */
export function openDataSet(
  head: Uint8Array,
  transferSyntax: string,
): { readonly cursor: ByteCursor; readonly encoding: Encoding } {
  return {
    cursor: new ByteCursor(transferSyntax === DEFLATED ? inflateHead(head) : head),
    encoding: {
      isExplicit: transferSyntax !== IMPLICIT_LITTLE_ENDIAN,
      isLittleEndian: transferSyntax !== EXPLICIT_BIG_ENDIAN,
    },
  };
}

/** Tag and length of an element (PS3.5 §7.1). */
export function readElementHeader(cursor: ByteCursor, { isExplicit, isLittleEndian }: Encoding) {
  const group = cursor.uint16(isLittleEndian);
  const element = cursor.uint16(isLittleEndian);
  const isUnknown = false;
  if (!isExplicit || group === ITEM_GROUP) return { group, element, length: cursor.uint32(isLittleEndian), isUnknown };
  const representation = latin1(cursor.slice(2));
  if (!LONG_REPRESENTATIONS.has(representation))
    return { group, element, length: cursor.uint16(isLittleEndian), isUnknown };
  cursor.skip(2);
  return { group, element, length: cursor.uint32(isLittleEndian), isUnknown: representation === 'UN' };
}

/** Passes over a sequence of undefined length (PS3.5 §7.5.2). */
export function skipUndefined(cursor: ByteCursor, encoding: Encoding, isUnknown: boolean): void {
  skipSequence(cursor, isUnknown ? IMPLICIT : encoding, 0);
}

function skipSequence(cursor: ByteCursor, encoding: Encoding, depth: number): void {
  while (cursor.remaining >= 8 && !cursor.isBroken) {
    const { group, element, length } = readElementHeader(cursor, encoding);
    if (group === ITEM_GROUP && element === SEQUENCE_END) return;
    if (group !== ITEM_GROUP || element !== ITEM || depth >= MAXIMUM_DEPTH) {
      cursor.skip(UNDEFINED_LENGTH);
      return;
    }
    if (length === UNDEFINED_LENGTH) skipItem(cursor, encoding, depth);
    else cursor.skip(length);
  }
}

function skipItem(cursor: ByteCursor, encoding: Encoding, depth: number): void {
  while (cursor.remaining >= 8 && !cursor.isBroken) {
    const { group, element, length, isUnknown } = readElementHeader(cursor, encoding);
    if (group === ITEM_GROUP && element === ITEM_END) return;
    if (length === UNDEFINED_LENGTH) skipSequence(cursor, isUnknown ? IMPLICIT : encoding, depth + 1);
    else cursor.skip(length);
  }
}

/** Unpacks as much of the head as fits into the limit: a head that unpacks to more is tried again with half of it. */
function inflateHead(head: Uint8Array): Uint8Array {
  for (let length = head.length; ; length = Math.floor(length / 2)) {
    try {
      return inflateRawSync(head.subarray(0, length), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: MAXIMUM_INFLATED_BYTES,
      });
    } catch (error) {
      const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      if (!isTooLarge || length <= MINIMUM_DEFLATED_BYTES) return new Uint8Array(0);
    }
  }
}
