import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname } from 'node:path';
import { type Retries, retrying } from './retrying.ts';
import { needStatus } from './safe-download.ts';
import { abortReason, type DownloadRoute, requestSafely } from './safe-request.ts';

/** What a server said of the state of a file, to ask later whether it has changed (RFC 9110 §8.8). */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export interface FileDownload extends DownloadRoute {
  readonly url: string;
  /** Where the file is put when all of it is there. Beside it lies `.part` while it is not. */
  readonly path: string;
  /** Of the file that is there already: it is fetched only when it has changed. */
  readonly validators?: Validators | undefined;
  readonly maximumBytes: number;
  /** For the server to send something, anew after each part. */
  readonly idleTimeoutMs: number;
  /** Bytes that must stay free on the disk. */
  readonly reserveBytes: number;
  readonly retries: Retries;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to the host of the first URL only. */
  readonly secretHeaders?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** @param totalBytes undefined where the server does not tell */
  progress?(bytes: number, totalBytes: number | undefined): void;
}

export type FileDownloaded =
  | { readonly isChanged: false }
  | {
      readonly isChanged: true;
      readonly sizeBytes: number;
      readonly sha256: string;
      readonly validators: Validators;
      /** Bytes that were there from an attempt before. */
      readonly resumedBytes: number;
    };

/** What is known of a part: only of the same file of the same state is it gone on with. */
interface PartNote extends Validators {
  readonly url: string;
}

/**
 * Fetches a file of any size to the disk. A connection that breaks is taken up again where it ended (RFC 9110 §14.2, §13.1.5),
 * also by a later call after the process was killed, as long as the server still has the same file.
 *
 * @throws Error with the reason, in words that follow "cannot be fetched:"; the part that is there stays for the next attempt
 */
export async function downloadFile(download: FileDownload): Promise<FileDownloaded> {
  let resumedBytes = 0;
  const attempt = async (): Promise<FileDownloaded> => {
    const known = await readPart(download);
    const answer = await ask(download, known);
    if (answer === undefined) return { isChanged: false };
    const { response, from, validators, watch } = answer;
    resumedBytes = Math.max(resumedBytes, from);
    await keepNote(download, validators);
    try {
      await receive(download, response, from, watch);
    } finally {
      response.destroy();
    }
    await rename(partOf(download.path), download.path);
    await rm(noteOf(download.path), { force: true });
    const { size } = await stat(download.path);
    return { isChanged: true, sizeBytes: size, sha256: await hashOf(download.path), validators, resumedBytes };
  };
  return retrying(attempt, download.retries, download.signal);
}

/** Ends a request whose server says nothing for too long, or that a person cancels. */
interface Watch {
  readonly signal: AbortSignal;
  /** Tells that the server is alive. */
  readonly beat: () => void;
  readonly stop: () => void;
}

interface Answer {
  readonly response: IncomingMessage;
  readonly from: number;
  readonly validators: Validators;
  readonly watch: Watch;
}

/** @returns undefined where the file is as it was */
async function ask(download: FileDownload, part: Part): Promise<Answer | undefined> {
  const watch = watchIdle(download);
  const headers = { ...download.headers, ...conditionsOf(part, download.validators) };
  try {
    const { response } = await requestSafely(download.url, { ...download, headers, signal: watch.signal });
    if (response.statusCode === 416) {
      // The part is not of this file: from the beginning.
      response.destroy();
      await forgetPart(download.path);
      return await ask(download, { bytes: 0, note: undefined });
    }
    if (response.statusCode === 304) {
      response.destroy();
      await forgetPart(download.path);
      return undefined;
    }
    needStatus(response, 200, 206);
    const from = response.statusCode === 206 ? startOfRange(response, part.bytes) : 0;
    const length = Number(response.headers['content-length']);
    if (Number.isFinite(length)) await needRoom(download, from, length);
    response.on('close', watch.stop);
    return { response, from, validators: validatorsOf(response), watch };
  } catch (error) {
    watch.stop();
    throw watch.signal.aborted ? abortReason(watch.signal) : error;
  }
}

function watchIdle({ signal, idleTimeoutMs }: FileDownload): Watch {
  const idle = new AbortController();
  const expire = () => idle.abort(new DOMException('idle', 'TimeoutError'));
  let timer = setTimeout(expire, idleTimeoutMs);
  return {
    signal: AbortSignal.any([signal, idle.signal]),
    beat: () => {
      clearTimeout(timer);
      timer = setTimeout(expire, idleTimeoutMs);
    },
    stop: () => clearTimeout(timer),
  };
}

function conditionsOf({ bytes, note }: Part, validators: Validators | undefined): Record<string, string> {
  // A weak validator does not promise the same bytes (RFC 9110 §13.1.5).
  const strong = note?.etag?.startsWith('W/') === true ? undefined : note?.etag;
  const state = strong ?? note?.lastModified;
  if (bytes > 0 && state !== undefined) {
    return { range: `bytes=${bytes}-`, 'if-range': state };
  }
  return {
    ...(validators?.etag === undefined ? {} : { 'if-none-match': validators.etag }),
    ...(validators?.lastModified === undefined ? {} : { 'if-modified-since': validators.lastModified }),
  };
}

function startOfRange(response: IncomingMessage, asked: number): number {
  const from = /^bytes (\d+)-/.exec(response.headers['content-range'] ?? '')?.[1];
  if (from !== undefined && Number(from) === asked) return asked;
  response.destroy();
  throw new Error('the server sent another part than was asked for');
}

function validatorsOf({ headers }: IncomingMessage): Validators {
  const { etag, 'last-modified': lastModified } = headers;
  return { ...(etag === undefined ? {} : { etag }), ...(lastModified === undefined ? {} : { lastModified }) };
}

async function needRoom({ path, maximumBytes, reserveBytes }: FileDownload, from: number, more: number): Promise<void> {
  if (from + more > maximumBytes) throw new TooLarge(maximumBytes);
  const { bavail, bsize } = await statfs(dirname(path));
  if (bavail * bsize - more < reserveBytes) throw new DiskFull();
}

async function receive(download: FileDownload, response: IncomingMessage, from: number, watch: Watch): Promise<void> {
  const { path, maximumBytes } = download;
  const length = Number(response.headers['content-length']);
  const total = Number.isFinite(length) ? from + length : undefined;
  const file = await open(partOf(path), from === 0 ? 'w' : 'r+');
  let bytes = from;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      watch.beat();
      if (bytes + chunk.length > maximumBytes) throw new TooLarge(maximumBytes);
      await write(file, chunk, bytes);
      bytes += chunk.length;
      download.progress?.(bytes, total);
    }
    if (total !== undefined && bytes !== total) throw new Error('the connection broke off');
    await file.truncate(bytes);
    await file.sync();
  } catch (error) {
    if (error instanceof TooLarge) await forgetPart(path);
    throw watch.signal.aborted ? abortReason(watch.signal) : readable(error);
  } finally {
    await file.close();
  }
}

async function write(file: FileHandle, chunk: Buffer, position: number): Promise<void> {
  try {
    await file.write(chunk, 0, chunk.length, position);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? new DiskFull() : error;
  }
}

/** A connection that breaks shows as one of several errors, none of which a person knows. */
function readable(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') return new Error('the connection broke off');
  if (error instanceof Error && error.name === 'AbortError') return new Error('the server took too long');
  return error;
}

/** Not worth another attempt. */
class TooLarge extends Error {
  readonly isFinal = true;
  constructor(maximumBytes: number) {
    super(`it is larger than ${maximumBytes / 1024 / 1024} MB`);
  }
}

/** Not worth another attempt before somebody made room. */
class DiskFull extends Error {
  readonly isFinal = true;
  constructor() {
    super('the disk is full. Make room on the volume of the data folder');
  }
}

interface Part {
  readonly bytes: number;
  readonly note: PartNote | undefined;
}

async function readPart({ path, url }: FileDownload): Promise<Part> {
  const bytes = await stat(partOf(path)).then(
    ({ size }) => size,
    () => 0,
  );
  const note = await readNote(path);
  return note.url === url ? { bytes, note: { ...note, url } } : { bytes: 0, note: undefined };
}

/** A note that was cut off while it was written says nothing. */
async function readNote(path: string): Promise<Partial<PartNote>> {
  try {
    return JSON.parse(await readFile(noteOf(path), 'utf8')) as Partial<PartNote>;
  } catch {
    return {};
  }
}

async function keepNote({ path, url }: FileDownload, validators: Validators): Promise<void> {
  await writeFile(noteOf(path), JSON.stringify({ url, ...validators }));
}

async function forgetPart(path: string): Promise<void> {
  await rm(partOf(path), { force: true });
  await rm(noteOf(path), { force: true });
}

const partOf = (path: string) => `${path}.part`;
const noteOf = (path: string) => `${path}.part.json`;

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}
