import { word16, word32 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';

/** Attributes of a device in the nomenclature that personal and bedside devices share (ISO/IEEE 11073-10101, partition 1). */
const ID_MODEL = 0x0928;
const PRODUCTION_SPECIFICATION = 0x092d;
const SYSTEM_TYPE_SPECIFICATIONS = 0x0a5a;
const MAXIMUM_ATTRIBUTES = 64;
const MAXIMUM_ENTRIES = 32;
const MAXIMUM_TEXT = 64;
/** Kinds of entries of a production specification (ISO/IEEE 11073-20601 §A.4). */
const SERIAL_NUMBER = 1;
const VERSIONS: Readonly<Record<number, string>> = { 3: 'hardware', 4: 'software', 5: 'firmware' };

/** What a device says of itself; nothing of whom it measures is among this. */
export interface DeviceIdentity {
  readonly manufacturer: string;
  readonly model: string;
  readonly serial: string;
  /** Versions with what they are of: `software 1.2`. */
  readonly versions: readonly string[];
  /** Codes of the device specializations that it follows. */
  readonly specializations: readonly number[];
}

export const NO_IDENTITY: DeviceIdentity = {
  manufacturer: '',
  model: '',
  serial: '',
  versions: [],
  specializations: [],
};

/** @param list count, length, then attributes (ISO/IEEE 11073-20601 §A.2 AttributeList, the same in Philips' Data Export) */
export function readIdentity(list: Uint8Array): DeviceIdentity {
  let identity = NO_IDENTITY;
  const count = Math.min(word16(list, 0), MAXIMUM_ATTRIBUTES);
  for (let index = 0, offset = 4; index < count && offset + 4 <= list.length; index++) {
    const length = word16(list, offset + 2);
    const value = list.subarray(offset + 4, offset + 4 + length);
    identity = { ...identity, ...readAttribute(word16(list, offset), value) };
    offset += 4 + length;
  }
  return identity;
}

function readAttribute(id: number, value: Uint8Array): Partial<DeviceIdentity> {
  switch (id) {
    case ID_MODEL: {
      const manufacturer = octets(value, 0);
      return { manufacturer: textOf(manufacturer), model: textOf(octets(value, 2 + manufacturer.length)) };
    }
    case PRODUCTION_SPECIFICATION:
      return readProduction(value);
    case SYSTEM_TYPE_SPECIFICATIONS:
      return { specializations: entriesOf(value).map((entry) => word16(entry, 0)) };
    default:
      return {};
  }
}

/** Kind of entry, component, text with its length in front. */
function readProduction(value: Uint8Array): Partial<DeviceIdentity> {
  let serial = '';
  const versions: string[] = [];
  const count = Math.min(word16(value, 0), MAXIMUM_ENTRIES);
  for (let index = 0, offset = 4; index < count && offset + 6 <= value.length; index++) {
    const kind = word16(value, offset);
    const bytes = octets(value, offset + 4);
    const text = textOf(bytes);
    const version = VERSIONS[kind];
    if (kind === SERIAL_NUMBER && serial === '') serial = text;
    // A part that has no such version fills the place with dashes.
    if (version !== undefined && /[A-Za-z0-9]/.test(text)) versions.push(`${version} ${text}`);
    offset += 6 + bytes.length;
  }
  return { serial, versions: [...new Set(versions)] };
}

/** Entries of four bytes behind count and length. */
function entriesOf(value: Uint8Array): readonly Uint8Array[] {
  const count = Math.min(word16(value, 0), MAXIMUM_ENTRIES, Math.floor(Math.max(0, value.length - 4) / 4));
  return Array.from({ length: count }, (_, index) => value.subarray(4 + index * 4, 8 + index * 4));
}

function octets(value: Uint8Array, offset: number): Uint8Array {
  return value.subarray(offset + 2, offset + 2 + word16(value, offset));
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return cleanText(latin1(bytes, 0, end < 0 ? bytes.length : end), MAXIMUM_TEXT);
}

/** Eight bytes as they are usually written: `00-1C-05-FF-FE-12-34-56`. */
export function systemId(bytes: Uint8Array, offset: number): string {
  if (bytes.length < offset + 8 || (word32(bytes, offset) === 0 && word32(bytes, offset + 4) === 0)) return '';
  return Array.from(bytes.subarray(offset, offset + 8), (byte) =>
    byte.toString(16).toUpperCase().padStart(2, '0'),
  ).join('-');
}
