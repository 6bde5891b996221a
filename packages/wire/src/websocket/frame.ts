import { word16, word32 } from '../bytes/match.ts';

/** RFC 6455 §11.8. */
export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;
/** Bytes that every frame has; its own length tells how many more its header has. */
export const MINIMUM_HEADER_BYTES = 2;
const KNOWN: ReadonlySet<number> = new Set([CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG]);
const SHORT_LENGTH = 125;
const LENGTH_16 = 126;
const MASK_BYTES = 4;

/** One frame (RFC 6455 §5.2). */
export interface WebSocketFrame {
  readonly opcode: number;
  /** The last, or only, frame of a message. */
  readonly isFinal: boolean;
  /** RSV1: the message is compressed (RFC 7692 §6). */
  readonly isCompressed: boolean;
  /** The first byte without its opcode. */
  readonly flags: number;
  readonly mask: number | undefined;
  readonly headerBytes: number;
  /** As the header tells; `payload` may hold less. */
  readonly payloadBytes: number;
  /** Unmasked. */
  readonly payload: Uint8Array;
}

/** @returns bytes of the whole frame; `more` where the header is longer; undefined where no frame starts like this */
export function frameLength(header: Uint8Array): number | 'more' | undefined {
  const [first = 0, second = 0] = header;
  if (!KNOWN.has(first & 0x0f)) return undefined;
  const isControl = (first & 0x08) !== 0;
  const short = second & 0x7f;
  if (isControl && (short > SHORT_LENGTH || (first & 0x80) === 0)) return undefined;
  const headerBytes = headerLength(second);
  if (header.length < headerBytes) return 'more';
  const payload = payloadLength(header);
  return payload > Number.MAX_SAFE_INTEGER ? undefined : headerBytes + payload;
}

function headerLength(second: number): number {
  const short = second & 0x7f;
  const extended = short <= SHORT_LENGTH ? 0 : short === LENGTH_16 ? 2 : 8;
  return MINIMUM_HEADER_BYTES + extended + ((second & 0x80) === 0 ? 0 : MASK_BYTES);
}

function payloadLength(header: Uint8Array): number {
  const short = (header[1] ?? 0) & 0x7f;
  if (short <= SHORT_LENGTH) return short;
  return short === LENGTH_16 ? word16(header, 2) : word32(header, 2) * 2 ** 32 + word32(header, 6);
}

/** @param bytes a frame that `frameLength` took, or its first part */
export function readFrame(bytes: Uint8Array): WebSocketFrame {
  const [first = 0, second = 0] = bytes;
  const headerBytes = headerLength(second);
  const isMasked = (second & 0x80) !== 0;
  const mask = isMasked ? word32(bytes, headerBytes - MASK_BYTES) : undefined;
  const payload = bytes.subarray(Math.min(headerBytes, bytes.length));
  return {
    opcode: first & 0x0f,
    isFinal: (first & 0x80) !== 0,
    isCompressed: (first & 0x40) !== 0,
    flags: first & 0xf0,
    mask,
    headerBytes,
    payloadBytes: payloadLength(bytes),
    payload: isMasked ? unmask(payload, bytes.subarray(headerBytes - MASK_BYTES, headerBytes)) : payload,
  };
}

/** RFC 6455 §5.3. */
function unmask(payload: Uint8Array, key: Uint8Array): Uint8Array {
  return payload.map((byte, index) => byte ^ (key[index % MASK_BYTES] ?? 0));
}
