import { crc32 } from 'node:zlib';
import { toWindowsEvent, type WindowsEvent } from '../windows/windows-event.ts';
import { ChunkRenderer } from './binxml.ts';
import { DamagedError } from './damaged-error.ts';
import { readFileTimeMs } from './values.ts';

/* One chunk of an event log: a header of 512 bytes, then records one after another (libyal, libevtx, "Chunk"). */

export const CHUNK_BYTES = 65_536;
const HEADER_BYTES = 512;
const RECORD_HEADER_BYTES = 24;
const RECORD_MAGIC = Buffer.from('2a2a0000', 'hex');
const SMALLEST_RECORD_BYTES = RECORD_HEADER_BYTES + 4;

export interface EvtxRecord {
  /** Number of the record in its log. */
  readonly id: number;
  /** Milliseconds since 1970 when it was written; NaN where the file tells no date. */
  readonly writtenMs: number;
  readonly event: WindowsEvent;
}

/** What of a chunk could not be read. */
export interface ChunkProblems {
  /** A checksum of its header or of its records does not fit; what is whole is read all the same. */
  isChecksumWrong: boolean;
  /** Stretches of bytes that should be records and are none, and records that hold no event. */
  damagedRecords: number;
  /** What was wrong, each reason once. */
  readonly reasons: Set<string>;
}

/** @returns whether a chunk begins here */
export function isChunk(bytes: Uint8Array): boolean {
  return bytes.length >= 128 && Buffer.from(bytes.buffer, bytes.byteOffset, 8).toString('latin1') === 'ElfChnk\0';
}

/**
 * Reads the records of one chunk, passing over what is damaged.
 *
 * @param bytes the chunk; may be cut off
 * @param problems counts what could not be read
 */
export function* readChunk(bytes: Uint8Array, problems: ChunkProblems): Generator<EvtxRecord> {
  const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, CHUNK_BYTES));
  const renderer = new ChunkRenderer(chunk);
  const isHeaderWhole = isHeaderIntact(chunk);
  const freeSpace = chunk.readUInt32LE(48);
  const hasEnd = isHeaderWhole && freeSpace >= HEADER_BYTES && freeSpace <= chunk.length;
  if (!hasEnd || crc32(chunk.subarray(HEADER_BYTES, freeSpace)) !== chunk.readUInt32LE(52)) {
    problems.isChecksumWrong = true;
  }
  let at = HEADER_BYTES;
  let previousId = -1;
  while (at + SMALLEST_RECORD_BYTES <= chunk.length) {
    const size = recordSize(chunk, at);
    const isBeyondEnd = hasEnd && at >= freeSpace;
    // Behind the end may stand what a machine that lost power had written, or what a former turn left: only what goes on counts.
    if (isBeyondEnd && (size === 0 || recordId(chunk, at) !== previousId + 1)) return;
    if (size === 0) {
      at = nextRecord(chunk, at, hasEnd ? freeSpace : chunk.length, problems);
      continue;
    }
    previousId = recordId(chunk, at);
    const record = readRecord(chunk, renderer, at, size, problems);
    if (record !== undefined) yield record;
    at += size;
  }
  if (hasEnd && at < freeSpace) note(problems, 'a chunk is cut off');
}

function isHeaderIntact(chunk: Buffer): boolean {
  if (chunk.length < HEADER_BYTES) return false;
  return crc32(chunk.subarray(128, HEADER_BYTES), crc32(chunk.subarray(0, 120))) === chunk.readUInt32LE(124);
}

/** @returns bytes of the record that begins here; 0 where none does */
function recordSize(chunk: Buffer, at: number): number {
  if (chunk.readUInt32LE(at) !== 0x2a2a) return 0;
  const size = chunk.readUInt32LE(at + 4);
  if (size < SMALLEST_RECORD_BYTES || at + size > chunk.length) return 0;
  return chunk.readUInt32LE(at + size - 4) === size ? size : 0;
}

function recordId(chunk: Buffer, at: number): number {
  return Number(chunk.readBigUInt64LE(at + 8));
}

/** @returns where the next record begins after bytes that are none, or the end of the chunk */
function nextRecord(chunk: Buffer, at: number, end: number, problems: ChunkProblems): number {
  if (isZero(chunk, at, end)) return chunk.length;
  note(problems, 'a record is damaged');
  let next = chunk.indexOf(RECORD_MAGIC, at + 1);
  while (next >= 0 && next + SMALLEST_RECORD_BYTES <= chunk.length && recordSize(chunk, next) === 0) {
    next = chunk.indexOf(RECORD_MAGIC, next + 1);
  }
  return next < 0 ? chunk.length : next;
}

function isZero(chunk: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (chunk[at] !== 0) return false;
  return true;
}

function readRecord(
  chunk: Buffer,
  renderer: ChunkRenderer,
  at: number,
  size: number,
  problems: ChunkProblems,
): EvtxRecord | undefined {
  try {
    const event = toWindowsEvent(renderer.render(at + RECORD_HEADER_BYTES, at + size - 4));
    if (event === undefined) throw new DamagedError('a record is no event');
    return { id: recordId(chunk, at), writtenMs: readFileTimeMs(chunk, at + 16), event };
  } catch (error) {
    if (!(error instanceof DamagedError || error instanceof RangeError)) throw error;
    note(problems, error instanceof DamagedError ? error.message : 'BinXML is cut off');
    return undefined;
  }
}

function note(problems: ChunkProblems, reason: string): void {
  problems.damagedRecords++;
  problems.reasons.add(reason);
}
