import { ByteCursor } from '../bytes/byte-cursor.ts';
import { word16, word32 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom, type MessageReader } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';

/** Version, flags, stream, operation, length (native protocol v4 §2). */
const HEADER_BYTES = 9;
const MAXIMUM_BODY = 256 * 1024 * 1024;
const RESPONSE = 0x80;
const STARTUP = 1;
const ERROR = 0;
const SUPPORTED = 6;
const AUTHENTICATE = 3;
const READY = 2;
const EVENT = 12;

const OPERATIONS: readonly (readonly [name: string, from: 'client' | 'server'])[] = [
  ['error', 'server'],
  ['startup', 'client'],
  ['ready', 'server'],
  ['authenticate', 'server'],
  ['', 'client'],
  ['options', 'client'],
  ['supported', 'server'],
  ['query', 'client'],
  ['result', 'server'],
  ['prepare', 'client'],
  ['execute', 'client'],
  ['register', 'client'],
  ['event', 'server'],
  ['batch', 'client'],
  ['authentication-challenge', 'server'],
  ['authentication-response', 'client'],
  ['authentication-success', 'server'],
];

/** A request with its answer, or an event of the server. */
export interface CassandraRecord extends ProtocolRecord {
  readonly protocol: 'cassandra';
  /** Operation of the request: `startup`, `query` … */
  readonly activity: string;
  readonly version: number;
  readonly driver: string;
  /** Highest version of the query language that the server supports. */
  readonly languageVersion: string;
  /** Class that authenticates; `none` when the server was ready at once. */
  readonly authentication: string;
  /** Undefined for events. */
  readonly outcome: Outcome | undefined;
  readonly error: number;
  readonly durationMs: number | undefined;
}

interface Frame {
  readonly isRequest: boolean;
  readonly operation: number;
  readonly version: number;
  /** A response has the stream number of its request. */
  readonly stream: number;
  readonly driver: string;
  readonly languageVersion: string;
  readonly authentication: string;
  readonly error: number;
}

function parseFrame(frame: Uint8Array): Frame {
  const operation = frame[4] ?? 0;
  const isClear = (frame[1] ?? 0) === 0;
  const cursor = new ByteCursor(frame, HEADER_BYTES);
  const record = {
    isRequest: OPERATIONS[operation]?.[1] === 'client',
    operation,
    version: (frame[0] ?? 0) & 0x7f,
    stream: word16(frame, 2),
    driver: '',
    languageVersion: '',
    authentication: '',
    error: 0,
  } as const;
  if (!isClear) return record;
  if (operation === STARTUP) {
    const options = readMap(cursor, false);
    const driver = `${options.get('DRIVER_NAME') ?? ''} ${options.get('DRIVER_VERSION') ?? ''}`.trim();
    return { ...record, driver };
  }
  if (operation === SUPPORTED) return { ...record, languageVersion: readMap(cursor, true).get('CQL_VERSION') ?? '' };
  if (operation === AUTHENTICATE) return { ...record, authentication: readText(cursor).replace(/^.*\./, '') };
  if (operation === READY) return { ...record, authentication: 'none' };
  return operation === ERROR ? { ...record, error: cursor.uint32() } : record;
}

/** §3: string map, or multimap, of which the last value is kept. */
function readMap(cursor: ByteCursor, isMultiple: boolean): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (let left = Math.min(cursor.uint16(), 32); left > 0 && !cursor.isBroken; left--) {
    const key = readText(cursor);
    let value = '';
    for (let more = isMultiple ? Math.min(cursor.uint16(), 32) : 1; more > 0 && !cursor.isBroken; more--)
      value = readText(cursor);
    map.set(key, value);
  }
  return map;
}

function readText(cursor: ByteCursor): string {
  return cleanText(latin1(cursor.slice(cursor.uint16())), 128);
}

function join(request: Frame | undefined, answer: Frame | undefined, durationMs?: number): CassandraRecord {
  const { operation = 0, version = 0 } = request ?? answer ?? {};
  const outcome = answer === undefined ? 'unanswered' : answer.operation === ERROR ? 'failure' : 'success';
  return {
    protocol: 'cassandra',
    activity: OPERATIONS[operation]?.[0] ?? '',
    version,
    driver: request?.driver ?? '',
    languageVersion: answer?.languageVersion ?? '',
    authentication: answer?.authentication ?? '',
    outcome: answer?.operation === EVENT ? undefined : outcome,
    error: answer?.error ?? 0,
    durationMs,
  };
}

function createReader(): MessageReader<CassandraRecord> {
  const pairs = pairingReader<Frame, CassandraRecord>({
    parse: parseFrame,
    isRequest: ({ isRequest }) => isRequest,
    keyOf: ({ operation, stream }) => (operation === EVENT ? undefined : stream),
    join,
  })();
  return {
    message(frame, direction, context) {
      pairs.message(frame, direction, context);
      // From version 5 on, everything behind the start is in frames of another form (v5 §2).
      return !((frame[0] ?? 0) >= (RESPONSE | 5) && (frame[4] === READY || frame[4] === AUTHENTICATE));
    },
    end: (context) => pairs.end?.(context),
  };
}

/** DICOM is alike at first sight: a small number, a zero, a length. Here every operation belongs to one end. */
export const cassandra = defineFramedRoom<CassandraRecord>({
  id: 'cassandra',
  title: 'Cassandra',
  standards: ['Apache Cassandra native protocol v3, v4 and v5 §2 (frame), §4 (messages)'],
  transports: ['tcp'],
  usualPorts: [9042],
  headerBytes: HEADER_BYTES,
  maximumBytes: 4096,
  messageLength: (header, direction) => {
    const [version = 0, flags = 0] = header;
    const isVersion = (version & 0x7f) >= 3 && (version & 0x7f) <= 5;
    const sender = OPERATIONS[header[4] ?? 255]?.[1];
    const isOwn =
      direction === 'to-server'
        ? version < RESPONSE && sender === 'client'
        : version >= RESPONSE && sender === 'server';
    const length = word32(header, 5);
    return isVersion && isOwn && flags < 0x20 && length <= MAXIMUM_BODY ? length + HEADER_BYTES : undefined;
  },
  recognise: (frame, sample, direction) => {
    const operation = frame[4] ?? 0;
    const isStart =
      direction === 'to-server' && (operation === 5 ? frame.length === HEADER_BYTES : operation === STARTUP);
    if (operation === STARTUP) return latin1(frame).includes('CQL_VERSION') ? 'match' : 'reject';
    // OPTIONS has no body and thus proves little: the answer decides, or the port.
    const isAtHome = sample.serverPort === 9042;
    if (isStart) return isAtHome ? 'match' : 'undecided';
    if (direction === 'to-client' && operation === SUPPORTED)
      return latin1(frame).includes('CQL_VERSION') ? 'match' : 'reject';
    return isAtHome ? 'match' : 'undecided';
  },
  createReader,
  evidence: ({ driver, languageVersion, authentication }) => [
    ...draft('cassandra.driver', driver, 'client'),
    ...draft('cassandra.language-version', languageVersion, 'server'),
    ...draft('cassandra.authentication', authentication, 'server'),
  ],
});
