import { latin1, startsWithText } from '../bytes/text.ts';
import type { Detection, DetectionSample } from '../protocol.ts';

/** A method is any token (RFC 9110 §9.1, §16.1); those that are registered are words in capitals. */
const REQUEST_LINE = /^[A-Z][A-Z_-]{1,24}[ \t]+\S.* HTTP\/1\.[01][ \t]*\r?$/;
const BEGUN_REQUEST_LINE = /^[A-Z][A-Z_-]{0,24}([ \t].*)?$/;
const LONG_REQUEST_LINE = /^(GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|PROPFIND|CONNECT|TRACE) \S+$/;
const SAMPLE_BYTES = 512;
const CAPITAL_A = 65;
const CAPITAL_Z = 90;
const LF = 10;

/** HTTP/1 by content: a request line or a status line (RFC 9112 §3, §4). */
export function detectHttp({ toServer, toClient }: DetectionSample): Detection {
  if (toServer.length === 0) {
    if (toClient.length === 0) return 'undecided';
    const answer = startsWithText(toClient, 'HTTP/1.');
    return answer === 'yes' ? 'match' : answer === 'no' ? 'reject' : 'undecided';
  }
  const [first = 0] = toServer;
  if (first < CAPITAL_A || first > CAPITAL_Z) return 'reject';
  const lineEnd = toServer.indexOf(LF);
  const line = latin1(toServer, 0, lineEnd < 0 ? toServer.length : lineEnd);
  if (lineEnd >= 0) return REQUEST_LINE.test(line) || isVersionless(toServer, line, lineEnd) ? 'match' : 'reject';
  if (toServer.length < SAMPLE_BYTES) return BEGUN_REQUEST_LINE.test(line) ? 'undecided' : 'reject';
  return LONG_REQUEST_LINE.test(line) ? 'match' : 'reject';
}

/** A request that names no version and has header fields all the same: broken clients and malware send it. */
function isVersionless(bytes: Uint8Array, line: string, lineEnd: number): boolean {
  if (!/^(GET|POST|HEAD|PUT) \/\S*\r?$/.test(line)) return false;
  return /^(Host|User-Agent|Accept|Connection|Content-Type|Content-Length):/i.test(
    latin1(bytes, lineEnd + 1, lineEnd + 24),
  );
}
