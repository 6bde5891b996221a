import { createHash, type Hash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open, rm, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { LOG_KINDS, type LogKind } from '@sphinx/logs';
import { synchronise } from './chain-file.ts';
import { digestOf, type FileDigest } from './digest.ts';

/** A line that goes into the archive. */
export interface ArchivedLine {
  /** When it came in, milliseconds since the Unix epoch. */
  readonly received: number;
  /** Id under which `log_activity` has it. */
  readonly id: string;
  /** Way in and sender. */
  readonly source: string;
  /** As the sender wrote it. */
  readonly raw: string;
}

/** What stands in a file of lines. */
export interface JournalContent {
  readonly lines: number;
  readonly from: number;
  readonly until: number;
  /** Bytes behind the last line feed: of a line whose writing was interrupted. */
  readonly tornBytes: number;
}

const LINE_FEED = 0x0a;
/** The time of a line stands in its first bytes. */
const TIME_BYTES = 40;
const NAME = new RegExp(`^(${LOG_KINDS.join('|')})-[0-9a-f]{12}\\.jsonl$`);

/** Lines of one kind that are gathered until they are closed as a segment. */
export class Journal {
  readonly kind: LogKind;
  readonly name: string;
  readonly path: string;
  /** When the first line was taken, milliseconds since the Unix epoch. */
  readonly openedAt: number;
  readonly #hash: Hash = createHash('sha256');
  #handle: FileHandle | undefined;
  #pending: string[] = [];
  #pendingBytes = 0;
  #pendingFrom = 0;
  #pendingUntil = 0;
  #written = 0;
  #lines = 0;
  #from = 0;
  #until = 0;

  constructor(folder: string, kind: LogKind, openedAt: number) {
    this.kind = kind;
    this.openedAt = openedAt;
    this.name = `${kind}-${randomBytes(6).toString('hex')}.jsonl`;
    this.path = join(folder, this.name);
  }

  /** Bytes, written or not. */
  get sizeBytes(): number {
    return this.#written + this.#pendingBytes;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  get content(): JournalContent {
    return { lines: this.#lines, from: this.#from, until: this.#until, tornBytes: 0 };
  }

  add({ received, id, source, raw }: ArchivedLine): void {
    // The time comes first: it is read again without reading the line.
    const line = `${JSON.stringify({ received, id, source, raw })}\n`;
    if (this.#pending.length === 0) this.#pendingFrom = received;
    this.#pendingUntil = received;
    this.#pending.push(line);
    this.#pendingBytes += Buffer.byteLength(line);
  }

  /**
   * Writes what waits and has it on the disk when it resolves.
   *
   * @returns lines that could not be written; they are given up, and the file is as it was before
   */
  async write(): Promise<{ readonly lost: number; readonly error?: unknown }> {
    const lines = this.#pending.length;
    if (lines === 0) return { lost: 0 };
    const bytes = Buffer.from(this.#pending.join(''));
    const [from, until] = [this.#pendingFrom, this.#pendingUntil];
    this.#pending = [];
    this.#pendingBytes = 0;
    try {
      if (this.#handle === undefined) {
        this.#handle = await open(this.path, 'ax', 0o600);
        await synchronise(dirname(this.path));
      }
      for (let done = 0; done < bytes.length; ) done += (await this.#handle.write(bytes, done)).bytesWritten;
      await this.#handle.datasync();
    } catch (error) {
      await this.#handle?.truncate(this.#written).catch(() => undefined);
      return { lost: lines, error };
    }
    this.#hash.update(bytes);
    this.#written += bytes.length;
    this.#from = this.#lines === 0 ? from : Math.min(this.#from, from);
    this.#until = Math.max(this.#until, until);
    this.#lines += lines;
    return { lost: 0 };
  }

  /** Lets the file go. @returns SHA-256 of all that was written into it */
  async end(): Promise<string> {
    await this.#handle?.close();
    this.#handle = undefined;
    return this.#hash.copy().digest('hex');
  }
}

/** @returns the kind of a file of lines by its name; undefined for another file */
export function kindOfJournal(name: string): LogKind | undefined {
  return NAME.exec(name)?.[1] as LogKind | undefined;
}

/**
 * Reads a file that an interrupted run left, and cuts off the line whose writing was interrupted: nobody was told that it is kept.
 *
 * @param nowMs stands for times that cannot be read
 */
export async function mendJournal(path: string, nowMs: number): Promise<JournalContent> {
  let [lines, from, until, whole, position] = [0, Number.POSITIVE_INFINITY, 0, 0, 0];
  let beginning = '';
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      const stop = end < 0 ? chunk.length : end;
      if (beginning.length < TIME_BYTES)
        beginning += chunk.toString('latin1', start, Math.min(stop, start + TIME_BYTES));
      if (end < 0) break;
      const received = Number(/^\{"received":(\d{1,15})[,}]/.exec(beginning)?.[1] ?? nowMs);
      from = Math.min(from, received);
      until = Math.max(until, received);
      lines++;
      beginning = '';
      start = end + 1;
      whole = position + start;
    }
    position += chunk.length;
  }
  if (whole < position) await truncate(path, whole);
  return { lines, from: lines === 0 ? nowMs : from, until, tornBytes: position - whole };
}

/**
 * Packs a file of lines with gzip, which is on the disk when it resolves.
 *
 * @returns digest of the packed file, and SHA-256 of what it was packed from
 */
export async function packJournal(
  path: string,
  target: string,
): Promise<FileDigest & { readonly contentSha256: string }> {
  const content = createHash('sha256');
  await rm(target, { force: true });
  await pipeline(
    createReadStream(path),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        content.update(chunk);
        yield chunk;
      }
    },
    createGzip(),
    createWriteStream(target, { mode: 0o600, flags: 'wx', flush: true }),
  );
  const digest = await digestOf(target);
  if (digest === undefined) throw new Error(`${target} is gone as soon as it was written.`);
  return { ...digest, contentSha256: content.digest('hex') };
}
