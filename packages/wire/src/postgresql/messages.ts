import { ByteCursor } from '../bytes/byte-cursor.ts';
import { word16, word32 } from '../bytes/match.ts';
import { latin1 } from '../bytes/text.ts';

/** PostgreSQL documentation §55.7: requests in the place of a protocol version. */
export const SSL_REQUEST = 80877103;
export const GSS_REQUEST = 80877104;
export const CANCEL_REQUEST = 80877102;
const MAXIMUM_PARAMETERS = 64;

/** What a client sends. */
export type PgRequest =
  | { readonly kind: 'password'; readonly password: Uint8Array }
  | { readonly kind: 'tls' | 'gss' | 'terminate' | 'extended' | 'sync' }
  | { readonly kind: 'startup'; readonly version: string; readonly parameters: readonly PgParameter[] }
  | { readonly kind: 'cancel'; readonly processId: number; readonly secretKey: number }
  | { readonly kind: 'sasl-start'; readonly mechanism: string; readonly response: Uint8Array }
  | { readonly kind: 'sasl-response'; readonly response: Uint8Array }
  | { readonly kind: 'query'; readonly statement: Uint8Array };

/** What a server answers. */
export type PgResponse =
  | { readonly kind: 'tls'; readonly isAccepted: boolean }
  | { readonly kind: 'authentication'; readonly method: number; readonly data: Uint8Array }
  | { readonly kind: 'parameter'; readonly parameter: PgParameter }
  | { readonly kind: 'key'; readonly processId: number; readonly secretKey: number }
  | { readonly kind: 'ready' }
  | { readonly kind: 'columns'; readonly count: number }
  | { readonly kind: 'row'; readonly bytes: number }
  | { readonly kind: 'complete'; readonly tag: string }
  | {
      readonly kind: 'error' | 'notice';
      readonly fields: readonly (readonly [type: string, value: Uint8Array])[];
    }
  | {
      readonly kind: 'notification';
      readonly processId: number;
      readonly channel: Uint8Array;
      readonly payload: Uint8Array;
    };

export interface PgParameter {
  readonly name: string;
  readonly value: Uint8Array;
}

/** Authentication requests whose answer is a password message (§55.7). */
export const SASL = 10;
export const SASL_CONTINUE = 11;

/**
 * @param authentication method that the server asked for last; a password message means something else with each
 * @returns undefined for what belongs to no request that is told
 */
export function parseRequest(message: Uint8Array, authentication: number): PgRequest | undefined {
  if (message[0] === 0) return parseStart(message);
  const cursor = new ByteCursor(message, 5);
  switch (latin1(message, 0, 1)) {
    case 'Q':
      return { kind: 'query', statement: readString(cursor) };
    case 'X':
      return { kind: 'terminate' };
    case 'S':
      return { kind: 'sync' };
    case 'P':
    case 'B':
    case 'D':
    case 'E':
    case 'F':
      return { kind: 'extended' };
    case 'p':
      if (authentication === SASL) {
        const mechanism = latin1(readString(cursor));
        cursor.skip(4);
        return { kind: 'sasl-start', mechanism, response: cursor.slice(cursor.remaining).slice() };
      }
      if (authentication === SASL_CONTINUE) {
        return { kind: 'sasl-response', response: cursor.slice(cursor.remaining).slice() };
      }
      return { kind: 'password', password: readString(cursor) };
    default:
      return undefined;
  }
}

function parseStart(message: Uint8Array): PgRequest {
  const code = word32(message, 4);
  if (code === SSL_REQUEST) return { kind: 'tls' };
  if (code === GSS_REQUEST) return { kind: 'gss' };
  if (code === CANCEL_REQUEST) {
    return { kind: 'cancel', processId: word32(message, 8), secretKey: word32(message, 12) };
  }
  const cursor = new ByteCursor(message, 8);
  const parameters: PgParameter[] = [];
  while (cursor.remaining > 1 && parameters.length < MAXIMUM_PARAMETERS) {
    const name = latin1(readString(cursor));
    if (name === '') break;
    parameters.push({ name, value: readString(cursor) });
  }
  return { kind: 'startup', version: `${word16(message, 4)}.${word16(message, 6)}`, parameters };
}

/** @returns undefined for what is not told */
export function parseResponse(message: Uint8Array): PgResponse | undefined {
  const type = latin1(message, 0, 1);
  if (message.length === 1) return { kind: 'tls', isAccepted: type === 'S' || type === 'G' };
  const cursor = new ByteCursor(message, 5);
  switch (type) {
    case 'R':
      return { kind: 'authentication', method: cursor.uint32(), data: cursor.slice(cursor.remaining).slice() };
    case 'S':
      return { kind: 'parameter', parameter: { name: latin1(readString(cursor)), value: readString(cursor) } };
    case 'K':
      return { kind: 'key', processId: cursor.uint32(), secretKey: cursor.uint32() };
    case 'Z':
      return { kind: 'ready' };
    case 'T':
      return { kind: 'columns', count: cursor.uint16() };
    case 'D':
      return { kind: 'row', bytes: valueBytes(cursor) };
    case 'C':
      return { kind: 'complete', tag: latin1(readString(cursor)).slice(0, 64) };
    case 'E':
      return { kind: 'error', fields: readFields(cursor) };
    case 'N':
      return { kind: 'notice', fields: readFields(cursor) };
    case 'A':
      return {
        kind: 'notification',
        processId: cursor.uint32(),
        channel: readString(cursor),
        payload: readString(cursor),
      };
    default:
      return undefined;
  }
}

/** @returns bytes of all values of a row; a value that is null has none */
function valueBytes(cursor: ByteCursor): number {
  let bytes = 0;
  for (let left = cursor.uint16(); left > 0 && !cursor.isBroken; left--) {
    const length = cursor.uint32();
    if (length > 0x7fffffff) continue;
    bytes += length;
    cursor.skip(length);
  }
  return bytes;
}

function readFields(cursor: ByteCursor): (readonly [string, Uint8Array])[] {
  const fields: (readonly [string, Uint8Array])[] = [];
  while (cursor.remaining > 1 && fields.length < MAXIMUM_PARAMETERS) {
    const type = String.fromCharCode(cursor.uint8());
    if (type === '\0') break;
    fields.push([type, readString(cursor)]);
  }
  return fields;
}

/** @returns a copy of the bytes up to the next zero, or of the rest. Moves behind it. */
function readString(cursor: ByteCursor): Uint8Array {
  const end = cursor.bytes.indexOf(0, cursor.offset);
  const length = end < 0 || end >= cursor.end ? cursor.remaining : end - cursor.offset;
  const value = cursor.slice(length).slice();
  if (cursor.remaining > 0) cursor.skip(1);
  return value;
}
