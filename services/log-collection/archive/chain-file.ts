import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SigningKey } from '@sphinx/platform/signing';
import {
  type ArchiveEntry,
  type ArchiveHead,
  FILES,
  GENESIS,
  type NewEntry,
  signEntry,
  signHead,
} from './archive-entry.ts';

/** The chain of an archive that is gone on with. */
export class ChainFile {
  readonly #folder: string;
  readonly #key: SigningKey;
  readonly #handle: FileHandle;
  #head: ArchiveHead;
  #sizeBytes: number;
  #hasEntries: boolean;

  private constructor(folder: string, key: SigningKey, handle: FileHandle, from: ChainEnd) {
    this.#folder = folder;
    this.#key = key;
    this.#handle = handle;
    this.#head = { archive: from.archive, sequence: from.sequence, hash: from.hash, time: from.time };
    this.#sizeBytes = from.sizeBytes;
    this.#hasEntries = from.sequence > 0;
  }

  /** @param from where the chain ends that is there; nowhere, for a new archive */
  static async open(folder: string, key: SigningKey, from: ChainEnd): Promise<ChainFile> {
    const handle = await open(join(folder, FILES.chain), 'a', 0o600);
    return new ChainFile(folder, key, handle, from);
  }

  /** How far it goes; undefined before the first entry. */
  get head(): ArchiveHead | undefined {
    return this.#hasEntries ? this.#head : undefined;
  }

  get nextSequence(): number {
    return this.#head.sequence + 1;
  }

  /** Signs an entry and has it on the disk when it resolves. @returns it in its place */
  async append(fields: NewEntry, timeMs: number): Promise<ArchiveEntry> {
    const { archive, sequence, hash: previous } = this.#head;
    const time = Math.max(0, Math.trunc(timeMs));
    const entry = { ...fields, archive, sequence: sequence + 1, previous, time } as ArchiveEntry;
    const { line, hash } = signEntry(entry, this.#key);
    const bytes = Buffer.from(`${line}\n`);
    try {
      for (let done = 0; done < bytes.length; ) done += (await this.#handle.write(bytes, done)).bytesWritten;
      await this.#handle.datasync();
    } catch (error) {
      await this.#handle.truncate(this.#sizeBytes).catch(() => undefined);
      throw error;
    }
    this.#sizeBytes += bytes.length;
    this.#head = { archive, sequence: sequence + 1, hash, time };
    this.#hasEntries = true;
    return entry;
  }

  /** Signs how far the chain goes. */
  async writeHead(): Promise<void> {
    const path = join(this.#folder, FILES.head);
    const handle = await open(`${path}.new`, 'w', 0o600);
    try {
      await handle.writeFile(signHead(this.#head, this.#key));
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(`${path}.new`, path);
    await synchronise(dirname(path));
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Where a chain ends. */
export interface ChainEnd {
  readonly archive: string;
  /** 0 for an archive that begins. */
  readonly sequence: number;
  readonly hash: string;
  readonly time: number;
  readonly sizeBytes: number;
}

/** @returns the end of a chain that has no entry yet */
export function beginningOf(archive: string): ChainEnd {
  return { archive, sequence: 0, hash: GENESIS, time: 0, sizeBytes: 0 };
}

/** Names of files in a folder are on the disk when it resolves. */
export async function synchronise(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
