import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secrets } from '@sphinx/platform';
import { CaptureFormatError, CaptureReader, decompress, PcapngWriter } from '@sphinx/wire';
import { contentKey } from '../sealing.ts';
import type { Source } from '../sources/source.ts';
import type { PacketBufferTask } from './packet-buffer.ts';
import { openSegment } from './sealed-segment.ts';
import { type BufferLimits, listSegments, pruneSegments } from './segments.ts';

const PRUNE_INTERVAL_MS = 60_000;
const MICROS_PER_MS = 1000;
const KEY_NAME = 'packet-buffer';

/** Gives the bytes of a capture file from its beginning. */
export type Capture = () => AsyncIterable<Uint8Array>;

/** What of a source is kept. */
export interface KeptPackets {
  readonly source: string;
  readonly bytes: number;
  /** Milliseconds since the Unix epoch. */
  readonly oldest: number;
}

/** Finds packets that are still there: of the packet buffer, and of capture files on this machine. */
export class PacketKeeper {
  readonly #folder: string;
  readonly #limits: BufferLimits;
  readonly #secrets: Secrets;
  #key: Uint8Array | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param folder of the packet buffer, with one for each source in it. @param limits no bytes: it is off */
  constructor(folder: string, limits: BufferLimits, secrets: Secrets) {
    this.#folder = folder;
    this.#limits = limits;
    this.#secrets = secrets;
  }

  /** Before sources start: the key is there when they ask for it. */
  async open(): Promise<void> {
    if (this.#limits.maximumBytes === 0) await rm(this.#folder, { recursive: true, force: true });
    else this.#key = await contentKey(this.#secrets, KEY_NAME);
  }

  /** Drops what may be kept no longer, now and from time to time: also of sources that have ended. */
  async watch(sources: () => readonly Source[]): Promise<void> {
    if (this.#key === undefined) return;
    const prune = async () => {
      for (const { id } of sources()) await pruneSegments(this.#folderOf(id), this.#limits, Date.now());
    };
    await prune();
    this.#timer = setInterval(() => void prune().catch(() => undefined), PRUNE_INTERVAL_MS);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** What a sensor thread needs; undefined where packets are not kept. */
  taskOf(source: string): PacketBufferTask | undefined {
    return this.#key === undefined ? undefined : { ...this.#limits, folder: this.#folderOf(source), key: this.#key };
  }

  async forget(source: string): Promise<void> {
    await rm(this.#folderOf(source), { recursive: true, force: true });
  }

  async kept(sources: readonly Source[]): Promise<readonly KeptPackets[]> {
    const kept: KeptPackets[] = [];
    for (const { id } of sources) {
      const segments = await listSegments(this.#folderOf(id));
      const [first] = segments;
      if (first === undefined) continue;
      const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
      kept.push({ source: id, bytes, oldest: Math.floor(first.startMicros / MICROS_PER_MS) });
    }
    return kept;
  }

  /** Captures of a source that may hold packets of a time, the oldest first. @param range milliseconds */
  async capturesOf(source: Source, range?: { readonly from: number; readonly until: number }): Promise<Capture[]> {
    if (source.kind === 'file' || source.kind === 'sample') {
      const isThere = await stat(source.path ?? '').then(
        (found) => found.isFile(),
        () => false,
      );
      const { path } = source;
      return isThere && path !== undefined ? [() => decompress(createReadStream(path), () => undefined)] : [];
    }
    const key = this.#key;
    if (key === undefined) return [];
    const segments = await listSegments(this.#folderOf(source.id));
    const within = segments.filter(({ startMicros, writtenAt }) => {
      if (range === undefined) return true;
      // A segment may have been written a little later than its packets came.
      return startMicros < (range.until + 1) * MICROS_PER_MS && writtenAt >= range.from;
    });
    return within.map(
      ({ path }) =>
        () =>
          openSegment(key, path),
    );
  }

  #folderOf(source: string): string {
    return join(this.#folder, source);
  }
}

/** Reads captures one after the other; one that is cut off or just goes is read as far as it is there. */
export async function readCaptures(captures: readonly Capture[], open: () => CaptureReader): Promise<void> {
  for (const capture of captures) {
    const reader = open();
    try {
      for await (const chunk of capture()) reader.push(chunk);
      reader.end();
    } catch (error) {
      const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!isGone && !(error instanceof CaptureFormatError)) throw error;
    }
  }
}

/** The captures as one file, also where one of them is cut off. */
export async function* joinCaptures(captures: readonly Capture[]): AsyncIterable<Uint8Array> {
  const writer = new PcapngWriter();
  for (const capture of captures) {
    const reader = new CaptureReader({ packet: (...packet) => writer.packet(...packet) });
    for await (const chunk of capture()) {
      reader.push(chunk);
      if (writer.length > 0) yield Uint8Array.from(writer.take());
    }
  }
}
