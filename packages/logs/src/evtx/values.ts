import type { LogScalar, LogValue } from '../log-value.ts';
import { DamagedError } from './damaged-error.ts';

/* Values of BinXML: [MS-EVEN6] 2.2.15 to 2.2.19, and libyal's description of the format (libevtx, "Value types"). */

const ARRAY = 0x80;
const STRING = 0x01;
const BINXML = 0x21;

/** Seconds between 1601-01-01 and 1970-01-01. */
const FILETIME_EPOCH_SECONDS = 11_644_473_600n;
const TICKS_PER_SECOND = 10_000_000n;

/** Bytes of one value of the types that have a fixed size; those of an array are read by them. */
const SIZES: Readonly<Record<number, number>> = {
  3: 1,
  4: 1,
  5: 2,
  6: 2,
  7: 4,
  8: 4,
  9: 8,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  15: 16,
  17: 8,
  18: 16,
  20: 4,
  21: 8,
};

export function isBinXml(type: number): boolean {
  return type === BINXML;
}

/**
 * @param type type of the value, with the bit of arrays
 * @param size bytes that it takes
 * @returns the value; undefined for the type "null" and for values of no bytes that cannot be empty
 * @throws DamagedError for a type that is unknown, or bytes that are too few for it
 */
export function readValue(view: Buffer, type: number, offset: number, size: number): LogValue | undefined {
  if (offset + size > view.length) throw new DamagedError('a value reaches beyond its chunk');
  if ((type & ARRAY) === 0) return readScalar(view, type, offset, size);
  const element = type & ~ARRAY;
  if (element === STRING) return readStrings(view, offset, size);
  const step = SIZES[element];
  if (step === undefined) throw new DamagedError(`arrays of type ${element} are unknown`);
  const values: LogScalar[] = [];
  for (let at = 0; at + step <= size; at += step) values.push(readScalar(view, element, offset + at, step) ?? null);
  return values;
}

function readScalar(view: Buffer, type: number, offset: number, size: number): LogScalar | undefined {
  if (type === 0) return undefined;
  const fixed = SIZES[type];
  if (fixed !== undefined && size < fixed) {
    if (size === 0) return undefined;
    throw new DamagedError(`${size} bytes are too few for type ${type}`);
  }
  switch (type) {
    case 0x01:
      return readText(view, offset, size);
    case 0x02:
      return untilNull(view.toString('latin1', offset, offset + size));
    case 0x03:
      return view.readInt8(offset);
    case 0x04:
      return view.readUInt8(offset);
    case 0x05:
      return view.readInt16LE(offset);
    case 0x06:
      return view.readUInt16LE(offset);
    case 0x07:
      return view.readInt32LE(offset);
    case 0x08:
      return view.readUInt32LE(offset);
    case 0x09:
      return exactNumber(view.readBigInt64LE(offset));
    case 0x0a:
      return exactNumber(view.readBigUInt64LE(offset));
    case 0x0b:
      return view.readFloatLE(offset);
    case 0x0c:
      return view.readDoubleLE(offset);
    case 0x0d:
      return view.readUInt32LE(offset) !== 0;
    case 0x0e:
      return view.toString('hex', offset, offset + size).toUpperCase();
    case 0x0f:
      return readGuid(view, offset);
    case 0x10:
    case 0x20:
      return readPointer(view, offset, size);
    case 0x11:
      return readFileTime(view, offset);
    case 0x12:
      return readSystemTime(view, offset);
    case 0x13:
      return readSid(view, offset, size);
    case 0x14:
      return `0x${view.readUInt32LE(offset).toString(16)}`;
    case 0x15:
      return `0x${view.readBigUInt64LE(offset).toString(16)}`;
    case 0x23:
      return readText(view, offset, size);
    default:
      throw new DamagedError(`value type ${type} is unknown`);
  }
}

/** @returns UTF-16 text up to its terminating zero, if it has one */
export function readText(view: Buffer, offset: number, size: number): string {
  return untilNull(view.toString('utf16le', offset, offset + (size & ~1)));
}

function untilNull(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

function readStrings(view: Buffer, offset: number, size: number): readonly string[] {
  const text = view.toString('utf16le', offset, offset + (size & ~1));
  return (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0');
}

/** Numbers that JavaScript cannot hold exactly are text. */
function exactNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function readPointer(view: Buffer, offset: number, size: number): string | undefined {
  if (size === 4) return `0x${view.readUInt32LE(offset).toString(16)}`;
  if (size >= 8) return `0x${view.readBigUInt64LE(offset).toString(16)}`;
  return undefined;
}

/** @returns `{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}` as Windows writes it in XML */
function readGuid(view: Buffer, offset: number): string {
  const hex = (from: number, to: number) => view.toString('hex', offset + from, offset + to);
  const first = view.readUInt32LE(offset).toString(16).padStart(8, '0');
  const second = view
    .readUInt16LE(offset + 4)
    .toString(16)
    .padStart(4, '0');
  const third = view
    .readUInt16LE(offset + 6)
    .toString(16)
    .padStart(4, '0');
  return `{${first}-${second}-${third}-${hex(8, 10)}-${hex(10, 16)}}`;
}

/** @returns time in UTC to 100 ns, as in `SystemTime` of Windows' XML; a time out of JavaScript's reach as its number */
function readFileTime(view: Buffer, offset: number): string {
  const ticks = view.readBigUInt64LE(offset);
  const seconds = ticks / TICKS_PER_SECOND - FILETIME_EPOCH_SECONDS;
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return ticks.toString();
  return `${date.toISOString().slice(0, -5)}.${(ticks % TICKS_PER_SECOND).toString().padStart(7, '0')}Z`;
}

/** @returns milliseconds since 1970 of a FILETIME; NaN where JavaScript knows no such date */
export function readFileTimeMs(view: Buffer, offset: number): number {
  const ms = Number(view.readBigUInt64LE(offset) / 10_000n - FILETIME_EPOCH_SECONDS * 1000n);
  return new Date(ms).getTime();
}

function readSystemTime(view: Buffer, offset: number): string {
  const part = (index: number) => view.readUInt16LE(offset + index * 2);
  const two = (index: number) => String(part(index)).padStart(2, '0');
  const day = `${String(part(0)).padStart(4, '0')}-${two(1)}-${two(3)}`;
  return `${day}T${two(4)}:${two(5)}:${two(6)}.${String(part(7)).padStart(3, '0')}Z`;
}

function readSid(view: Buffer, offset: number, size: number): string | undefined {
  if (size < 8) return undefined;
  const count = view.readUInt8(offset + 1);
  if (size < 8 + count * 4) throw new DamagedError('a SID is longer than its bytes');
  const authority = view.readUIntBE(offset + 2, 6);
  const parts = Array.from({ length: count }, (_, index) => view.readUInt32LE(offset + 8 + index * 4));
  return ['S', view.readUInt8(offset), authority, ...parts].join('-');
}
