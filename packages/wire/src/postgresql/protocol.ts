import { word16, word32 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom, type FramedRoom, type MessageReader } from '../framed-room.ts';
import type { Detection, Direction, ParserContext, Protocol, StreamParser, StreamState } from '../protocol.ts';
import { PostgresqlExchanges } from './exchanges.ts';
import {
  CANCEL_REQUEST,
  GSS_REQUEST,
  type PgRequest,
  type PgResponse,
  parseRequest,
  parseResponse,
  SSL_REQUEST,
} from './messages.ts';
import type { PostgresqlRecord, PostgresqlSessionRecord } from './types.ts';

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

const EMPTY = { protocol: 'postgresql', authentication: '', acceptsTls: false, version: '', code: '' } as const;
const SERVER_VERSION = 'server_version';

/** Start, method, version; of queries what became of them. Statements are shown to rules, and told where a log wants them. */
class PostgresqlReader implements MessageReader<PostgresqlRecord> {
  #exchanges: PostgresqlExchanges | undefined;
  /** That the server asked for last. */
  #authentication = 0;
  #isOpen = false;
  /** Encryption that the client waits to be allowed: the answer is one byte. */
  asked: 'tls' | 'gss' | undefined;
  encryption: 'tls' | 'gss' | undefined;

  message(message: Uint8Array, direction: Direction, context: ParserContext<PostgresqlRecord>): boolean {
    this.#exchanges ??= new PostgresqlExchanges(context);
    if (direction === 'to-server') {
      const request = parseRequest(message, this.#authentication);
      if (request === undefined) return true;
      this.#exchanges.request(request);
      this.#asked(request, context);
      return true;
    }
    const response = parseResponse(message);
    if (response === undefined) return true;
    this.#answered(response, context);
    this.#exchanges.response(response);
    return this.encryption === undefined;
  }

  end(): void {
    this.#exchanges?.end();
  }

  #asked(request: PgRequest, context: ParserContext<PostgresqlRecord>): void {
    if (request.kind === 'tls' || request.kind === 'gss') {
      this.asked = request.kind;
      context.emit({ ...EMPTY, activity: `${request.kind}-request` }, 'to-server');
    } else if (request.kind === 'startup') context.emit({ ...EMPTY, activity: 'startup' }, 'to-server');
    else if (request.kind === 'query' && context.inspect !== undefined) {
      const buffers = { 'pgsql.query': [request.statement] };
      context.inspect('to-server', { protocol: 'postgresql', buffers });
    }
  }

  #answered(response: PgResponse, context: ParserContext<PostgresqlRecord>): void {
    const emit = (record: Partial<PostgresqlSessionRecord> & Pick<PostgresqlSessionRecord, 'activity'>) =>
      context.emit({ ...EMPTY, ...record }, 'to-client');
    if (response.kind === 'tls') {
      const asked = this.asked ?? 'tls';
      this.asked = undefined;
      this.encryption = response.isAccepted ? asked : undefined;
      emit({ activity: `${asked}-answer`, acceptsTls: response.isAccepted && asked === 'tls' });
    } else if (response.kind === 'authentication') {
      this.#authentication = response.method;
      this.#isOpen ||= response.method === 0;
      emit({ activity: 'authentication', authentication: AUTHENTICATION[response.method] ?? '' });
    } else if (response.kind === 'parameter' && response.parameter.name === SERVER_VERSION) {
      emit({ activity: 'parameter', version: cleanText(latin1(response.parameter.value), 64) });
    } else if (response.kind === 'error' && !this.#isOpen) {
      const code = latin1(response.fields.find(([type]) => type === 'C')?.[1] ?? new Uint8Array(0));
      emit({ activity: 'refused', code: /^\w{5}$/.test(code) ? code : '' });
    }
  }
}

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
  if (!/[A-Za-z1-3]/.test(String.fromCharCode(type))) return undefined;
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
  if (message.length === 16 && code === CANCEL_REQUEST) return 'match';
  const isStartup =
    word16(message, 4) === VERSION_3 &&
    /^(?:user|database|application_name|client_encoding)\0/.test(latin1(message, 8));
  return isStartup ? 'match' : 'reject';
}

const ROOM: Omit<FramedRoom<PostgresqlRecord>, 'createReader'> = {
  id: 'postgresql',
  title: 'PostgreSQL',
  standards: ['PostgreSQL 17 documentation §55.2 (message flow), §55.7 (message formats)'],
  transports: ['tcp'],
  usualPorts: [5432],
  headerBytes: 1,
  maximumBytes: 8192,
  messageLength,
  recognise,
  evidence: (record) => {
    if (record.activity === 'query') return [];
    const { authentication, version, activity, acceptsTls } = record;
    return [
      ...(authentication === 'accepted' ? [] : draft('postgresql.authentication', authentication, 'server')),
      ...draft('postgresql.version', version, 'server'),
      ...(activity === 'tls-answer' ? draft('postgresql.tls', acceptsTls ? 'accepted' : 'none', 'server') : []),
    ];
  },
};

/** The answer to a request for TLS is a byte without a length: it is read by itself, so that nothing waits for the next. */
class PostgresqlParser implements StreamParser {
  readonly #context: ParserContext<PostgresqlRecord>;
  readonly #reader = new PostgresqlReader();
  readonly #frames: StreamParser | undefined;

  constructor(context: ParserContext<PostgresqlRecord>) {
    this.#context = context;
    this.#frames = defineFramedRoom({ ...ROOM, createReader: () => this.#reader }).createStreamParser?.(context);
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    const isAnswer = direction === 'to-client' && this.#reader.asked !== undefined && bytes.length > 0;
    if (!isAnswer) return this.#frames?.push(direction, bytes) ?? 'finished';
    this.#reader.message(bytes.subarray(0, 1), direction, this.#context);
    const { encryption } = this.#reader;
    if (encryption === 'tls') this.#context.handOver('tls');
    if (encryption !== undefined) return 'finished';
    return bytes.length > 1 ? this.push(direction, bytes.subarray(1)) : 'continue';
  }

  gap(direction: Direction, length: number): StreamState {
    return this.#frames?.gap(direction, length) ?? 'finished';
  }

  skippable(direction: Direction): number {
    return this.#frames?.skippable?.(direction) ?? 0;
  }

  end(): void {
    this.#frames?.end();
  }
}

export const postgresql: Protocol<PostgresqlRecord> = {
  ...defineFramedRoom({ ...ROOM, createReader: () => new PostgresqlReader() }),
  createStreamParser: (context) => new PostgresqlParser(context),
};
