import { latin1, startsWithText } from '../bytes/text.ts';
import type { Detection, DetectionSample } from '../protocol.ts';

const METHODS = ['GET ', 'POST ', 'PUT ', 'HEAD ', 'DELETE ', 'OPTIONS ', 'PATCH ', 'PROPFIND ', 'CONNECT ', 'TRACE '];

const FIRST_LETTERS = new Set(METHODS.map((method) => method.charCodeAt(0)));

/** HTTP/1 by content: a request line or a status line (RFC 9112 §3, §4). */
export function detectHttp({ toServer, toClient }: DetectionSample): Detection {
  if (toServer.length === 0) {
    if (toClient.length === 0) return 'undecided';
    const answer = startsWithText(toClient, 'HTTP/1.');
    return answer === 'yes' ? 'match' : answer === 'no' ? 'reject' : 'undecided';
  }
  if (!FIRST_LETTERS.has(toServer[0] ?? 0)) return 'reject';
  const answers = METHODS.map((method) => startsWithText(toServer, method));
  if (answers.every((answer) => answer === 'no')) return 'reject';
  const lineEnd = toServer.indexOf(0x0a);
  if (lineEnd < 0) return toServer.length < 512 ? 'undecided' : answers.includes('yes') ? 'match' : 'reject';
  const line = latin1(toServer, 0, lineEnd);
  return / (HTTP\/1\.[01])\r?$/.test(line) ? 'match' : 'reject';
}
