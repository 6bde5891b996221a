import { word16 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { CONFIRMED, DEVICE_PROPERTIES, UNCONFIRMED } from './choices.ts';

/** BACnet/IP (annex J.2): type, function, length. */
export const BVLC_IP = 0x81;
const FORWARDED_NPDU = 0x04;
/** Functions up to this manage broadcasts; from here on they carry a message (annex J.2.10). */
const FIRST_CARRYING = 0x09;
const LAST_FUNCTION = 0x0c;
const NPDU_VERSION = 1;
const NETWORK_MESSAGE = 0x80;
const DESTINATION = 0x20;
const SOURCE = 0x08;
const SEGMENTED = 0x08;
const DEVICE_OBJECT = 8;
const CHARACTER_STRING = 7;
const UCS_2 = 4;

/** §20.1.2: type of the APDU is its upper four bits. */
const APDU_TYPES = [
  'confirmed-request',
  'unconfirmed-request',
  'acknowledgement',
  'complex-acknowledgement',
  'segment-acknowledgement',
  'error',
  'reject',
  'abort',
] as const;

/** One message. */
export interface BacnetMessage {
  readonly kind: (typeof APDU_TYPES)[number] | 'network-message' | 'broadcast-management';
  readonly service: string;
  /** Answers have the invoke id of their request; −1 where there is none. */
  readonly invokeId: number;
  /** Instance of the device object and vendor id of I-Am; −1 otherwise. */
  readonly deviceInstance: number;
  readonly vendorId: number;
  /** `name=value` of the device properties that an answer tells. */
  readonly properties: readonly string[];
}

const EMPTY = { service: '', invokeId: -1, deviceInstance: -1, vendorId: -1, properties: [] } as const;

/** @returns undefined for what is no BACnet/IP message; later segments of an answer tell nothing new and give none either */
export function parseBacnet(bytes: Uint8Array): BacnetMessage | undefined {
  const [type, bvlc = 0xff] = bytes;
  if (type !== BVLC_IP || bvlc > LAST_FUNCTION || bytes.length < 4) return undefined;
  if (bvlc !== FORWARDED_NPDU && bvlc < FIRST_CARRYING) return { ...EMPTY, kind: 'broadcast-management' };
  return parseNetworkUnit(bytes.subarray(bvlc === FORWARDED_NPDU ? 10 : 4));
}

/** §6.2: version, control, then destination, source and hop count as the control octet says. */
function parseNetworkUnit(unit: Uint8Array): BacnetMessage | undefined {
  if (unit[0] !== NPDU_VERSION || unit.length < 2) return undefined;
  const control = unit[1] ?? 0;
  let offset = 2;
  if ((control & DESTINATION) !== 0) offset += 3 + (unit[offset + 2] ?? 0);
  if ((control & SOURCE) !== 0) offset += 3 + (unit[offset + 2] ?? 0);
  if ((control & DESTINATION) !== 0) offset += 1;
  if (offset >= unit.length) return undefined;
  if ((control & NETWORK_MESSAGE) !== 0) return { ...EMPTY, kind: 'network-message' };
  return parseApplicationUnit(unit.subarray(offset));
}

/** §20.1.3 to §20.1.9. */
function parseApplicationUnit(unit: Uint8Array): BacnetMessage | undefined {
  const type = (unit[0] ?? 0) >>> 4;
  const kind = APDU_TYPES[type];
  if (kind === undefined) return undefined;
  if (kind === 'unconfirmed-request') {
    const service = UNCONFIRMED[unit[1] ?? -1] ?? '';
    return { ...EMPTY, kind, service, ...(service === 'i-am' ? readIAm(unit) : {}) };
  }
  const isRequest = kind === 'confirmed-request';
  const isComplex = kind === 'complex-acknowledgement';
  const isSegmented = (isRequest || isComplex) && ((unit[0] ?? 0) & SEGMENTED) !== 0;
  if (isSegmented && (unit[isRequest ? 3 : 2] ?? 0) > 0) return undefined;
  const choice = (isRequest ? 3 : 2) + (isSegmented ? 2 : 0);
  const hasChoice = isRequest || isComplex || kind === 'acknowledgement' || kind === 'error';
  const service = hasChoice ? (CONFIRMED[unit[choice] ?? -1] ?? '') : '';
  const properties = isComplex && service === 'read-property' ? readProperty(unit, choice + 1) : [];
  return { ...EMPTY, kind, service, invokeId: unit[isRequest ? 2 : 1] ?? -1, properties };
}

/** §16.10.1: object identifier, maximum APDU length, segmentation, vendor id; each with its application tag. */
function readIAm(unit: Uint8Array): Pick<BacnetMessage, 'deviceInstance' | 'vendorId'> | undefined {
  if (unit[2] !== 0xc4) return undefined;
  const identifier = word16(unit, 3) * 0x10000 + word16(unit, 5);
  let offset = 7;
  const numbers: number[] = [];
  for (let index = 0; index < 3; index++) {
    const length = (unit[offset] ?? 0) & 7;
    numbers.push(length === 1 ? (unit[offset + 1] ?? 0) : word16(unit, offset + 1));
    offset += 1 + length;
  }
  return { deviceInstance: identifier & 0x3fffff, vendorId: numbers[2] ?? -1 };
}

/** §15.5.1.2: object (context tag 0), property (1), value between opening and closing tag 3; only of the device itself. */
function readProperty(unit: Uint8Array, start: number): readonly string[] {
  if (unit[start] !== 0x0c) return [];
  const objectType = word16(unit, start + 1) >>> 6;
  if (objectType !== DEVICE_OBJECT || unit[start + 5] !== 0x19) return [];
  const name = DEVICE_PROPERTIES[unit[start + 6] ?? -1];
  if (name === undefined || unit[start + 7] !== 0x3e) return [];
  // Application tag with extended length where it is 5 or more, then the character set.
  const tag = unit[start + 8] ?? 0;
  if (tag >>> 4 !== CHARACTER_STRING) return [];
  const isExtended = (tag & 7) === 5;
  const length = isExtended ? (unit[start + 9] ?? 0) : tag & 7;
  const offset = start + (isExtended ? 10 : 9);
  const value = cleanText(decodeText(unit.subarray(offset + 1, offset + length), unit[offset] ?? 0), 128);
  return value === '' ? [] : [`${name}=${value}`];
}

/** §20.2.9: the character set comes first; 4 is UCS-2, big endian. */
function decodeText(text: Uint8Array, characterSet: number): string {
  if (characterSet !== UCS_2) return latin1(text);
  return Buffer.from(text.subarray(0, text.length & ~1))
    .swap16()
    .toString('utf16le');
}
