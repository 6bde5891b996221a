import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { SERVICES } from './services.ts';

/** Message type, chunk type, size (part 6 §7.1.2.2). */
export const HEADER_BYTES = 8;
const FINAL = 0x46;
/** Channel, token, sequence number (part 6 §6.7.2). */
const BEFORE_REQUEST_ID = 12;
const MAXIMUM_STRING = 512;
const NULL_STRING = 0xffffffff;

export const MESSAGE_TYPES: Readonly<Record<string, string>> = {
  HEL: 'hello',
  ACK: 'acknowledge',
  ERR: 'error',
  RHE: 'reverse-hello',
  OPN: 'open-secure-channel',
  CLO: 'close-secure-channel',
  MSG: 'message',
};

/** One chunk. */
export interface OpcUaMessage {
  readonly isRequest: boolean;
  readonly type: string;
  /** Address under which the server was asked; without query. */
  readonly endpoint: string;
  /** End of the security policy URI: `None`, `Basic256Sha256` … */
  readonly securityPolicy: string;
  /** Service of a message in clear. */
  readonly service: string;
  readonly requestId: number;
  /** Status code of an error, or of the header of a response in clear; 0 is good. */
  readonly status: number;
}

const EMPTY = { endpoint: '', securityPolicy: '', service: '', requestId: 0, status: 0 } as const;

/**
 * @param isClear whether the secure channel has the security policy None, so that bodies can be read
 * @returns undefined for the first chunks of a message in several
 */
export function parseOpcUa(chunk: Uint8Array, isToServer: boolean, isClear: boolean): OpcUaMessage | undefined {
  const code = latin1(chunk, 0, 3);
  if (chunk[3] !== FINAL) return undefined;
  const cursor = new ByteCursor(chunk, HEADER_BYTES);
  const message = { ...EMPTY, type: MESSAGE_TYPES[code] ?? '', isRequest: isToServer };
  switch (code) {
    case 'HEL':
      cursor.skip(20);
      return { ...message, endpoint: readString(cursor).replace(/\?.*$/, '') };
    case 'ERR':
      return { ...message, status: cursor.uint32(true) };
    case 'OPN':
      cursor.skip(4);
      return { ...message, securityPolicy: readString(cursor).replace(/^.*#/, '') };
    case 'MSG': {
      cursor.skip(BEFORE_REQUEST_ID);
      const requestId = cursor.uint32(true);
      return { ...message, requestId, ...(isClear ? readService(cursor, isToServer) : {}) };
    }
    default:
      return message;
  }
}

/** A four-byte node id (part 6 §5.2.2.9), then the header: of a response its time, handle and result (part 4 §7.33). */
function readService(cursor: ByteCursor, isRequest: boolean): Pick<OpcUaMessage, 'service' | 'status'> {
  const isFourByte = cursor.uint8() === 1 && cursor.uint8() === 0;
  const service = isFourByte ? (SERVICES[cursor.uint16(true)] ?? '') : '';
  if (isRequest || service === '') return { service, status: 0 };
  cursor.skip(12);
  return { service, status: cursor.uint32(true) };
}

/** Part 6 §5.2.2.4: length (−1 for null), then UTF-8. */
function readString(cursor: ByteCursor): string {
  const length = cursor.uint32(true);
  return length === NULL_STRING ? '' : cleanText(latin1(cursor.slice(Math.min(length, MAXIMUM_STRING))), 256);
}
