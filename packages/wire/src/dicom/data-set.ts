import { constants, inflateRawSync } from 'node:zlib';
import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import type { DeviceAttributes, PerformedStep } from './types.ts';

/** Device attributes stand in groups 0008 and 0018, so the head of a data set holds them. */
export const DATA_SET_HEAD_BYTES = 32 * 1024;
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';
const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const UNDEFINED_LENGTH = 0xffffffff;
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

/** UDI Sequence: its items hold the identifier of the device. */
const DEVICE_IDENTIFIER_SEQUENCE = 0x0018100a;

const DEVICE_ATTRIBUTES: ReadonlyMap<number, keyof DeviceAttributes> = new Map([
  [0x00080060, 'modality'],
  [0x00080070, 'manufacturer'],
  [0x00080080, 'institution'],
  [0x00081010, 'stationName'],
  [0x00081040, 'department'],
  [0x00081090, 'model'],
  [0x00181000, 'serial'],
  [0x00181009, 'udi'],
  [0x00181020, 'softwareVersions'],
]);

const STEP_ATTRIBUTES: ReadonlyMap<number, StepAttribute> = new Map([
  [0x00080060, 'modality'],
  [0x00400241, 'stationAeTitle'],
  [0x00400242, 'stationName'],
  [0x00400252, 'status'],
]);
type StepAttribute = 'modality' | 'stationAeTitle' | 'stationName' | 'status';

const QUERY_LEVEL: ReadonlyMap<number, 'level'> = new Map([[0x00080052, 'level']]);
const QUERY_LEVELS = new Set(['PATIENT', 'STUDY', 'SERIES', 'IMAGE']);

interface Encoding {
  readonly isExplicit: boolean;
  readonly isLittleEndian: boolean;
}

/** Sequences of unknown representation (UN) are implicit whatever stands around them (PS3.5 §6.2.2). */
const IMPLICIT: Encoding = { isExplicit: false, isLittleEndian: true };

/**
 * Takes the device attributes from the head of a data set (PS3.3 C.7.5.1, PS3.5 §7).
 *
 * @param head first bytes of the data set, `DATA_SET_HEAD_BYTES` at most; may end anywhere
 */
export function readDeviceAttributes(head: Uint8Array, transferSyntax: string): DeviceAttributes {
  return readAttributes(head, transferSyntax, DEVICE_ATTRIBUTES);
}

/** Device and state of a performed procedure step (PS3.4 F.7.2). */
export function readPerformedStep(head: Uint8Array, transferSyntax: string): Pick<PerformedStep, StepAttribute> {
  const read = readAttributes(head, transferSyntax, STEP_ATTRIBUTES);
  return { modality: '', stationAeTitle: '', stationName: '', status: '', ...read };
}

/** @returns the level of a query (PS3.4 C.4.1.1.3), empty when it has none that the standard knows */
export function readQueryLevel(head: Uint8Array, transferSyntax: string): string {
  const { level = '' } = readAttributes(head, transferSyntax, QUERY_LEVEL);
  return QUERY_LEVELS.has(level) ? level : '';
}

/** Without the negotiation (mid-stream pick-up): explicit encodings show two letters behind the first tag. */
export function guessTransferSyntax(head: Uint8Array): string {
  const isLetter = (byte = 0) => byte >= 0x41 && byte <= 0x5a;
  return isLetter(head[4]) && isLetter(head[5]) ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN;
}

/**
 * Values of the wanted elements on the top level of a data set. Nothing else is looked at: values of other elements, all of
 * a patient's among them, are passed over by their length.
 */
function readAttributes<Name extends string>(
  head: Uint8Array,
  transferSyntax: string,
  wanted: ReadonlyMap<number, Name>,
): Partial<Record<Name, string>> {
  const bytes = transferSyntax === DEFLATED ? inflateHead(head) : head;
  const encoding = {
    isExplicit: transferSyntax !== IMPLICIT_LITTLE_ENDIAN,
    isLittleEndian: transferSyntax !== EXPLICIT_BIG_ENDIAN,
  };
  const lastTag = Math.max(...wanted.keys());
  const attributes: Partial<Record<Name, string>> = {};
  const cursor = new ByteCursor(bytes);
  while (cursor.remaining >= 8 && !cursor.isBroken) {
    const { group, element, length, isUnknown } = readElementHeader(cursor, encoding);
    const tag = group * 0x10000 + element;
    if (cursor.isBroken || (tag > lastTag && group !== ITEM_GROUP)) break;
    // The identifier of the device stands inside items: their headers are passed, what they hold is read like the rest.
    if (group === ITEM_GROUP || (tag === DEVICE_IDENTIFIER_SEQUENCE && wanted.has(0x00181009))) continue;
    if (length === UNDEFINED_LENGTH) {
      skipSequence(cursor, isUnknown ? IMPLICIT : encoding, 0);
      continue;
    }
    const name = wanted.get(tag);
    const start = cursor.offset;
    cursor.skip(length);
    if (name === undefined || cursor.isBroken) continue;
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
