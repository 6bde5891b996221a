import { ByteCursor } from '../bytes/byte-cursor.ts';
import { latin1 } from '../bytes/text.ts';
import { layoutOf, type NumberKind, type PointField, type PointLayout } from './layouts.ts';

/** As many as Suricata reads of one message where nothing else is set. */
const MAXIMUM_OBJECTS = 2048;
const MAXIMUM_POINTS = 16384;
const READ = 1;
const CLASS_DATA = 60;
/** Codes of the qualifier (IEEE 1815 §4.2.2.7.3): ranges and counts by the bytes that they take, and sizes before points. */
const START_STOP: Readonly<Record<number, 1 | 2 | 4>> = { 0: 1, 1: 2, 2: 4 };
const COUNTED: Readonly<Record<number, 1 | 2 | 4>> = { 7: 1, 8: 2, 9: 4, 11: 1 };
const PREFIX_BYTES: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 2: 2, 3: 4, 4: 1, 5: 2, 6: 4 };
const FIRST_SIZE_PREFIX = 4;
const ALL_POINTS = 6;

export interface Dnp3Point {
  readonly prefix: number;
  readonly index: number;
  /** Where the prefix is the size of the point. */
  readonly size: number | undefined;
  /** By the names of its layout. */
  readonly fields: Readonly<Record<string, number | string | Uint8Array>>;
}

export interface Dnp3Object {
  readonly group: number;
  readonly variation: number;
  readonly qualifier: number;
  readonly prefixCode: number;
  readonly rangeCode: number;
  readonly start: number;
  readonly stop: number;
  readonly count: number;
  readonly points: readonly Dnp3Point[];
}

export interface Dnp3Objects {
  readonly objects: readonly Dnp3Object[];
  /** Whether every object was read to its end. */
  readonly isComplete: boolean;
  /** What is wrong, as rules name it. */
  readonly event: 'malformed' | 'unknown_object' | 'too_many_objects' | 'too_many_points' | undefined;
}

/**
 * Reads the objects of a request or an answer (IEEE 1815 §4.2.2.7).
 *
 * @param bytes behind the function, and behind the indications of an answer
 * @param code of the function: who reads names objects and sends no points
 */
export function readObjects(bytes: Uint8Array, code: number): Dnp3Objects {
  const cursor = new ByteCursor(bytes);
  const objects: Dnp3Object[] = [];
  const budget = { points: MAXIMUM_POINTS };
  while (cursor.remaining > 0) {
    if (objects.length === MAXIMUM_OBJECTS) return { objects, isComplete: false, event: 'too_many_objects' };
    const object = readHeader(cursor);
    if (object === undefined) return { objects, isComplete: false, event: 'malformed' };
    objects.push(object);
    const event = readPoints(cursor, object, code, budget);
    if (event !== undefined) return { objects, isComplete: false, event };
  }
  return { objects, isComplete: true, event: undefined };
}

type OpenObject = Dnp3Object & { readonly points: Dnp3Point[] };

function readHeader(cursor: ByteCursor): OpenObject | undefined {
  const [group, variation, qualifier] = [cursor.uint8(), cursor.uint8(), cursor.uint8()];
  const [prefixCode, rangeCode] = [(qualifier >> 4) & 7, qualifier & 15];
  const range = readRange(cursor, rangeCode);
  if (cursor.isBroken || range === undefined) return undefined;
  return { group, variation, qualifier, prefixCode, rangeCode, ...range, points: [] };
}

function readRange(cursor: ByteCursor, code: number): Pick<Dnp3Object, 'start' | 'stop' | 'count'> | undefined {
  if (code === ALL_POINTS) return { start: 0, stop: 0, count: 0 };
  const bounds = START_STOP[code];
  if (bounds !== undefined) {
    const [start, stop] = [littleNumber(cursor, bounds), littleNumber(cursor, bounds)];
    return stop < start ? undefined : { start, stop, count: stop - start + 1 };
  }
  const counted = COUNTED[code];
  return counted === undefined ? undefined : { start: 0, stop: 0, count: littleNumber(cursor, counted) };
}

function readPoints(
  cursor: ByteCursor,
  object: OpenObject,
  code: number,
  budget: { points: number },
): Dnp3Objects['event'] {
  const { group, variation, count, prefixCode } = object;
  const hasSizes = prefixCode >= FIRST_SIZE_PREFIX;
  if (variation === 0 || count === 0 || group === CLASS_DATA) return undefined;
  if (code === READ && prefixCode === 0) return undefined;
  if (count > budget.points) return 'too_many_points';
  budget.points -= count;
  const layout = layoutOf(group, variation);
  if (layout === undefined) return 'unknown_object';
  if (layout.packed !== undefined) return readPacked(cursor, object, layout.packed);
  for (let at = 0; at < count; at++) {
    const prefix = littleNumber(cursor, PREFIX_BYTES[prefixCode] ?? 0);
    const index = prefixCode === 0 || hasSizes ? object.start + at : prefix;
    if (code === READ && !hasSizes) {
      object.points.push({ prefix, index, size: undefined, fields: {} });
      continue;
    }
    const point = hasSizes ? cursor.nested(prefix) : cursor;
    const fields = readFields(point, layout);
    if (point.isBroken || cursor.isBroken) return 'malformed';
    object.points.push({ prefix, index: hasSizes ? at : index, size: hasSizes ? prefix : undefined, fields });
  }
  return cursor.isBroken ? 'malformed' : undefined;
}

function readPacked(
  cursor: ByteCursor,
  { start, count, points }: OpenObject,
  { name, bits }: NonNullable<PointLayout['packed']>,
): Dnp3Objects['event'] {
  const bytes = cursor.slice(Math.ceil((count * bits) / 8));
  if (cursor.isBroken) return 'malformed';
  for (let at = 0; at < count; at++) {
    const bit = at * bits;
    const value = ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & ((1 << bits) - 1);
    points.push({ prefix: 0, index: start + at, size: undefined, fields: { [name]: value } });
  }
  return undefined;
}

function readFields(cursor: ByteCursor, { fields }: PointLayout): Dnp3Point['fields'] {
  const values: Record<string, number | string | Uint8Array> = {};
  for (const field of fields) readField(cursor, field, values);
  return values;
}

function readField(cursor: ByteCursor, field: PointField, values: Record<string, number | string | Uint8Array>): void {
  switch (field.kind) {
    case 'bits': {
      let octet = cursor.uint8();
      for (const [name, width] of field.names) {
        values[name] = octet & ((1 << width) - 1);
        octet >>= width;
      }
      break;
    }
    case 'text':
    case 'octets': {
      const length = field.length === undefined ? cursor.remaining : Number(values[field.length] ?? 0);
      const bytes = cursor.slice(length);
      values[field.name] = field.kind === 'text' ? latin1(bytes) : bytes.slice();
      break;
    }
    default:
      values[field.name] = numberOf(cursor, field.kind);
  }
}

function numberOf(cursor: ByteCursor, kind: NumberKind): number {
  switch (kind) {
    case 'u8':
      return cursor.uint8();
    case 'u16':
      return cursor.uint16(true);
    case 'u24':
      return cursor.uint16(true) + cursor.uint8() * 0x10000;
    case 'u32':
      return cursor.uint32(true);
    case 'i16':
      return (cursor.uint16(true) << 16) >> 16;
    case 'i32':
      return cursor.uint32(true) | 0;
    case 'f32':
      return floatOf(cursor.slice(4));
    case 'f64':
      return floatOf(cursor.slice(8));
    case 'time':
      // Milliseconds since 1970 (§11.3.4).
      return cursor.uint32(true) + cursor.uint16(true) * 0x1_0000_0000;
    default:
      return kind satisfies never;
  }
}

function floatOf(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.length === 8 ? view.getFloat64(0, true) : bytes.length === 4 ? view.getFloat32(0, true) : 0;
}

function littleNumber(cursor: ByteCursor, bytes: 0 | 1 | 2 | 4): number {
  switch (bytes) {
    case 0:
      return 0;
    case 1:
      return cursor.uint8();
    case 2:
      return cursor.uint16(true);
    default:
      return cursor.uint32(true);
  }
}
