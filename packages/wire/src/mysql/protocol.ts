import { ByteCursor } from '../bytes/byte-cursor.ts';
import { littleWord16, littleWord32 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom, type MessageReader } from '../framed-room.ts';
import type { Direction, ParserContext, ProtocolRecord } from '../protocol.ts';

/** Length (3, little endian), sequence; then the payload. */
const HEADER_BYTES = 4;
const MAXIMUM_PACKET = 0xffffff;
const PROTOCOL_10 = 10;
const CAPABILITY_SSL = 0x800;
const CAPABILITY_PROTOCOL_41 = 0x200;
const SSL_REQUEST_BYTES = 32;
const OK = 0;
const ERROR = 0xff;

export interface MysqlRecord extends ProtocolRecord {
  readonly protocol: 'mysql';
  readonly activity: 'greeting' | 'login' | 'tls-request' | 'accepted' | 'refused';
  readonly version: string;
  readonly authentication: string;
  readonly offersTls: boolean;
  /** MySQL's own number of the reason for a refusal; 0 otherwise. */
  readonly error: number;
}

const EMPTY = { protocol: 'mysql', version: '', authentication: '', offersTls: false, error: 0 } as const;

/** Greeting, login without its names, outcome; commands and rows are never read. */
class MysqlReader implements MessageReader<MysqlRecord> {
  #isLoginSeen = false;

  message(packet: Uint8Array, direction: Direction, context: ParserContext<MysqlRecord>): boolean {
    if (direction === 'to-server') {
      if (this.#isLoginSeen) return true;
      this.#isLoginSeen = true;
      const isTls =
        packet.length === HEADER_BYTES + SSL_REQUEST_BYTES && (littleWord16(packet, 4) & CAPABILITY_SSL) !== 0;
      context.emit({ ...EMPTY, activity: isTls ? 'tls-request' : 'login' }, direction);
      return !isTls;
    }
    const type = packet[HEADER_BYTES];
    if (!this.#isLoginSeen) {
      context.emit(type === ERROR ? refusal(packet) : readGreeting(packet), direction);
      return type !== ERROR;
    }
    if (type === ERROR) context.emit(refusal(packet), direction);
    else if (type === OK) context.emit({ ...EMPTY, activity: 'accepted' }, direction);
    // Anything else asks for more of the login.
    return type !== ERROR && type !== OK;
  }
}

function refusal(packet: Uint8Array): MysqlRecord {
  return { ...EMPTY, activity: 'refused', error: littleWord16(packet, HEADER_BYTES + 1) };
}

/** Handshake version 10: version, thread, salt, filler, capabilities, collation, status, more capabilities, plugin. */
function readGreeting(packet: Uint8Array): MysqlRecord {
  const cursor = new ByteCursor(packet, HEADER_BYTES + 1);
  const end = packet.indexOf(0, cursor.offset);
  const version = cleanText(latin1(cursor.slice(Math.max(0, end - cursor.offset))), 64);
  cursor.skip(1 + 4 + 8 + 1);
  const capabilities = cursor.uint16(true);
  cursor.skip(1 + 2 + 2);
  const saltLength = cursor.uint8();
  cursor.skip(10 + Math.max(13, saltLength - 8));
  const authentication = cleanText(latin1(packet, cursor.offset).replace(/\0.*$/s, ''), 64);
  return { ...EMPTY, activity: 'greeting', version, authentication, offersTls: (capabilities & CAPABILITY_SSL) !== 0 };
}

/** Text of a version, then a zero, within the packet. */
function isGreeting(packet: Uint8Array): boolean {
  const end = packet.indexOf(0, HEADER_BYTES + 1);
  const version = end < 0 ? '' : latin1(packet, HEADER_BYTES + 1, end);
  return packet[3] === 0 && packet[HEADER_BYTES] === PROTOCOL_10 && /^\d+\.\d+[ -~]{0,60}$/.test(version);
}

function isLogin(packet: Uint8Array): boolean {
  const capabilities = littleWord32(packet, HEADER_BYTES);
  const isEmptyFiller = packet.subarray(HEADER_BYTES + 9, HEADER_BYTES + 28).every((byte) => byte === 0);
  return packet[3] === 1 && (capabilities & CAPABILITY_PROTOCOL_41) !== 0 && isEmptyFiller && packet.length >= 36;
}

export const mysql = defineFramedRoom<MysqlRecord>({
  id: 'mysql',
  title: 'MySQL and MariaDB',
  standards: ['MySQL internals: client/server protocol, connection phase (protocol version 10)'],
  transports: ['tcp'],
  usualPorts: [3306],
  headerBytes: HEADER_BYTES + 1,
  maximumBytes: 1024,
  messageLength: (header) => {
    const length = littleWord16(header, 0) + (header[2] ?? 0) * 0x10000;
    return length > 0 && length < MAXIMUM_PACKET ? length + HEADER_BYTES : undefined;
  },
  recognise: (packet, _sample, direction) => {
    const isRefusal = direction === 'to-client' && packet[3] === 0 && packet[HEADER_BYTES] === ERROR;
    if (isRefusal && /^(?:#\w{5})?Host /.test(latin1(packet, HEADER_BYTES + 3))) return 'match';
    const isKnown = direction === 'to-client' ? isGreeting(packet) : isLogin(packet);
    // The client speaks second: alone it proves nothing.
    return isKnown ? (direction === 'to-client' ? 'match' : 'undecided') : 'reject';
  },
  createReader: () => new MysqlReader(),
  evidence: ({ activity, version, authentication, offersTls }) =>
    activity === 'greeting'
      ? [
          ...draft('mysql.version', version, 'server'),
          ...draft('mysql.authentication', authentication, 'server'),
          ...draft('mysql.tls', offersTls ? 'offered' : 'none', 'server'),
        ]
      : [],
});
