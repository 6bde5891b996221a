import { createHash } from 'node:crypto';
import { type FileHandle, glob, open } from 'node:fs/promises';
import type { RecordSink } from './input.ts';

/*
 * Follows files that programs append to. A file is known by its inode and by what it begins with, so that one that was renamed is read
 * to its end under its new name, and one that was emptied or replaced is read from its beginning.
 */

const READ_BYTES = 256 * 1024;
/** As much of the beginning as tells a file from another that got its inode. */
const HEAD_BYTES = 256;
/** Files that are followed; more are left out, and that is said. */
const MAXIMUM_FILES = 1000;

/** How far a file was read. */
export interface FilePosition {
  readonly path: string;
  /** Device and inode. */
  readonly file: string;
  /** Digest of the first bytes, with how many they are. */
  readonly head: string;
  readonly headBytes: number;
  readonly offset: number;
}

/** Where positions are kept over restarts. */
export interface PositionStore {
  load(): Promise<readonly FilePosition[]>;
  save(positions: readonly FilePosition[]): Promise<void>;
}

export interface FollowerOptions {
  /** Paths, or patterns with `*`. */
  readonly patterns: readonly string[];
  readonly maximumBytes: number;
  readonly now: () => number;
  readonly positions: PositionStore;
  readonly sink: RecordSink;
  /** Resolves when what was pushed is stored: only then is the position kept. */
  readonly stored: () => Promise<void>;
}

/** Reads what is new in files, line by line. */
export class FileFollower {
  readonly #options: FollowerOptions;
  readonly #known = new Map<string, FilePosition>();
  #isOpen = false;
  #leftOut = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  get files(): number {
    return this.#known.size;
  }

  /** Files that fit a pattern and are not followed, for there are too many. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Reads everything that is new. A line without its end waits for the end. */
  async poll(): Promise<void> {
    if (!this.#isOpen) {
      for (const position of await this.#options.positions.load()) this.#known.set(position.file, position);
      this.#isOpen = true;
    }
    const changed: FilePosition[] = [];
    const seen = new Set<string>();
    this.#leftOut = 0;
    for (const pattern of this.#options.patterns) {
      for await (const path of glob(pattern)) {
        if (seen.has(path)) continue;
        if (seen.size >= MAXIMUM_FILES) {
          this.#leftOut++;
          continue;
        }
        seen.add(path);
        const position = await this.#readFile(path);
        if (position !== undefined) changed.push(position);
      }
    }
    if (changed.length === 0) return;
    await this.#options.stored();
    for (const position of changed) this.#known.set(position.file, position);
    await this.#options.positions.save(changed);
  }

  /** @returns where it was read to, if that is news */
  async #readFile(path: string): Promise<FilePosition | undefined> {
    let handle: FileHandle;
    try {
      handle = await open(path, 'r');
    } catch {
      return undefined;
    }
    try {
      const status = await handle.stat();
      if (!status.isFile()) return undefined;
      const file = `${status.dev}:${status.ino}`;
      const known = await this.#knownOf(handle, file, status.size);
      const start = known?.offset ?? 0;
      const end = status.size > start ? await this.#readLines(handle, path, start) : start;
      if (known !== undefined && end === start && known.path === path) return undefined;
      const head = await headOf(handle, Math.min(HEAD_BYTES, end));
      return { path, file, offset: end, ...head };
    } finally {
      await handle.close();
    }
  }

  /** @returns the position of this very file; undefined where it is another, or was emptied */
  async #knownOf(handle: FileHandle, file: string, size: number): Promise<FilePosition | undefined> {
    const known = this.#known.get(file);
    if (known === undefined || size < known.offset) return undefined;
    const { head } = await headOf(handle, known.headBytes);
    return head === known.head ? known : undefined;
  }

  async #readLines(handle: FileHandle, path: string, start: number): Promise<number> {
    const { maximumBytes, sink, now } = this.#options;
    const source = `file/${path}`;
    const push = (line: Buffer) => {
      const cut = line.length > maximumBytes ? line.subarray(0, maximumBytes) : line;
      if (cut.length < line.length) sink.countTruncated(source, 1);
      const raw = cut.toString('utf8').replace(/\r$/, '');
      if (raw.trim() !== '') sink.push({ raw, arrivedMs: now(), source, senderIp: '' });
    };
    const buffer = Buffer.alloc(READ_BYTES);
    let rest: Buffer = Buffer.alloc(0);
    let offset = start;
    let consumed = start;
    while (!sink.isFull) {
      const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, offset);
      if (bytesRead === 0) break;
      offset += bytesRead;
      const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      let at = 0;
      for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, at)) {
        push(bytes.subarray(at, end));
        consumed += end + 1 - at;
        at = end + 1;
      }
      rest = Buffer.from(bytes.subarray(at));
      // A line without end is told in pieces, so that memory is bounded.
      if (rest.length > maximumBytes) {
        push(rest);
        consumed += rest.length;
        rest = Buffer.alloc(0);
      }
    }
    return consumed;
  }
}

async function headOf(handle: FileHandle, length: number): Promise<{ head: string; headBytes: number }> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
  const head = createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex');
  return { head, headBytes: length };
}
