import { ByteCursor } from '../bytes/byte-cursor.ts';
import { word16, word32 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom, type MessageReader } from '../framed-room.ts';
import type { Detection, Direction, ParserContext, ProtocolRecord } from '../protocol.ts';

/** PostgreSQL documentation §55.7: requests in the place of a protocol version. */
const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;
const VERSION_3 = 3;
const MAXIMUM_STARTUP = 10_000;
const MAXIMUM_MESSAGE = 1 << 30;

/** Authentication requests (§55.7). */
const AUTHENTICATION: Readonly<Record<number, string>> = {
  0: 'accepted',
  2: 'kerberos',
  3: 'clear-text-password',
  5: 'md5',
  7: 'gss',
  9: 'sspi',
  10: 'sasl',
};

export interface PostgresqlRecord extends ProtocolRecord {
  readonly protocol: 'postgresql';
  readonly activity:
    | 'startup'
    | 'tls-request'
    | 'tls-answer'
    | 'authentication'
    | 'parameter'
    | 'refused'
    | 'query'
    | 'answer';
  /** Method that is asked for. */
  readonly authentication: string;
  readonly acceptsTls: boolean;
  /** `server_version` of the server. */
  readonly version: string;
  /** SQLSTATE of an error, command of an answer (`SELECT`). */
  readonly code: string;
}

const EMPTY = { protocol: 'postgresql', authentication: '', acceptsTls: false, version: '', code: '' } as const;

/** Start, method, version, and of queries only that they are asked and what became of them. */
const reader: MessageReader<PostgresqlRecord> = {
  message(message: Uint8Array, direction: Direction, context: ParserContext<PostgresqlRecord>): boolean {
    const emit = (record: Partial<PostgresqlRecord> & Pick<PostgresqlRecord, 'activity'>) =>
      context.emit({ ...EMPTY, ...record }, direction);
    const type = latin1(message, 0, 1);
    if (direction === 'to-server') {
      if (message[0] === 0) {
        const code = word32(message, 4);
        const isTls = code === SSL_REQUEST || code === GSS_REQUEST;
        if (code !== CANCEL_REQUEST) emit({ activity: isTls ? 'tls-request' : 'startup' });
      } else if (type === 'Q') {
        emit({ activity: 'query' });
        context.inspect?.(direction, { protocol: 'postgresql', buffers: { 'pgsql.query': [message.slice(5, -1)] } });
      }
      return true;
    }
    if (message.length === 1) {
      emit({ activity: 'tls-answer', acceptsTls: type === 'S' || type === 'G' });
      return type === 'N';
    }
    const cursor = new ByteCursor(message, 5);
    if (type === 'R') emit({ activity: 'authentication', authentication: AUTHENTICATION[cursor.uint32()] ?? '' });
    else if (type === 'S') {
      const [name, value = ''] = latin1(message, 5).split('\0');
      if (name === 'server_version') emit({ activity: 'parameter', version: cleanText(value, 64) });
    } else if (type === 'E')
      emit({ activity: 'refused', code: /(?:^|\0)C(\w{5})\0/.exec(latin1(message, 5))?.[1] ?? '' });
    else if (type === 'C') emit({ activity: 'answer', code: /^[A-Z]{2,12}/.exec(latin1(message, 5))?.[0] ?? '' });
    return true;
  },
};

/** A start packet has no type; an answer to a request for encryption is one byte, which the byte behind tells apart. */
function messageLength(header: Uint8Array, direction: Direction): number | 'more' | undefined {
  const [type = 0, next] = header;
  if (direction === 'to-server' && type === 0) {
    if (header.length < 8) return 'more';
    const length = word32(header, 0);
    return length >= 8 && length <= MAXIMUM_STARTUP ? length : undefined;
  }
  const isAnswer = type === 0x4e || type === 0x53 || type === 0x47;
  if (direction === 'to-client' && isAnswer) {
    if (next === undefined) return 'more';
    if (next !== 0) return 1;
  }
  if (!/[A-Za-z]/.test(String.fromCharCode(type))) return undefined;
  if (header.length < 5) return 'more';
  const length = word32(header, 1);
  return length >= 4 && length <= MAXIMUM_MESSAGE ? length + 1 : undefined;
}

function recognise(message: Uint8Array, _sample: unknown, direction: Direction): Detection {
  if (direction === 'to-client') {
    const isMethod = message[0] === 0x52 && message.length >= 9 && word32(message, 5) in AUTHENTICATION;
    const isError = message[0] === 0x45 && /^S(?:FATAL|ERROR|PANIC)\0/.test(latin1(message, 5));
    if (isMethod || isError) return 'match';
    return message.length === 1 ? 'undecided' : 'reject';
  }
  const code = word32(message, 4);
  if (message[0] !== 0) return 'reject';
  if (message.length === 8) return code === SSL_REQUEST || code === GSS_REQUEST ? 'match' : 'reject';
  const isStartup =
    word16(message, 4) === VERSION_3 &&
    /^(?:user|database|application_name|client_encoding)\0/.test(latin1(message, 8));
  return isStartup ? 'match' : 'reject';
}

export const postgresql = defineFramedRoom<PostgresqlRecord>({
  id: 'postgresql',
  title: 'PostgreSQL',
  standards: ['PostgreSQL 17 documentation §55.2 (message flow), §55.7 (message formats)'],
  transports: ['tcp'],
  usualPorts: [5432],
  headerBytes: 1,
  maximumBytes: 8192,
  messageLength,
  recognise,
  createReader: () => reader,
  evidence: ({ authentication, version, activity, acceptsTls }) => [
    ...(authentication === 'accepted' ? [] : draft('postgresql.authentication', authentication, 'server')),
    ...draft('postgresql.version', version, 'server'),
    ...(activity === 'tls-answer' ? draft('postgresql.tls', acceptsTls ? 'accepted' : 'none', 'server') : []),
  ],
});
