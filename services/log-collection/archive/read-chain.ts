import { createReadStream } from 'node:fs';
import { hasOwnId, type TrustedKey } from '@sphinx/platform/signing';
import {
  type ArchiveEntry,
  type DroppedEntry,
  GENESIS,
  keyNamedIn,
  type OpenedEntry,
  openEntry,
  type SegmentEntry,
} from './archive-entry.ts';

/** No entry is longer: the longest names a thousand segments that were dropped. */
const MAXIMUM_LINE_BYTES = 1_000_000;
const MAXIMUM_PROBLEMS = 100;
const LINE_FEED = 0x0a;

/** A segment with what became of it. */
export interface ChainedSegment {
  readonly entry: SegmentEntry;
  readonly isDropped: boolean;
}

/** What the chain of an archive says. */
export interface Chain {
  readonly opened: OpenedEntry | undefined;
  /** Keys with which it was read: those that were brought along, else the one that its first entry names. */
  readonly keys: readonly TrustedKey[];
  /** Of each entry, in order. */
  readonly hashes: readonly string[];
  readonly segments: ReadonlyMap<number, ChainedSegment>;
  readonly dropped: readonly DroppedEntry[];
  /** When the last entry was signed, milliseconds since the Unix epoch; 0 where there is none. */
  readonly signedAt: number;
  readonly sizeBytes: number;
  /** Bytes of a last entry without an end. */
  readonly tornBytes: number;
  /** Everything that does not hold, in words. */
  readonly problems: readonly string[];
}

/**
 * Reads a chain and checks every entry: its signature, its number, and that it follows the one before. Never throws for what is in
 * the file; memory grows with the number of entries only.
 *
 * @param trusted keys that are known to be the hospital's; without, the key that the first entry names
 * @returns an empty chain for a file that is not there
 */
export async function readChain(path: string, trusted?: readonly TrustedKey[]): Promise<Chain> {
  const reader = new ChainReader(trusted);
  try {
    for await (const { bytes, isWhole } of linesOf(path)) reader.take(bytes, isWhole);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return reader.chain();
}

class ChainReader {
  readonly #isTrustGiven: boolean;
  #keys: readonly TrustedKey[];
  readonly #hashes: string[] = [];
  readonly #segments = new Map<number, ChainedSegment>();
  readonly #dropped: DroppedEntry[] = [];
  readonly #problems: string[] = [];
  #opened: OpenedEntry | undefined;
  #lines = 0;
  #signedAt = 0;
  #sizeBytes = 0;
  #tornBytes = 0;

  constructor(trusted: readonly TrustedKey[] | undefined) {
    this.#isTrustGiven = trusted !== undefined;
    this.#keys = trusted ?? [];
  }

  take(bytes: Uint8Array, isWhole: boolean): void {
    this.#lines++;
    this.#sizeBytes += bytes.length + (isWhole ? 1 : 0);
    this.#tornBytes = isWhole ? 0 : bytes.length;
    const name = `entry ${this.#lines} of the chain`;
    if (!isWhole) this.#tell(`${name} has no end: it was cut, or its writing was interrupted`);
    if (this.#lines === 1 && !this.#isTrustGiven) {
      const key = keyNamedIn(bytes);
      if (key !== undefined && hasOwnId(key)) this.#keys = [key];
    }
    const opened = openEntry(bytes, this.#keys);
    if ('problem' in opened) {
      this.#tell(`${name} does not hold: ${opened.problem}`);
      this.#hashes.push('');
      return;
    }
    this.#place(name, opened.statement);
    this.#note(name, opened.statement);
    this.#hashes.push(opened.hash);
  }

  chain(): Chain {
    return {
      opened: this.#opened,
      keys: this.#keys,
      hashes: this.#hashes,
      segments: this.#segments,
      dropped: this.#dropped,
      signedAt: this.#signedAt,
      sizeBytes: this.#sizeBytes,
      tornBytes: this.#tornBytes,
      problems: this.#problems,
    };
  }

  #place(name: string, entry: ArchiveEntry): void {
    if (entry.sequence !== this.#lines) this.#tell(`${name} has number ${entry.sequence}: one was taken out or put in`);
    if (entry.previous !== (this.#hashes.at(-1) ?? GENESIS)) this.#tell(`${name} does not follow the one before`);
    if (this.#lines === 1 ? entry.type !== 'opened' : entry.type === 'opened') {
      this.#tell(this.#lines === 1 ? 'the chain has no beginning' : `${name} begins another archive`);
    }
    if (this.#opened !== undefined && entry.archive !== this.#opened.archive)
      this.#tell(`${name} is of another archive`);
    this.#signedAt = entry.time;
  }

  #note(name: string, entry: ArchiveEntry): void {
    if (entry.type === 'opened') this.#opened ??= entry;
    else if (entry.type === 'segment') this.#segments.set(entry.sequence, { entry, isDropped: false });
    else {
      this.#dropped.push(entry);
      for (const { sequence, sha256 } of entry.segments) {
        const known = this.#segments.get(sequence);
        if (known === undefined || known.entry.sha256 !== sha256) this.#tell(`${name} drops a segment that never was`);
        else this.#segments.set(sequence, { entry: known.entry, isDropped: true });
      }
    }
  }

  #tell(problem: string): void {
    if (this.#problems.length < MAXIMUM_PROBLEMS) this.#problems.push(problem);
  }
}

/** What is longer than any entry comes in pieces, which are no entries either. */
async function* linesOf(path: string): AsyncGenerator<{ readonly bytes: Buffer; readonly isWhole: boolean }> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED)) {
      yield { bytes: bytes.subarray(0, end), isWhole: true };
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length > MAXIMUM_LINE_BYTES) {
      yield { bytes, isWhole: false };
      bytes = Buffer.alloc(0);
    }
    rest = bytes;
  }
  if (rest.length > 0) yield { bytes: rest, isWhole: false };
}
