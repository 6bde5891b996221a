// Runs in the thread that reads packets: nothing here waits but for the disk.
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { PcapngWriter } from '@sphinx/wire';
import { SEGMENT_ENDING, sealPart } from './sealed-segment.ts';
import { type BufferLimits, outdatedSegments, type Segment } from './segments.ts';

/** What a thread needs to keep packets. */
export interface PacketBufferTask extends BufferLimits {
  readonly folder: string;
  /** What is kept is sealed with it. */
  readonly key: Uint8Array;
}

const FLUSH_BYTES = 1 << 20;
/** Space is given back segment by segment: small enough that little more than the oldest goes. */
const SEGMENTS = 16;
const SMALLEST_SEGMENT_BYTES = 1 << 20;
const SEGMENT_AGE_MS = 600_000;

/** The latest packets of one source on disk, sealed, oldest dropped first. Survives the end of the program: files say what is there. */
export class PacketBuffer {
  readonly #task: PacketBufferTask;
  readonly #segmentBytes: number;
  readonly #tellProblem: (problem: string) => void;
  #writer = new PcapngWriter();
  #file: number | undefined;
  #current: Segment | undefined;
  #closed: Segment[] = [];
  /** Of the current segment. */
  #parts = 0;
  #openedAt = 0;
  #firstMicros: number | undefined;

  /** @param tellProblem called with why packets are not kept, and with nothing when they are again */
  constructor(task: PacketBufferTask, tellProblem: (problem: string) => void) {
    this.#task = task;
    this.#segmentBytes = Math.max(SMALLEST_SEGMENT_BYTES, Math.floor(task.maximumBytes / SEGMENTS));
    this.#tellProblem = tellProblem;
    mkdirSync(task.folder, { recursive: true, mode: 0o700 });
    this.#closed = readdirSync(task.folder).flatMap((name) => segmentOf(join(task.folder, name), name));
    this.#closed.sort((a, b) => a.startMicros - b.startMicros);
  }

  packet(...packet: Parameters<PcapngWriter['packet']>): void {
    this.#firstMicros ??= packet[5];
    this.#writer.packet(...packet);
    if (this.#writer.length >= FLUSH_BYTES) this.flush();
  }

  /** Writes what waits, and begins another segment when this one is large or old. */
  flush(): void {
    if (this.#firstMicros === undefined) return;
    try {
      this.#write(this.#firstMicros, this.#writer.take());
      this.#tellProblem('');
    } catch (error) {
      // Watching goes on; what cannot be kept is not kept.
      this.#finishSegment();
      this.#tellProblem(`Packets are not kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  close(): void {
    this.flush();
    this.#finishSegment();
  }

  #write(firstMicros: number, blocks: Uint8Array): void {
    const now = Date.now();
    const segment = this.#current ?? this.#openSegment(firstMicros, now);
    const part = sealPart(this.#task.key, segment.path, this.#parts, blocks);
    if (this.#file !== undefined) writeSync(this.#file, part);
    this.#parts += 1;
    this.#current = { ...segment, bytes: segment.bytes + part.length, writtenAt: now };
    const isFull = this.#current.bytes >= this.#segmentBytes || now - this.#openedAt >= SEGMENT_AGE_MS;
    if (isFull) this.#finishSegment();
    this.#dropOldest(now);
  }

  #openSegment(startMicros: number, now: number): Segment {
    const path = join(this.#task.folder, `${startMicros}-${now}${SEGMENT_ENDING}`);
    // Whole packets carry patients' data: for this account only.
    this.#file = openSync(path, 'wx', 0o600);
    this.#parts = 0;
    this.#openedAt = now;
    return { path, startMicros, bytes: 0, writtenAt: now };
  }

  #finishSegment(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    if (this.#current !== undefined) this.#closed.push(this.#current);
    this.#file = undefined;
    this.#current = undefined;
    this.#firstMicros = undefined;
    this.#writer = new PcapngWriter();
  }

  #dropOldest(now: number): void {
    const kept = this.#current === undefined ? this.#closed : [...this.#closed, this.#current];
    const outdated = new Set(outdatedSegments(kept, this.#task, now));
    for (const segment of this.#closed) if (outdated.has(segment)) rmSync(segment.path, { force: true });
    this.#closed = this.#closed.filter((segment) => !outdated.has(segment));
  }
}

function segmentOf(path: string, name: string): Segment[] {
  const startMicros = Number.parseInt(name, 10);
  if (!name.endsWith(SEGMENT_ENDING) || Number.isNaN(startMicros)) return [];
  const { size, mtimeMs } = statSync(path);
  return [{ path, startMicros, bytes: size, writtenAt: mtimeMs }];
}
