import { constants, inflateRawSync } from 'node:zlib';
import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import type { DeviceAttributes } from './types.ts';

/** Device attributes stand in groups 0008 and 0018, so the head of a data set holds them. */
export const DATA_SET_HEAD_BYTES = 32 * 1024;
const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';
const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const UNDEFINED_LENGTH = 0xffffffff;
const LAST_GROUP = 0x0018;
const ITEM_GROUP = 0xfffe;
const ITEM = 0xe000;
const ITEM_END = 0xe00d;
const SEQUENCE_END = 0xe0dd;
const MAXIMUM_DEPTH = 8;
const MAXIMUM_VALUE_BYTES = 256;
/** A deflated head may unpack to a thousand times its size; what device attributes need is far less. */
const MAXIMUM_INFLATED_BYTES = 1024 * 1024;
const MINIMUM_DEFLATED_BYTES = 512;
/** Value representations with a four-byte length in explicit encoding (PS3.5 §7.1.2). */
const LONG_REPRESENTATIONS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

const DEVICE_ATTRIBUTES: ReadonlyMap<number, keyof DeviceAttributes> = new Map([
  [0x00080060, 'modality'],
  [0x00080070, 'manufacturer'],
  [0x00080080, 'institution'],
  [0x00081010, 'stationName'],
  [0x00081040, 'department'],
  [0x00081090, 'model'],
  [0x00181000, 'serial'],
  [0x00181020, 'softwareVersions'],
]);

interface Encoding {
  readonly isExplicit: boolean;
  readonly isLittleEndian: boolean;
}

/** Sequences of unknown representation (UN) are implicit whatever stands around them (PS3.5 §6.2.2). */
const IMPLICIT: Encoding = { isExplicit: false, isLittleEndian: true };

/**
 * Takes the device attributes from the head of a data set (PS3.5 §7). Nothing else is looked at: values of other
 * elements, all of a patient's among them, are passed over by their length.
 *
 * @param head first bytes of the data set, `DATA_SET_HEAD_BYTES` at most; may end anywhere
 */
export function readDeviceAttributes(head: Uint8Array, transferSyntax: string): DeviceAttributes {
  const bytes = transferSyntax === DEFLATED ? inflateHead(head) : head;
  const encoding = {
    isExplicit: transferSyntax !== IMPLICIT_LITTLE_ENDIAN,
    isLittleEndian: transferSyntax !== EXPLICIT_BIG_ENDIAN,
  };
  const attributes: { -readonly [Name in keyof DeviceAttributes]: string } = {};
  const cursor = new ByteCursor(bytes);
  while (cursor.remaining >= 8 && !cursor.isBroken) {
    const { group, element, length, isUnknown } = readElementHeader(cursor, encoding);
    if (group > LAST_GROUP || cursor.isBroken) break;
    if (length === UNDEFINED_LENGTH) {
      skipSequence(cursor, isUnknown ? IMPLICIT : encoding, 0);
      continue;
    }
    const name = DEVICE_ATTRIBUTES.get(group * 0x10000 + element);
    if (name === undefined || length > cursor.remaining) {
      cursor.skip(length);
      continue;
    }
    const start = cursor.offset;
    cursor.skip(length);
    const value = cleanText(latin1(bytes, start, start + Math.min(length, MAXIMUM_VALUE_BYTES)));
    if (value !== '') attributes[name] = value;
  }
  return attributes;
}

function readElementHeader(cursor: ByteCursor, { isExplicit, isLittleEndian }: Encoding) {
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
