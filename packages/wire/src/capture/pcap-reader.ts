import type { PacketHandler, RecordReader } from './capture-reader.ts';

const FILE_HEADER_LENGTH = 24;
const MICROSECOND_MAGIC = 0xa1b2c3d4;
const NANOSECOND_MAGIC = 0xa1b23c4d;
/** Kuznetzov's patched libpcap: records carry eight more bytes. */
const MODIFIED_MAGIC = 0xa1b2cd34;
const RECORD_HEADER_LENGTH = 16;
const MODIFIED_RECORD_HEADER_LENGTH = 24;

/** Classic pcap (draft-ietf-opsawg-pcap §4, §5), both byte orders, microseconds and nanoseconds. */
export class PcapReader implements RecordReader {
  static readonly fileHeaderLength = FILE_HEADER_LENGTH;
  readonly headerLength: number;
  readonly #handler: PacketHandler;
  readonly #isLittleEndian: boolean;
  readonly #fractionsPerMicrosecond: number;
  readonly #linkType: number;

  static isPcap(bytes: Uint8Array, offset: number): boolean {
    return readMagic(bytes, offset) !== undefined;
  }

  /** @param bytes the file header at `offset`; `isPcap` holds */
  constructor(bytes: Uint8Array, offset: number, handler: PacketHandler) {
    const { magic, isLittleEndian } = readMagic(bytes, offset) ?? { magic: MICROSECOND_MAGIC, isLittleEndian: true };
    this.#handler = handler;
    this.#isLittleEndian = isLittleEndian;
    this.#fractionsPerMicrosecond = magic === NANOSECOND_MAGIC ? 1000 : 1;
    this.headerLength = magic === MODIFIED_MAGIC ? MODIFIED_RECORD_HEADER_LENGTH : RECORD_HEADER_LENGTH;
    // The upper bits hold the length of a frame check sequence.
    this.#linkType = readUint32(bytes, offset + 20, isLittleEndian) & 0xffff;
  }

  recordLength(bytes: Uint8Array, offset: number): number {
    return this.headerLength + readUint32(bytes, offset + 8, this.#isLittleEndian);
  }

  record(bytes: Uint8Array, offset: number, length: number): void {
    const seconds = readUint32(bytes, offset, this.#isLittleEndian);
    const fraction = readUint32(bytes, offset + 4, this.#isLittleEndian);
    const originalLength = readUint32(bytes, offset + 12, this.#isLittleEndian);
    const timeMicros = seconds * 1_000_000 + Math.floor(fraction / this.#fractionsPerMicrosecond);
    const header = this.headerLength;
    this.#handler.packet(bytes, offset + header, length - header, originalLength, this.#linkType, timeMicros);
  }
}

function readMagic(bytes: Uint8Array, offset: number): { magic: number; isLittleEndian: boolean } | undefined {
  if (bytes.length - offset < 4) return undefined;
  for (const isLittleEndian of [true, false]) {
    const magic = readUint32(bytes, offset, isLittleEndian);
    if (magic === MICROSECOND_MAGIC || magic === NANOSECOND_MAGIC || magic === MODIFIED_MAGIC) {
      return { magic, isLittleEndian };
    }
  }
  return undefined;
}

export function readUint32(bytes: Uint8Array, offset: number, isLittleEndian: boolean): number {
  const a = bytes[offset] ?? 0;
  const b = bytes[offset + 1] ?? 0;
  const c = bytes[offset + 2] ?? 0;
  const d = bytes[offset + 3] ?? 0;
  return (isLittleEndian ? (d << 24) | (c << 16) | (b << 8) | a : (a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

export function readUint16(bytes: Uint8Array, offset: number, isLittleEndian: boolean): number {
  const a = bytes[offset] ?? 0;
  const b = bytes[offset + 1] ?? 0;
  return isLittleEndian ? (b << 8) | a : (a << 8) | b;
}
