import { ByteCursor } from '../bytes/byte-cursor.ts';
import { littleWord16, littleWord32, word16 } from '../bytes/match.ts';
import { cleanText } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom, type MessageReader } from '../framed-room.ts';
import type { Detection, DetectionSample, Direction, ProtocolRecord } from '../protocol.ts';

const PORT = 1433;
/** Type, status, length, server process, packet, window (MS-TDS §2.2.3.1). */
const HEADER_BYTES = 8;
const MAXIMUM_PACKET = 32_767;
const PRELOGIN = 0x12;
const LOGIN_7 = 0x10;
const ANSWER = 0x04;
const VERSION_OPTION = 0;
const ENCRYPTION_OPTION = 1;
const END_OF_OPTIONS = 0xff;
const ERROR_TOKEN = 0xaa;

const TYPES: Readonly<Record<number, TdsRecord['activity']>> = {
  1: 'batch',
  2: 'login',
  3: 'remote-procedure-call',
  [ANSWER]: 'answer',
  6: 'attention',
  7: 'bulk-load',
  8: 'federated-token',
  14: 'transaction',
  [LOGIN_7]: 'login',
  17: 'sspi',
  [PRELOGIN]: 'prelogin',
};

/** §2.2.6.5. */
const ENCRYPTION = ['login-only', 'on', 'not-supported', 'required'] as const;

/** Tokens with which an answer may begin (§2.2.7). */
const ANSWER_TOKENS = new Set([
  0x79,
  0x81,
  0xa4,
  0xa5,
  0xa9,
  ERROR_TOKEN,
  0xab,
  0xac,
  0xad,
  0xae,
  0xd1,
  0xd2,
  0xe3,
  0xe4,
  0xed,
  0xee,
  0xfd,
  0xfe,
  0xff,
]);

export interface TdsRecord extends ProtocolRecord {
  readonly protocol: 'tds';
  readonly activity:
    | 'prelogin'
    | 'login'
    | 'batch'
    | 'remote-procedure-call'
    | 'answer'
    | 'attention'
    | 'bulk-load'
    | 'federated-token'
    | 'transaction'
    | 'sspi';
  readonly isFromServer: boolean;
  /** Of the end that speaks: major.minor.build. */
  readonly version: string;
  readonly encryption: string;
  /** Client computer and program of a login; accounts are left out. */
  readonly clientHost: string;
  readonly application: string;
  /** Number of the error with which an answer begins; 0 for none. */
  readonly error: number;
}

const EMPTY = {
  protocol: 'tds',
  isFromServer: false,
  version: '',
  encryption: '',
  clientHost: '',
  application: '',
  error: 0,
} as const;

export function parseTds(packet: Uint8Array, direction: Direction): TdsRecord | undefined {
  const type = packet[0] ?? 0;
  const activity = TYPES[type];
  if (activity === undefined) return undefined;
  const body = packet.subarray(HEADER_BYTES);
  if (type === PRELOGIN || (direction === 'to-client' && type === ANSWER && isPrelogin(body))) {
    return { ...EMPTY, activity: 'prelogin', isFromServer: direction === 'to-client', ...readPrelogin(body) };
  }
  if (type === LOGIN_7) return { ...EMPTY, activity, ...readLogin(body) };
  const error = type === ANSWER && body[0] === ERROR_TOKEN ? littleWord32(body, 3) : 0;
  return { ...EMPTY, activity, isFromServer: direction === 'to-client', error };
}

function isPrelogin(body: Uint8Array): boolean {
  return body[0] === VERSION_OPTION && word16(body, 3) === 6 && word16(body, 1) < body.length;
}

/** §2.2.6.5: options of token, offset and length. */
function readPrelogin(body: Uint8Array): Partial<TdsRecord> {
  let version = '';
  let encryption = '';
  for (let offset = 0; offset + 5 <= body.length && body[offset] !== END_OF_OPTIONS; offset += 5) {
    const at = word16(body, offset + 1);
    if (at >= body.length) continue;
    if (body[offset] === VERSION_OPTION) version = `${body[at]}.${body[at + 1] ?? 0}.${word16(body, at + 2)}`;
    else if (body[offset] === ENCRYPTION_OPTION) encryption = ENCRYPTION[body[at] ?? -1] ?? '';
  }
  return { version, encryption };
}

/** §2.2.6.4: fixed part of 36 bytes, then offset and length (in characters) of each text. */
function readLogin(body: Uint8Array): Partial<TdsRecord> {
  const text = (position: number) => {
    const cursor = new ByteCursor(body, littleWord16(body, position));
    const bytes = cursor.slice(Math.min(littleWord16(body, position + 2), 128) * 2);
    return cleanText(Buffer.from(bytes).toString('utf16le'), 128);
  };
  return { clientHost: text(36), application: text(48) };
}

function recognise(packet: Uint8Array, sample: DetectionSample, direction: Direction): Detection {
  const body = packet.subarray(HEADER_BYTES);
  const type = packet[0];
  const isAtHome = sample.serverPort === PORT || sample.clientPort === PORT;
  if (type === PRELOGIN && direction === 'to-server') return isPrelogin(body) ? 'match' : isAtHome ? 'match' : 'reject';
  if (type === LOGIN_7) return littleWord32(body, 0) === word16(packet, 2) - HEADER_BYTES ? 'match' : 'reject';
  if (!isAtHome) return type === ANSWER && isPrelogin(body) ? 'match' : 'reject';
  if (type !== ANSWER) return 'match';
  return isPrelogin(body) || ANSWER_TOKENS.has(body[0] ?? 0) ? 'match' : 'reject';
}

const reader: MessageReader<TdsRecord> = {
  message(packet, direction, context) {
    const record = parseTds(packet, direction);
    if (record === undefined) return false;
    context.emit(record, direction);
    // What follows an agreement on encryption is TLS in packets of its own (§2.2.3).
    return !(direction === 'to-client' && /^(?:on|required)$/.test(record.encryption));
  },
};

export const tds = defineFramedRoom<TdsRecord>({
  id: 'tds',
  title: 'TDS (Microsoft SQL Server)',
  standards: ['MS-TDS §2.2.3 (packets), §2.2.6.4 (LOGIN7), §2.2.6.5 (PRELOGIN), §2.2.7 (tokens)'],
  transports: ['tcp'],
  usualPorts: [PORT],
  firstBytes: Object.keys(TYPES).map(Number),
  headerBytes: HEADER_BYTES,
  maximumBytes: 2048,
  messageLength: (header) => {
    const length = word16(header, 2);
    // Window is always 0; status has five bits.
    const isHeader = (header[0] ?? 0) in TYPES && (header[1] ?? 255) < 0x20 && header[7] === 0;
    return isHeader && length >= HEADER_BYTES && length <= MAXIMUM_PACKET ? length : undefined;
  },
  recognise,
  createReader: () => reader,
  evidence: tdsEvidence,
});

function tdsEvidence({ isFromServer, version, encryption, clientHost, application }: TdsRecord) {
  if (!isFromServer) {
    return [...draft('tds.client-host', clientHost, 'client'), ...draft('tds.application', application, 'client')];
  }
  return [...draft('tds.version', version, 'server'), ...draft('tds.encryption', encryption, 'server')];
}
