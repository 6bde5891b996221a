import { word16 } from '../bytes/match.ts';

const HEADER_BYTES = 4;
const VERSION = 1;
const PAYLOAD_MARKER = 0xff;
const URI_PATH = 11;
const CONTENT_FORMAT = 12;

/** RFC 7252 §5.8, RFC 8132 §2 and §3. */
const METHODS: readonly string[] = ['', 'get', 'post', 'put', 'delete', 'fetch', 'patch', 'ipatch'];
/** RFC 7252 §12.2 and the registry that it opened: numbers above are left to experiments. */
const OPTIONS = new Set([
  1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 16, 17, 19, 20, 21, 23, 27, 28, 31, 35, 39, 60, 252, 258, 292,
]);

/** One message. */
export interface CoapMessage {
  readonly kind: 'request' | 'response' | 'empty';
  readonly type: 'confirmable' | 'non-confirmable' | 'acknowledgement' | 'reset';
  /** Method of a request, `2.05` of a response. */
  readonly code: string;
  /** Class of the code: 2 is success, 4 and 5 are errors. */
  readonly codeClass: number;
  /** A response has that of its request, hexadecimal. */
  readonly token: string;
  readonly pathSegments: number;
  readonly contentFormat: number;
}

const TYPES = ['confirmable', 'non-confirmable', 'acknowledgement', 'reset'] as const;

/** RFC 7252 §3: only a message whose options can be read to the end is one. */
export function parseCoap(bytes: Uint8Array): CoapMessage | undefined {
  const [first = 0, code = 0] = bytes;
  const tokenLength = first & 15;
  if (bytes.length < HEADER_BYTES + tokenLength || first >>> 6 !== VERSION || tokenLength > 8) return undefined;
  const kind = kindOf(code);
  if (kind === undefined || (kind === 'empty' && bytes.length !== HEADER_BYTES)) return undefined;
  const options = readOptions(bytes, HEADER_BYTES + tokenLength);
  if (options === undefined) return undefined;
  return {
    kind,
    type: TYPES[(first >>> 4) & 3] ?? 'reset',
    code: kind === 'request' ? (METHODS[code] ?? '') : `${code >>> 5}.${String(code & 31).padStart(2, '0')}`,
    codeClass: code >>> 5,
    token: Buffer.from(bytes.subarray(HEADER_BYTES, HEADER_BYTES + tokenLength)).toString('hex'),
    ...options,
  };
}

function kindOf(code: number): CoapMessage['kind'] | undefined {
  if (code === 0) return 'empty';
  if (code < METHODS.length) return 'request';
  const codeClass = code >>> 5;
  const detail = code & 31;
  if (codeClass === 2) return (detail >= 1 && detail <= 5) || detail === 31 ? 'response' : undefined;
  if (codeClass === 4) return detail <= 15 || detail === 22 || detail === 29 ? 'response' : undefined;
  return codeClass === 5 && detail <= 8 ? 'response' : undefined;
}

/** §3.1: delta and length of four bits each; 13 and 14 take one and two bytes more. */
function readOptions(
  bytes: Uint8Array,
  start: number,
): Pick<CoapMessage, 'pathSegments' | 'contentFormat'> | undefined {
  let offset = start;
  let option = 0;
  let pathSegments = 0;
  let contentFormat = -1;
  const extended = (value: number): number => {
    if (value === 13) return 13 + (bytes[offset++] ?? 0);
    if (value !== 14) return value;
    offset += 2;
    return 269 + word16(bytes, offset - 2);
  };
  while (offset < bytes.length) {
    const byte = bytes[offset++] ?? 0;
    if (byte === PAYLOAD_MARKER) return offset < bytes.length ? { pathSegments, contentFormat } : undefined;
    if (byte >>> 4 === 15 || (byte & 15) === 15) return undefined;
    option += extended(byte >>> 4);
    const length = extended(byte & 15);
    if (!OPTIONS.has(option) || length > 1034 || offset + length > bytes.length) return undefined;
    if (option === URI_PATH) pathSegments += 1;
    if (option === CONTENT_FORMAT)
      contentFormat = length === 0 ? 0 : length === 1 ? (bytes[offset] ?? 0) : word16(bytes, offset);
    offset += length;
  }
  return { pathSegments, contentFormat };
}
