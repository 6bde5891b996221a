import type { PacketHandler, RecordReader } from './capture-reader.ts';
import { readUint16, readUint32 } from './pcap-reader.ts';

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const OPTION_TIME_RESOLUTION = 9;
const OPTION_TIME_OFFSET = 14;
const MINIMUM_BLOCK_LENGTH = 12;
const MICROS_PER_SECOND = 1_000_000;

interface CaptureInterface {
  readonly linkType: number;
  readonly snapLength: number;
  /** Time units in a second. */
  readonly unitsPerSecond: number;
  readonly offsetSeconds: number;
}

/** pcapng (draft-ietf-opsawg-pcapng §4): several sections and interfaces, any time resolution, both byte orders. */
export class PcapngReader implements RecordReader {
  readonly headerLength = MINIMUM_BLOCK_LENGTH;
  readonly #handler: PacketHandler;
  #interfaces: CaptureInterface[] = [];
  #isLittleEndian = true;
  #lastTimeMicros = 0;

  static isPcapng(bytes: Uint8Array, offset: number): boolean {
    return bytes.length - offset >= 4 && readUint32(bytes, offset, false) === SECTION_HEADER;
  }

  constructor(handler: PacketHandler) {
    this.#handler = handler;
  }

  recordLength(bytes: Uint8Array, offset: number): number | undefined {
    if (readUint32(bytes, offset, false) === SECTION_HEADER) {
      if (readUint32(bytes, offset + 8, true) === BYTE_ORDER_MAGIC) this.#isLittleEndian = true;
      else if (readUint32(bytes, offset + 8, false) === BYTE_ORDER_MAGIC) this.#isLittleEndian = false;
      else return undefined;
    }
    const length = readUint32(bytes, offset + 4, this.#isLittleEndian);
    return length < MINIMUM_BLOCK_LENGTH || length % 4 !== 0 ? undefined : length;
  }

  record(bytes: Uint8Array, offset: number, length: number): void {
    const type = readUint32(bytes, offset, this.#isLittleEndian);
    if (type === SECTION_HEADER) {
      this.#interfaces = [];
      return;
    }
    // Shorter blocks than their fixed part hold nothing to read.
    if (type === INTERFACE_DESCRIPTION && length >= 20) this.#interfaceDescription(bytes, offset, length);
    else if (type === ENHANCED_PACKET && length >= 32) this.#packet(bytes, offset, length, true);
    else if (type === OBSOLETE_PACKET && length >= 32) this.#packet(bytes, offset, length, false);
    else if (type === SIMPLE_PACKET && length >= 16) this.#simplePacket(bytes, offset, length);
  }

  #interfaceDescription(bytes: Uint8Array, offset: number, length: number): void {
    let unitsPerSecond = MICROS_PER_SECOND;
    let offsetSeconds = 0;
    const end = offset + length - 4;
    for (let option = offset + 16; option + 4 <= end; ) {
      const code = readUint16(bytes, option, this.#isLittleEndian);
      const size = readUint16(bytes, option + 2, this.#isLittleEndian);
      if (code === 0 || option + 4 + size > end) break;
      if (code === OPTION_TIME_RESOLUTION && size >= 1) {
        const resolution = bytes[option + 4] ?? 6;
        unitsPerSecond = (resolution & 0x80) === 0 ? 10 ** resolution : 2 ** (resolution & 0x7f);
      }
      if (code === OPTION_TIME_OFFSET && size >= 8) {
        const low = readUint32(bytes, option + (this.#isLittleEndian ? 4 : 8), this.#isLittleEndian);
        const high = readUint32(bytes, option + (this.#isLittleEndian ? 8 : 4), this.#isLittleEndian);
        offsetSeconds = (high | 0) * 2 ** 32 + low;
      }
      option += 4 + size + ((4 - (size % 4)) % 4);
    }
    this.#interfaces.push({
      linkType: readUint16(bytes, offset + 8, this.#isLittleEndian),
      snapLength: readUint32(bytes, offset + 12, this.#isLittleEndian),
      unitsPerSecond,
      offsetSeconds,
    });
  }

  #packet(bytes: Uint8Array, offset: number, length: number, isEnhanced: boolean): void {
    const littleEndian = this.#isLittleEndian;
    const id = isEnhanced ? readUint32(bytes, offset + 8, littleEndian) : readUint16(bytes, offset + 8, littleEndian);
    const from = this.#interfaces[id];
    if (from === undefined) return;
    const high = readUint32(bytes, offset + 12, littleEndian);
    const low = readUint32(bytes, offset + 16, littleEndian);
    const capturedLength = Math.min(readUint32(bytes, offset + 20, littleEndian), length - 32);
    const originalLength = readUint32(bytes, offset + 24, littleEndian);
    this.#lastTimeMicros = from.offsetSeconds * MICROS_PER_SECOND + toMicros(high, low, from.unitsPerSecond);
    this.#handler.packet(bytes, offset + 28, capturedLength, originalLength, from.linkType, this.#lastTimeMicros);
  }

  /** Simple packets carry no time: they get that of the packet before. */
  #simplePacket(bytes: Uint8Array, offset: number, length: number): void {
    const [from] = this.#interfaces;
    if (from === undefined) return;
    const originalLength = readUint32(bytes, offset + 8, this.#isLittleEndian);
    const limit = from.snapLength === 0 ? originalLength : Math.min(originalLength, from.snapLength);
    const capturedLength = Math.min(limit, length - 16);
    this.#handler.packet(bytes, offset + 12, capturedLength, originalLength, from.linkType, this.#lastTimeMicros);
  }
}

/** Nanoseconds since 1970 need more bits than a number has: divided in two steps, 32 bits at a time, they stay exact. */
function toMicros(high: number, low: number, unitsPerSecond: number): number {
  const unitsPerMicro = unitsPerSecond / MICROS_PER_SECOND;
  if (!Number.isInteger(unitsPerMicro)) return Math.floor((high * 2 ** 32 + low) / unitsPerMicro);
  const upper = Math.floor(high / unitsPerMicro);
  const remainder = high - upper * unitsPerMicro;
  return upper * 2 ** 32 + Math.floor((remainder * 2 ** 32 + low) / unitsPerMicro);
}
