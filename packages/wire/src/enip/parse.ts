import { ByteCursor } from '../bytes/byte-cursor.ts';
import { littleWord16, littleWord32 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';

/** Command, length, session, status, sender context, options (CIP volume 2 §2-3). */
export const HEADER_BYTES = 24;
const SEND_RR_DATA = 0x6f;
const SEND_UNIT_DATA = 0x70;
const LIST_IDENTITY = 0x63;
const IDENTITY_ITEM = 0x0c;
const CONNECTED_DATA_ITEM = 0xb1;
const UNCONNECTED_DATA_ITEM = 0xb2;
const REPLY = 0x80;
const MAXIMUM_ITEMS = 8;

export interface Identity {
  readonly vendorId: number;
  readonly deviceType: number;
  readonly productCode: number;
  readonly revision: string;
  /** Hexadecimal, eight digits. */
  readonly serial: string;
  readonly productName: string;
}

/** One encapsulation message. */
export interface EnipMessage {
  readonly isRequest: boolean;
  readonly command: number;
  readonly session: number;
  readonly status: number;
  /** Shared by a message and its answer: sender context, or the sequence count of a connection. */
  readonly key: string;
  /** CIP service inside, without the reply bit; −1 where there is none. */
  readonly service: number;
  /** General status of a CIP reply (volume 1, appendix B); 0 in requests. */
  readonly generalStatus: number;
  /** Class that a request addresses; −1 where it names none. */
  readonly classId: number;
  readonly identity: Identity | undefined;
}

export function parseEnip(message: Uint8Array, isRequest: boolean): EnipMessage {
  const command = littleWord16(message, 0);
  const items = readItems(message, command);
  const cip = items.find(({ type }) => type === CONNECTED_DATA_ITEM || type === UNCONNECTED_DATA_ITEM);
  const isConnected = cip?.type === CONNECTED_DATA_ITEM;
  // A connected item begins with its sequence count (volume 2 §2-6.3.3).
  const request = isConnected ? cip.data.subarray(2) : cip?.data;
  const code = request?.[0] ?? -1;
  const isReply = code >= REPLY;
  const identity = items.find(({ type }) => type === IDENTITY_ITEM);
  const context = Buffer.from(message.subarray(12, 20)).toString('hex');
  return {
    isRequest,
    command,
    session: littleWord32(message, 4),
    status: littleWord32(message, 8),
    key: `${command} ${isConnected ? littleWord16(cip.data, 0) : context}`,
    service: code < 0 ? -1 : code & ~REPLY,
    generalStatus: isReply ? (request?.[2] ?? 0) : 0,
    classId: request === undefined || isReply ? -1 : classOf(request),
    identity: identity === undefined ? undefined : readIdentity(identity.data),
  };
}

interface Item {
  readonly type: number;
  readonly data: Uint8Array;
}

/** Common packet format (volume 2 §2-6): count, then type, length and data of each. */
function readItems(message: Uint8Array, command: number): readonly Item[] {
  const isData = command === SEND_RR_DATA || command === SEND_UNIT_DATA;
  if (!isData && command !== LIST_IDENTITY) return [];
  // Interface handle and timeout precede the items of data commands.
  const cursor = new ByteCursor(message, isData ? HEADER_BYTES + 6 : HEADER_BYTES);
  const items: Item[] = [];
  for (let left = Math.min(cursor.uint16(true), MAXIMUM_ITEMS); left > 0 && !cursor.isBroken; left--) {
    const type = cursor.uint16(true);
    const data = cursor.slice(cursor.uint16(true));
    if (!cursor.isBroken) items.push({ type, data });
  }
  return items;
}

/** Request path: length in words, then segments; 0x20 and 0x21 are an 8 and 16 bit class (volume 1 §C-1.4.2). */
function classOf(request: Uint8Array): number {
  if (request[2] === 0x20) return request[3] ?? -1;
  return request[2] === 0x21 ? littleWord16(request, 4) : -1;
}

/** Volume 2 §2-4.2: version, socket address, vendor, type, code, revision, status, serial, name, state. */
function readIdentity(data: Uint8Array): Identity | undefined {
  const cursor = new ByteCursor(data, 2);
  cursor.skip(16);
  const vendorId = cursor.uint16(true);
  const deviceType = cursor.uint16(true);
  const productCode = cursor.uint16(true);
  const revision = `${cursor.uint8()}.${cursor.uint8()}`;
  cursor.skip(2);
  const serial = cursor.uint32(true).toString(16).padStart(8, '0');
  const productName = cleanText(latin1(cursor.slice(cursor.uint8())), 64);
  if (cursor.isBroken) return undefined;
  return { vendorId, deviceType, productCode, revision, serial, productName };
}
