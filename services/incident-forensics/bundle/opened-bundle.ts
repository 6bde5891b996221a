import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readZip, writeZip } from '@sphinx/platform/archive';
import { isPlainArchive, readPlainArchive } from './plain-archive.ts';
import { digestOf, plainEntries } from './write-bundle.ts';

const LIMITS = { entries: 10_000, unpackedBytes: 64 * 1024 ** 3 };

/** A bundle whose files can be read. */
export interface OpenedBundle {
  readonly names: readonly string[];
  read(name: string): Promise<Uint8Array | undefined>;
  /** @throws Error where there is no such file */
  digest(name: string): Promise<{ readonly sha256: string; readonly sizeBytes: number }>;
  /** Packed once more, the files give the same archive: no byte hides beside them. */
  isPlain(): Promise<boolean>;
}

/** @returns undefined where the bytes are no archive that a bundle is */
export function openInMemory(bytes: Buffer): OpenedBundle | undefined {
  const files = readPlainArchive(bytes);
  if (files === undefined) return undefined;
  return {
    names: [...files.keys()],
    read: async (name) => files.get(name),
    digest: async (name) => {
      const content = files.get(name) ?? Buffer.alloc(0);
      return { sha256: createHash('sha256').update(content).digest('hex'), sizeBytes: content.length };
    },
    isPlain: async () => isPlainArchive(bytes, files),
  };
}

/** Unpacks a bundle that is too large for the memory, for as long as it is looked at. @param look gets what is wrong, in words, where it is no archive */
export async function withBundleOnDisk<T>(
  path: string,
  look: (opened: OpenedBundle | string) => Promise<T>,
): Promise<T> {
  const work = await mkdtemp(join(tmpdir(), 'sphinx-evidence-'));
  try {
    return await look(await unpack(path, work));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function unpack(path: string, work: string): Promise<OpenedBundle | string> {
  const names: string[] = [];
  try {
    for await (const entry of readZip(path, LIMITS)) {
      if (names.includes(entry.name)) return `${entry.name} is there twice`;
      names.push(entry.name);
      const target = join(work, entry.name);
      await mkdir(dirname(target), { recursive: true });
      await pipeline(await entry.open(), createWriteStream(target));
    }
  } catch (error) {
    return `the archive is damaged: ${error instanceof Error ? error.message : String(error)}`;
  }
  return {
    names,
    read: (name) => readFile(join(work, name)).catch(() => undefined),
    digest: (name) => digestOf(join(work, name)),
    isPlain: async () => {
      const again = `${work}.zip`;
      try {
        await writeZip(again, plainEntries(work, names));
        const [first, second] = await Promise.all([digestOf(path), digestOf(again)]);
        return first.sha256 === second.sha256;
      } finally {
        await rm(again, { force: true });
      }
    },
  };
}
