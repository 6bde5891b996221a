import { hasText, word32 } from '../bytes/match.ts';

/** RFC 9113 §3.4. */
export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
/** Length (3), type, flags, stream (RFC 9113 §4.1). */
export const HEADER_BYTES = 9;
/** Frames of the size that nobody has to ask for (§4.2); more of one is not read. */
export const MAXIMUM_FRAME_BYTES = 16 * 1024;
export const DATA = 0;
export const HEADERS = 1;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PUSH_PROMISE = 5;
export const CONTINUATION = 9;
const END_STREAM = 0x01;
const END_HEADERS = 0x04;
const PADDED = 0x08;
const PRIORITY = 0x20;

export interface Frame {
  readonly type: number;
  readonly stream: number;
  readonly endsStream: boolean;
  readonly endsHeaders: boolean;
  /** Bytes of the payload as the header tells. */
  readonly length: number;
  /** Without padding and priority; of frames with fields that is their block. */
  readonly payload: Uint8Array;
}

/** @returns bytes of the frame, or of the preface; undefined for a type or size that no frame has */
export function frameLength(header: Uint8Array): number | undefined {
  if (hasText(header, 'PRI * HTT')) return PREFACE.length;
  const length = word32(header, 0) >>> 8;
  return (header[3] ?? 255) <= 0x10 ? length + HEADER_BYTES : undefined;
}

export function readFrame(bytes: Uint8Array): Frame {
  const type = bytes[3] ?? 0;
  const flags = bytes[4] ?? 0;
  const length = word32(bytes, 0) >>> 8;
  const hasBlock = type === HEADERS || type === PUSH_PROMISE;
  const isPadded = (flags & PADDED) !== 0 && (hasBlock || type === DATA);
  const padding = isPadded ? (bytes[HEADER_BYTES] ?? 0) : 0;
  const before =
    (isPadded ? 1 : 0) + (type === HEADERS && (flags & PRIORITY) !== 0 ? 5 : 0) + (type === PUSH_PROMISE ? 4 : 0);
  return {
    type,
    stream: word32(bytes, 5) & 0x7fff_ffff,
    endsStream: (flags & END_STREAM) !== 0 && (type === HEADERS || type === DATA),
    endsHeaders: (flags & END_HEADERS) !== 0,
    length,
    payload: bytes.subarray(HEADER_BYTES + before, Math.max(HEADER_BYTES + before, bytes.length - padding)),
  };
}
