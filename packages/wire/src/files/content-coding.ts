import { brotliDecompressSync, inflateRawSync, constants as zlib, zstdDecompressSync } from 'node:zlib';

const MAXIMUM_LAYERS = 3;
const GZIP_HEADER_BYTES = 10;
const ZSTD_MAGIC = 0xfd2fb528;
/** What unpacks to too much is unpacked from this part of it, and again; deflate unpacks to 1,032 times its size at most. */
const LESS = 16;
const MAXIMUM_TRIES = 6;

/** What came of undoing content codings. */
export interface DecodedContent {
  readonly bytes: Buffer;
  /** There was more than the limit. */
  readonly isCut: boolean;
}

/**
 * Decompresses what is called compressed, layer by layer (RFC 9110 §8.4.1), by what the bytes are: servers that evade write
 * the name of the coding in every way that a browser forgives. What was cut off or damaged is decoded as far as it goes.
 *
 * @param codings what the sender calls the codings
 * @param maximumBytes of the result and of everything between: a compressed bomb costs no more
 */
export function decodeContent(content: Buffer, codings: string, maximumBytes: number): DecodedContent {
  const names = codings.replaceAll('\0', '').toLowerCase();
  if (!/gzip|deflate|\bbr\b|zstd/.test(names)) return { bytes: content, isCut: false };
  // Deflated data has nothing at its start that tells it: as often as it is named, it may be meant.
  const deflated = names.split('deflate').length - 1;
  const isPlainGzip = deflated === 0 && isGzip(content) && !/\bbr\b/.test(names);
  let mayBeRaw = isPlainGzip ? 0 : Math.max(1, deflated);
  let decoded: DecodedContent = { bytes: content, isCut: false };
  for (let layer = 0; layer < MAXIMUM_LAYERS; layer++) {
    const next = decodeLayer(decoded.bytes, mayBeRaw > 0, names, maximumBytes);
    if (next === undefined || next.bytes.length === 0) break;
    if (!isGzip(decoded.bytes)) mayBeRaw -= 1;
    decoded = { bytes: next.bytes, isCut: next.isCut || decoded.isCut };
  }
  return decoded;
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function decodeLayer(bytes: Buffer, mayBeRaw: boolean, names: string, maximum: number): DecodedContent | undefined {
  const inflate = { finishFlush: zlib.Z_SYNC_FLUSH };
  const brotli = { finishFlush: zlib.BROTLI_OPERATION_FLUSH };
  const zstd = { finishFlush: zlib.ZSTD_e_flush };
  const isZlib = ((bytes[0] ?? 0) & 0x0f) === 8 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 === 0;
  const raw = (input: Buffer) => inflateRawSync(input, { ...inflate, maxOutputLength: maximum });
  // The checksum at the end is not asked for: it may be wrong on purpose.
  if (isGzip(bytes)) return bounded(bytes.subarray(gzipHeaderLength(bytes)), raw);
  if (bytes.length >= 4 && bytes.readUInt32LE(0) === ZSTD_MAGIC) {
    return bounded(bytes, (input) => zstdDecompressSync(input, { ...zstd, maxOutputLength: maximum }));
  }
  if (isZlib) return bounded(bytes.subarray(2), raw);
  if (!mayBeRaw) return undefined;
  if (/gzip|deflate/.test(names)) return bounded(bytes, raw);
  return bounded(bytes, (input) => brotliDecompressSync(input, { ...brotli, maxOutputLength: maximum }));
}

/** What unpacks to more than the limit is unpacked from less of it, until it fits. */
function bounded(bytes: Buffer, decode: (input: Buffer) => Buffer): DecodedContent | undefined {
  let length = bytes.length;
  for (let attempt = 0; attempt < MAXIMUM_TRIES && length > 0; attempt++) {
    try {
      return { bytes: decode(bytes.subarray(0, length)), isCut: attempt > 0 };
    } catch (error) {
      const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      if (!isTooLarge) return undefined;
      length = Math.floor(length / LESS);
    }
  }
  return { bytes: Buffer.alloc(0), isCut: true };
}

/** RFC 1952 §2.3.1: fixed part, then extra field, name, comment and header checksum where a flag says so. */
function gzipHeaderLength(bytes: Buffer): number {
  const flags = bytes[3] ?? 0;
  let at = GZIP_HEADER_BYTES;
  if ((flags & 4) !== 0) at += 2 + (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
  for (const flag of [8, 16]) if ((flags & flag) !== 0) at = Math.max(at, bytes.indexOf(0, at) + 1);
  return (flags & 2) !== 0 ? at + 2 : at;
}
