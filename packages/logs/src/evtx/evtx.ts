import { crc32 } from 'node:zlib';
import { type ByteSource, bytesSource } from './byte-source.ts';
import { CHUNK_BYTES, type ChunkProblems, type EvtxRecord, isChunk, readChunk } from './chunk.ts';

/* The file: a header of one block of 4,096 bytes, then chunks of 64 KB (libyal, libevtx, "File header"). */

const FILE_HEADER_BYTES = 4096;
/** Chunks begin at multiples of this, also where bytes of the file are lost. */
const SECTOR_BYTES = 512;
const DIRTY = 1;

/** What a log file holds, beside its records; complete when all of them were read. */
export interface EvtxSummary {
  /** The file says that it was not closed: its last records may be missing or twice there. */
  readonly isDirty: boolean;
  /** The header of the file is damaged or missing; its chunks are read all the same. */
  readonly isHeaderDamaged: boolean;
  readonly chunks: number;
  readonly records: number;
  /** Chunks of which a checksum does not fit. */
  readonly damagedChunks: number;
  readonly damagedRecords: number;
  /** Stretches of 64 KB that should be a chunk and are none. */
  readonly lostChunks: number;
  /** What was wrong, each reason once. */
  readonly reasons: readonly string[];
}

/** @returns whether a file begins like an event log of Windows Vista or later */
export function isEvtx(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && Buffer.from(bytes.buffer, bytes.byteOffset, 8).toString('latin1') === 'ElfFile\0';
}

/**
 * Reads an event log of Windows (EVTX). Never throws on damaged input: what is whole is yielded, what is not is counted. Holds one
 * chunk at a time.
 *
 * @param source bytes, or a source that is read piece by piece
 * @returns the records in the order of the file; the generator's own result tells what was damaged
 */
export function* readEvtx(source: Uint8Array | ByteSource): Generator<EvtxRecord, EvtxSummary> {
  const file = source instanceof Uint8Array ? bytesSource(source) : source;
  const header = readHeader(file);
  const reasons = new Set<string>();
  const counts = { chunks: 0, records: 0, damagedChunks: 0, damagedRecords: 0, lostChunks: 0 };
  let at = header.isDamaged ? 0 : header.bytes;
  while (at < file.size) {
    const bytes = file.read(at, CHUNK_BYTES);
    if (bytes.length === 0) break;
    if (!isChunk(bytes)) {
      // The room behind the last chunk may be reserved, and is then empty.
      if (bytes.some((byte) => byte !== 0) && !(at === 0 && header.isDamaged)) counts.lostChunks++;
      at = findChunk(file, bytes, at);
      continue;
    }
    counts.chunks++;
    const problems: ChunkProblems = { isChecksumWrong: false, damagedRecords: 0, reasons };
    for (const record of readChunk(bytes, problems)) {
      counts.records++;
      yield record;
    }
    if (problems.isChecksumWrong) counts.damagedChunks++;
    counts.damagedRecords += problems.damagedRecords;
    at += CHUNK_BYTES;
  }
  return { isDirty: header.isDirty, isHeaderDamaged: header.isDamaged, ...counts, reasons: [...reasons] };
}

/** @returns where the next chunk begins in these bytes, or the byte after them */
function findChunk(file: ByteSource, bytes: Uint8Array, at: number): number {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let offset = SECTOR_BYTES - (at % SECTOR_BYTES); offset < view.length; offset += SECTOR_BYTES) {
    if (view.readUInt8(offset) === 0x45 && isChunk(file.read(at + offset, 128))) return at + offset;
  }
  return at + bytes.length;
}

function readHeader(file: ByteSource): { isDamaged: boolean; isDirty: boolean; bytes: number } {
  const bytes = file.read(0, 128);
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!isEvtx(bytes) || view.length < 128) return { isDamaged: true, isDirty: false, bytes: 0 };
  const isDirty = (view.readUInt32LE(120) & DIRTY) !== 0;
  const isWhole = crc32(view.subarray(0, 120)) === view.readUInt32LE(124);
  // Only the start of the chunks matters of a header, and that has always been the next block.
  const blockBytes = view.readUInt16LE(40);
  const isUsual = blockBytes >= 128 && blockBytes % SECTOR_BYTES === 0;
  return { isDamaged: !isWhole && !isDirty, isDirty, bytes: isWhole && isUsual ? blockBytes : FILE_HEADER_BYTES };
}
