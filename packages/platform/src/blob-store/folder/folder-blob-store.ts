import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { SphinxError } from '../../errors.ts';
import type { BlobReference, BlobStore } from '../blob-store.ts';

const SHA256_HEX = /^[0-9a-f]{64}$/;

/**
 * Files named by the SHA-256 of their content, in 256 folders. A file appears under its name only when all of it is on
 * the disk: it is written elsewhere first, synchronised, then renamed.
 *
 * @param folder created when missing, readable for its owner only
 */
export async function openFolderBlobStore(folder: string): Promise<BlobStore> {
  const incoming = join(folder, 'incoming');
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  return new FolderBlobStore(folder, incoming);
}

class FolderBlobStore implements BlobStore {
  readonly #folder: string;
  readonly #incoming: string;

  constructor(folder: string, incoming: string) {
    this.#folder = folder;
    this.#incoming = incoming;
  }

  async put(content: Readable | Uint8Array): Promise<BlobReference> {
    const temporary = join(this.#incoming, randomUUID());
    try {
      const reference = await writeContent(temporary, content);
      const folder = join(this.#folder, reference.sha256.slice(0, 2));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await rename(temporary, this.#path(reference.sha256));
      await synchronise(folder);
      return reference;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async open(sha256: string): Promise<Readable> {
    try {
      if (!SHA256_HEX.test(sha256)) throw new Error('not a SHA-256');
      // Opened before it is handed on, so that a file that is removed meanwhile can still be read to its end.
      return (await open(this.#path(sha256), 'r')).createReadStream();
    } catch (cause) {
      if (isMissing(cause) || !SHA256_HEX.test(sha256)) {
        throw new SphinxError('SPX_BLOB_NOT_FOUND', `The evidence store holds no file with SHA-256 ${sha256}.`, {
          cause,
        });
      }
      throw cause;
    }
  }

  async has(sha256: string): Promise<boolean> {
    return SHA256_HEX.test(sha256) && (await this.#sizeOf(sha256)) !== undefined;
  }

  async remove(sha256: string): Promise<void> {
    if (SHA256_HEX.test(sha256)) await rm(this.#path(sha256), { force: true });
  }

  async *list(): AsyncIterable<BlobReference> {
    for (const prefix of (await readdir(this.#folder)).filter((name) => /^[0-9a-f]{2}$/.test(name)).sort()) {
      for (const sha256 of (await readdir(join(this.#folder, prefix))).sort()) {
        const sizeBytes = await this.#sizeOf(sha256);
        if (sizeBytes !== undefined) yield { sha256, sizeBytes };
      }
    }
  }

  async #sizeOf(sha256: string): Promise<number | undefined> {
    try {
      return (await stat(this.#path(sha256))).size;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  #path(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256);
  }
}

/** @throws what the content throws when it breaks off */
async function writeContent(path: string, content: Readable | Uint8Array): Promise<BlobReference> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
      hash.update(bytes);
      sizeBytes += bytes.length;
      await file.writeFile(bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

/** Makes the name of a file as durable as its content; Windows has no such call for folders. */
async function synchronise(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
