import { littleWord32 } from '../bytes/match.ts';
import { latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';
import { readDocument } from './bson.ts';

/** Length, request, answer to, operation; all little endian. */
const HEADER_BYTES = 16;
const MAXIMUM_MESSAGE = 48_000_000;
const REPLY = 1;
const QUERY = 2004;
const GET_MORE = 2005;
const COMPRESSED = 2012;
const MESSAGE = 2013;

const OPERATIONS: Readonly<Record<number, string>> = {
  [REPLY]: 'reply',
  2001: 'update',
  2002: 'insert',
  [QUERY]: 'query',
  [GET_MORE]: 'get-more',
  2006: 'delete',
  2007: 'kill-cursors',
  [COMPRESSED]: 'compressed',
  [MESSAGE]: 'message',
};

const WANTED = new Set([
  'client.driver.name',
  'client.driver.version',
  'client.os.type',
  'client.platform',
  'maxWireVersion',
  'version',
  'ok',
  'code',
]);

/** A request with its answer. */
export interface MongodbRecord extends ProtocolRecord {
  readonly protocol: 'mongodb';
  readonly activity: 'transaction';
  readonly operation: string;
  /** Command (`hello`, `find`); what it is about is never read. */
  readonly command: string;
  readonly driver: string;
  readonly platform: string;
  /** Highest wire version of the server: 17 is MongoDB 6.0. */
  readonly wireVersion: string;
  readonly version: string;
  readonly outcome: Outcome | undefined;
  /** Error code of an answer; 0 for none. */
  readonly error: number;
  readonly durationMs: number | undefined;
}

interface Side {
  readonly isRequest: boolean;
  readonly operation: number;
  readonly key: number | undefined;
  readonly command: string;
  readonly values: ReadonlyMap<string, string>;
}

function parseSide(message: Uint8Array): Side {
  const operation = littleWord32(message, 12);
  const offset = documentOffset(message, operation);
  const { first, values } =
    offset === undefined ? { first: '', values: new Map<string, string>() } : readDocument(message, offset, WANTED);
  const responseTo = littleWord32(message, 8);
  const isRequest = operation !== REPLY && responseTo === 0;
  const isAnswered = operation === QUERY || operation === GET_MORE || operation === MESSAGE || operation === COMPRESSED;
  const key = isRequest ? (isAnswered ? littleWord32(message, 4) : undefined) : responseTo;
  const command = isRequest ? (/^[\w$]{1,40}$/.exec(first)?.[0] ?? '') : '';
  return { isRequest, operation, key, command, values };
}

function join(request: Side | undefined, answer: Side | undefined, durationMs?: number): MongodbRecord {
  const asked = (path: string) => request?.values.get(path) ?? '';
  const told = (path: string) => answer?.values.get(path) ?? '';
  const isFailure = told('ok') === '0';
  const outcome = answer === undefined ? 'unanswered' : isFailure ? 'failure' : 'success';
  return {
    protocol: 'mongodb',
    activity: 'transaction',
    operation: OPERATIONS[(request ?? answer)?.operation ?? 0] ?? '',
    command: request?.command ?? '',
    driver: `${asked('client.driver.name')} ${asked('client.driver.version')}`.trim(),
    platform: asked('client.os.type'),
    wireVersion: told('maxWireVersion'),
    version: told('version'),
    outcome: (request ?? answer)?.key === undefined ? undefined : outcome,
    error: isFailure ? Number(told('code')) : 0,
    durationMs,
  };
}

/** Where the first document begins (MongoDB manual, wire protocol: OP_MSG, OP_QUERY, OP_REPLY). */
function documentOffset(message: Uint8Array, operation: number): number | undefined {
  switch (operation) {
    case MESSAGE:
      return message[20] === 0 ? 21 : undefined;
    case REPLY:
      return 36;
    case QUERY: {
      const end = message.indexOf(0, 20);
      return end < 0 ? undefined : end + 9;
    }
    default:
      return undefined;
  }
}

export const mongodb = defineFramedRoom<MongodbRecord>({
  id: 'mongodb',
  title: 'MongoDB',
  standards: [
    'MongoDB wire protocol (OP_MSG, OP_QUERY, OP_REPLY, OP_COMPRESSED)',
    'BSON 1.1 grammar',
    'MongoDB handshake specification',
  ],
  transports: ['tcp'],
  usualPorts: [27017],
  headerBytes: HEADER_BYTES,
  maximumBytes: 4096,
  messageLength: (header) => {
    const length = littleWord32(header, 0);
    const isOperation = littleWord32(header, 12) in OPERATIONS;
    return isOperation && length > HEADER_BYTES && length < MAXIMUM_MESSAGE ? length : undefined;
  },
  recognise: (message) => {
    const operation = littleWord32(message, 12);
    if (operation === MESSAGE)
      return message.length < 21 ? 'undecided' : littleWord32(message, 16) >>> 17 === 0 ? 'match' : 'reject';
    if (operation === QUERY) return /^[\w.$-]+\0/.test(latin1(message, 20)) ? 'match' : 'reject';
    const isKnown = operation === REPLY ? littleWord32(message, 20) < 0x10 : operation >= 2001;
    return isKnown ? 'match' : 'reject';
  },
  createReader: pairingReader<Side, MongodbRecord>({
    parse: parseSide,
    isRequest: ({ isRequest }) => isRequest,
    keyOf: ({ key }) => key,
    join,
  }),
  evidence: ({ driver, platform, wireVersion, version }) => [
    ...draft('mongodb.driver', driver, 'client'),
    ...draft('mongodb.client-platform', platform, 'client'),
    ...draft('mongodb.wire-version', wireVersion, 'server'),
    ...draft('mongodb.version', version, 'server'),
  ],
});
