import { word16 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';

export const TPKT_BYTES = 4;
const COTP_CONNECTION_REQUEST = 0xe0;
const COTP_CONNECTION_CONFIRM = 0xd0;
const COTP_DATA = 0xf0;
const S7 = 0x32;
const S7_PLUS = 0x72;
const JOB = 1;
const ACKNOWLEDGEMENT = 2;
const ACKNOWLEDGEMENT_DATA = 3;
const USER_DATA = 7;
/** Module identification and component identification in the system status lists. */
const SZL_MODULE = 0x0011;
const SZL_COMPONENT = 0x001c;
const MAXIMUM_LIST_RECORDS = 16;

/** One side of a transaction. */
export interface S7Message {
  readonly kind: 'connect' | 'job' | 'user-data' | 's7-plus';
  readonly isRequest: boolean;
  /** PDU reference: an answer has that of its job. */
  readonly reference: number;
  /** −1 where there is none. */
  readonly function: number;
  /** Error class and code of an answer; 0 is success. */
  readonly error: number;
  /** Order number and names of the controller, from its system status lists. */
  readonly device: readonly string[];
}

const EMPTY = { reference: 0, function: -1, error: 0, device: [] } as const;

/** @returns undefined for what carries no S7 message */
export function parseS7(packet: Uint8Array, isToServer: boolean): S7Message | undefined {
  const headerLength = packet[TPKT_BYTES] ?? 0;
  const type = (packet[TPKT_BYTES + 1] ?? 0) & 0xf0;
  if (type === COTP_CONNECTION_REQUEST) return { ...EMPTY, kind: 'connect', isRequest: true };
  if (type === COTP_CONNECTION_CONFIRM) return { ...EMPTY, kind: 'connect', isRequest: false };
  if (type !== COTP_DATA) return undefined;
  const message = packet.subarray(TPKT_BYTES + 1 + headerLength);
  if (message[0] === S7_PLUS) return { ...EMPTY, kind: 's7-plus', isRequest: isToServer };
  return message[0] === S7 ? parseClassic(message, isToServer) : undefined;
}

/** Protocol id, kind, reserved, reference, lengths of parameters and data; answers add an error. */
function parseClassic(message: Uint8Array, isToServer: boolean): S7Message | undefined {
  const type = message[1] ?? 0;
  const reference = word16(message, 4);
  if (type === USER_DATA) {
    const device = isToServer ? [] : statusList(message, 10 + word16(message, 6));
    return { ...EMPTY, kind: 'user-data', isRequest: isToServer, reference, function: 0, device };
  }
  if (type === JOB) return { ...EMPTY, kind: 'job', isRequest: true, reference, function: message[10] ?? -1 };
  if (type !== ACKNOWLEDGEMENT && type !== ACKNOWLEDGEMENT_DATA) return undefined;
  const code = message[12] ?? -1;
  return { ...EMPTY, kind: 'job', isRequest: false, reference, function: code, error: word16(message, 10) };
}

/** @param offset of the data: return code, transport size, length; then list id, index, record length and count */
function statusList(message: Uint8Array, offset: number): readonly string[] {
  if (message[offset] !== 0xff) return [];
  const list = word16(message, offset + 4);
  const length = word16(message, offset + 8);
  if ((list !== SZL_MODULE && list !== SZL_COMPONENT) || length < 4) return [];
  const count = Math.min(word16(message, offset + 10), MAXIMUM_LIST_RECORDS);
  const texts: string[] = [];
  for (let index = 0; index < count; index++) {
    const record = offset + 12 + index * length;
    if (record + length > message.length) break;
    const end = list === SZL_MODULE ? Math.min(record + 22, record + length) : record + length;
    const text = cleanText(latin1(message, record + 2, end).replace(/\0.*$/s, ''), 64);
    if (text !== '') texts.push(text);
  }
  return texts;
}

/** TPKT and COTP carry other protocols too (RDP, H.323): S7 is told by its TSAP parameters or its own first byte. */
export function isS7(packet: Uint8Array): boolean {
  const headerLength = packet[TPKT_BYTES] ?? 0;
  const type = (packet[TPKT_BYTES + 1] ?? 0) & 0xf0;
  if (type === COTP_DATA) {
    const first = packet[TPKT_BYTES + 1 + headerLength];
    return headerLength === 2 && (first === S7 || first === S7_PLUS);
  }
  return (type === COTP_CONNECTION_REQUEST || type === COTP_CONNECTION_CONFIRM) && hasTsaps(packet, TPKT_BYTES + 7);
}

/** ISO 8073 §13.3.4: parameters 0xc1 and 0xc2 are the calling and called TSAP, here rack and slot or a SIMATIC name. */
function hasTsaps(packet: Uint8Array, start: number): boolean {
  const found = new Set<number>();
  for (let offset = start; offset + 2 <= packet.length; ) {
    const code = packet[offset] ?? 0;
    const length = packet[offset + 1] ?? 0;
    if (code === 0xc1 || code === 0xc2) {
      const isSimatic = latin1(packet, offset + 2, offset + 2 + length).startsWith('SIMATIC');
      if (length === 2 || isSimatic) found.add(code);
    } else if (code !== 0xc0) return false;
    offset += 2 + length;
  }
  return found.size === 2;
}
