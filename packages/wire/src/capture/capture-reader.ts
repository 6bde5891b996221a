import { ByteCollector } from '../bytes/byte-collector.ts';
import { PcapReader } from './pcap-reader.ts';
import { PcapngReader } from './pcapng-reader.ts';

/** Takes packets as they are found; a `Sensor` is one. */
export interface PacketHandler {
  packet(
    bytes: Uint8Array,
    offset: number,
    capturedLength: number,
    originalLength: number,
    linkType: number,
    timeMicros: number,
  ): void;
}

/** A format of capture files, read record by record. */
export interface RecordReader {
  /** Length of the fixed part that tells the length of a record. */
  readonly headerLength: number;
  /** @returns length of the record that starts here, header included; undefined when the file is damaged here */
  recordLength(bytes: Uint8Array, offset: number): number | undefined;
  /** Handles one complete record. */
  record(bytes: Uint8Array, offset: number, length: number): void;
}

/** What is not a capture file. */
export class CaptureFormatError extends Error {
  override readonly name = 'CaptureFormatError';
}

const MAGIC_LENGTH = 4;
/** A record longer than this is taken as damage: no link layer carries packets of that size. */
export const MAXIMUM_RECORD_BYTES = 16 * 1024 * 1024;

/**
 * Reads pcap and pcapng from chunks of any size and hands over each packet without copying it, except where one lies
 * across two chunks.
 */
export class CaptureReader {
  readonly #handler: PacketHandler;
  #reader: RecordReader | undefined;
  /** A record that lies across chunks, as far as it has come. */
  readonly #rest = new ByteCollector(2 * MAXIMUM_RECORD_BYTES);
  #warnings: string[] = [];
  #isDamaged = false;

  constructor(handler: PacketHandler) {
    this.#handler = handler;
  }

  /** @throws CaptureFormatError when the first bytes are of no known format */
  push(chunk: Uint8Array): void {
    if (this.#isDamaged) return;
    let offset = 0;
    while (this.#rest.length > 0 && offset < chunk.length) offset += this.#completeRest(chunk.subarray(offset));
    if (this.#rest.length === 0) this.#rest.add(chunk.subarray(this.#readRecords(chunk, offset)));
  }

  /** @returns what was wrong with the file, in words; empty for a sound one */
  end(): readonly string[] {
    if (this.#reader === undefined && !this.#isDamaged) {
      throw new CaptureFormatError(
        this.#rest.length === 0 ? 'The capture file is empty.' : 'The file is too short to be a capture file.',
      );
    }
    if (this.#rest.length > 0 && !this.#isDamaged) {
      this.#warnings.push('The capture file ends in the middle of a packet; everything before it was read.');
    }
    return this.#warnings;
  }

  /** Takes bytes until the record that began in an earlier chunk is whole. @returns bytes taken of `chunk` */
  #completeRest(chunk: Uint8Array): number {
    let taken = 0;
    for (;;) {
      const needed = this.#neededFor(this.#rest.view());
      if (needed === undefined) return chunk.length;
      const missing = needed - this.#rest.length;
      if (missing <= 0) break;
      const part = chunk.subarray(taken, taken + missing);
      if (part.length === 0) return taken;
      this.#rest.add(part);
      taken += part.length;
    }
    this.#rest.drop(this.#readRecords(this.#rest.view(), 0));
    return taken;
  }

  /** Bytes that must be there to go on; undefined when the file is damaged. */
  #neededFor(bytes: Uint8Array): number | undefined {
    if (this.#reader === undefined) return Math.max(MAGIC_LENGTH, initialLength(bytes));
    if (bytes.length < this.#reader.headerLength) return this.#reader.headerLength;
    return this.#lengthAt(bytes, 0);
  }

  #readRecords(bytes: Uint8Array, start: number): number {
    let offset = start;
    if (this.#reader === undefined) {
      if (bytes.length - offset < MAGIC_LENGTH) return offset;
      const initial = initialLength(bytes.subarray(offset));
      if (bytes.length - offset < initial) return offset;
      this.#reader = selectReader(bytes, offset, this.#handler);
      offset += this.#reader instanceof PcapReader ? initial : 0;
    }
    const reader = this.#reader;
    while (bytes.length - offset >= reader.headerLength) {
      const length = this.#lengthAt(bytes, offset);
      if (length === undefined) return bytes.length;
      if (bytes.length - offset < length) return offset;
      reader.record(bytes, offset, length);
      offset += length;
    }
    return offset;
  }

  #lengthAt(bytes: Uint8Array, offset: number): number | undefined {
    const length = this.#reader?.recordLength(bytes, offset);
    if (length !== undefined && length <= MAXIMUM_RECORD_BYTES) return length;
    this.#isDamaged = true;
    this.#rest.clear();
    this.#warnings.push('The capture file is damaged; everything up to the damage was read.');
    return undefined;
  }
}

function initialLength(bytes: Uint8Array): number {
  return PcapReader.isPcap(bytes, 0) ? PcapReader.fileHeaderLength : MAGIC_LENGTH;
}

function selectReader(bytes: Uint8Array, offset: number, handler: PacketHandler): RecordReader {
  if (PcapReader.isPcap(bytes, offset)) return new PcapReader(bytes, offset, handler);
  if (PcapngReader.isPcapng(bytes, offset)) return new PcapngReader(handler);
  throw new CaptureFormatError(
    'This is neither a pcap nor a pcapng file. Was it made with tcpdump, Wireshark or dumpcap?',
  );
}
