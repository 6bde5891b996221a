import { latin1 } from '../bytes/text.ts';
import { mayBeRequestLine, REQUEST_METHODS } from './request-line.ts';

/** Whose messages are looked for. */
export type MessageSide = 'request' | 'response';

/** A field, or the blank line that ends a head without any (RFC 9112 §2.1). */
const HEAD_GOES_ON = String.raw`(?:[!-9;-~]+[ \t]*:|\r?\n)`;
const WHOLE_START: Readonly<Record<MessageSide, RegExp>> = {
  request: new RegExp(String.raw`(?:${REQUEST_METHODS.join('|')}) \S{1,8192} HTTP/1\.[01]\r?\n${HEAD_GOES_ON}`),
  response: new RegExp(String.raw`HTTP/1\.[01] [1-5]\d\d(?: [^\r\n]{0,256})?\r?\n${HEAD_GOES_ON}`),
};
const STATUS_LINE = /^HTTP\/1\.[01] [1-5]\d\d[ \r\n]/;
const STATUS_LINE_BYTES = 13;

/**
 * Finds the next message behind bytes that were lost. A message mostly begins with a segment, where its first line is enough.
 * Anywhere else a body may speak of such lines: there it takes the line whole, and a field behind it.
 *
 * @param bytes one segment, as far as it goes
 * @returns where the next message begins at `offset` or behind it; −1 where none does
 */
export function findMessageStart(bytes: Uint8Array, offset: number, side: MessageSide): number {
  if (offset === 0 && beginsMessage(bytes, side)) return 0;
  const found = WHOLE_START[side].exec(latin1(bytes, offset, bytes.length));
  return found === null ? -1 : offset + found.index;
}

function beginsMessage(bytes: Uint8Array, side: MessageSide): boolean {
  if (side === 'response') return STATUS_LINE.test(latin1(bytes, 0, Math.min(STATUS_LINE_BYTES, bytes.length)));
  // The address of a long request goes on in the next segment.
  return bytes.length > STATUS_LINE_BYTES && mayBeRequestLine(bytes, 0) && ADDRESS.test(latin1(bytes, 0, 64));
}

const ADDRESS = /^\S+ (?:\/|\*|[a-z][a-z0-9+.-]*:\/\/|[^\s/:]+:\d+ )/i;
