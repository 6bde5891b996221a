import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

/*
 * Lines that wait for the receiver, in files that are only appended to. What was handed over is behind a position that is kept; files
 * before it are removed. A position that a crash loses makes lines come twice, never not at all.
 */

const FILE_BYTES = 8_000_000;
/** Lines that wait for a slow disk. */
const MAXIMUM_PENDING_BYTES = 16_000_000;
const LINE_FEED = 0x0a;
const NAME = /^(\d{10})\.jsonl$/;
const POSITION_FILE = 'position.json';

/** Place in the spool: a file and bytes in it. */
interface Position {
  readonly file: number;
  readonly offset: number;
}

/** Lines to hand over. */
export interface SpoolBatch {
  /** Whole lines, each with its line feed. */
  readonly bytes: Buffer;
  readonly lines: number;
  readonly end: Position;
}

interface SpoolFile {
  readonly number: number;
  sizeBytes: number;
}

/** A bounded queue of lines on disk, over restarts. */
export class Spool {
  readonly #folder: string;
  readonly #maximumBytes: number;
  readonly #files: SpoolFile[];
  #position: Position;
  #handle: FileHandle | undefined;
  #pending: string[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(folder: string, maximumBytes: number, files: SpoolFile[], position: Position) {
    this.#folder = folder;
    this.#maximumBytes = maximumBytes;
    this.#files = files;
    this.#position = position;
  }

  /** @param maximumBytes that may wait on the disk */
  static async open(folder: string, maximumBytes: number): Promise<Spool> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const position = await readPosition(folder);
    const files: SpoolFile[] = [];
    for (const name of (await readdir(folder)).sort()) {
      const number = Number(NAME.exec(name)?.[1] ?? Number.NaN);
      if (Number.isNaN(number)) continue;
      const path = join(folder, name);
      if (number < position.file) await rm(path, { force: true });
      else files.push({ number, sizeBytes: await withoutTornLine(path) });
    }
    const [first] = files;
    return new Spool(
      folder,
      maximumBytes,
      files,
      first?.number === position.file ? position : { file: first?.number ?? position.file, offset: 0 },
    );
  }

  /** Bytes that wait. */
  get waitingBytes(): number {
    const stored = this.#files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
    const done = this.#files[0]?.number === this.#position.file ? this.#position.offset : 0;
    return stored - done + this.#pendingBytes;
  }

  get isFull(): boolean {
    return this.waitingBytes >= this.#maximumBytes || this.#pendingBytes >= MAXIMUM_PENDING_BYTES;
  }

  /** @param line without line feed. @returns false where there is no room: it was not taken */
  push(line: string): boolean {
    if (this.isFull) return false;
    this.#pending.push(`${line}\n`);
    this.#pendingBytes += Buffer.byteLength(line) + 1;
    return true;
  }

  /** Has on the disk what was pushed when it resolves. @throws when the disk does not take it; it is tried again with the next call */
  flush(): Promise<void> {
    const next = this.#writing.then(() => this.#write());
    this.#writing = next.catch(() => undefined);
    return next;
  }

  /** @param maximumLines at most. @returns the next lines that are on the disk, about so many bytes; undefined where none wait */
  async next(maximumBytes: number, maximumLines: number): Promise<SpoolBatch | undefined> {
    for (const file of this.#files) {
      if (file.number < this.#position.file) continue;
      const offset = file.number === this.#position.file ? this.#position.offset : 0;
      if (offset >= file.sizeBytes) continue;
      const batch = await this.#read(file, offset, maximumBytes, maximumLines);
      if (batch !== undefined) return batch;
    }
    return undefined;
  }

  /** Lines up to there are handed over. */
  async done({ end }: SpoolBatch): Promise<void> {
    this.#position = end;
    const path = join(this.#folder, POSITION_FILE);
    const handle = await open(`${path}.new`, 'w', 0o600);
    await handle.writeFile(JSON.stringify(end));
    await handle.datasync();
    await handle.close();
    await rename(`${path}.new`, path);
    for (let [first] = this.#files; first !== undefined && first.number < end.file; [first] = this.#files) {
      this.#files.shift();
      await rm(this.#path(first.number), { force: true });
    }
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #write(): Promise<void> {
    if (this.#pending.length === 0) return;
    const bytes = Buffer.from(this.#pending.join(''));
    const taken = this.#pending.length;
    const { file, handle } = await this.#current();
    try {
      for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done)).bytesWritten;
      await handle.datasync();
    } catch (error) {
      await handle.truncate(file.sizeBytes).catch(() => undefined);
      throw error;
    }
    file.sizeBytes += bytes.length;
    this.#pending = this.#pending.slice(taken);
    this.#pendingBytes -= bytes.length;
  }

  async #current(): Promise<{ file: SpoolFile; handle: FileHandle }> {
    const last = this.#files.at(-1);
    if (this.#handle !== undefined && last !== undefined && last.sizeBytes < FILE_BYTES) {
      return { file: last, handle: this.#handle };
    }
    await this.#handle?.close();
    const file = { number: Math.max(last?.number ?? 0, this.#position.file) + 1, sizeBytes: 0 };
    this.#handle = await open(this.#path(file.number), 'ax', 0o600);
    this.#files.push(file);
    return { file, handle: this.#handle };
  }

  async #read(
    { number, sizeBytes }: SpoolFile,
    offset: number,
    maximumBytes: number,
    maximumLines: number,
  ): Promise<SpoolBatch | undefined> {
    const handle = await open(this.#path(number), 'r');
    try {
      for (let wanted = maximumBytes; ; wanted *= 2) {
        const length = Math.min(wanted, sizeBytes - offset);
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, offset);
        const { end, lines } = linesWithin(buffer.subarray(0, bytesRead), maximumLines);
        if (lines > 0) return { bytes: buffer.subarray(0, end), lines, end: { file: number, offset: offset + end } };
        if (length === sizeBytes - offset) return undefined;
      }
    } finally {
      await handle.close();
    }
  }

  #path(number: number): string {
    return join(this.#folder, `${String(number).padStart(10, '0')}.jsonl`);
  }
}

function linesWithin(bytes: Buffer, maximumLines: number): { readonly end: number; readonly lines: number } {
  let [end, lines] = [0, 0];
  while (lines < maximumLines) {
    const next = bytes.indexOf(LINE_FEED, end);
    if (next < 0) break;
    end = next + 1;
    lines++;
  }
  return { end, lines };
}

async function readPosition(folder: string): Promise<Position> {
  try {
    const { file, offset } = JSON.parse(await readFile(join(folder, POSITION_FILE), 'utf8'));
    if (Number.isSafeInteger(file) && Number.isSafeInteger(offset)) return { file, offset };
  } catch {
    // Everything that is there is handed over again.
  }
  return { file: 0, offset: 0 };
}

/** Cuts off a line whose writing was interrupted: nobody was told that it is kept. @returns the size that is left */
async function withoutTornLine(path: string): Promise<number> {
  const { size } = await stat(path);
  const content = await readFile(path);
  const whole = content.lastIndexOf(LINE_FEED) + 1;
  if (whole < size) await truncate(path, whole);
  return whole;
}
