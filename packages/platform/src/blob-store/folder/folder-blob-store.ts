import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
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
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const file = await open(temporary, 'wx', 0o600);
    try {
      const chunks = content instanceof Uint8Array ? [content] : content;
      for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
        hash.update(chunk);
        sizeBytes += chunk.length;
        await file.writeFile(chunk);
      }
      await file.sync();
    } catch (error) {
      await file.close();
      await rm(temporary, { force: true });
      throw error;
    }
    await file.close();
    const sha256 = hash.digest('hex');
    await mkdir(join(this.#folder, sha256.slice(0, 2)), { recursive: true, mode: 0o700 });
    await rename(temporary, this.#path(sha256));
    return { sha256, sizeBytes };
  }

  async open(sha256: string): Promise<Readable> {
    if (!(await this.has(sha256))) {
      throw new SphinxError('SPX_BLOB_NOT_FOUND', `The evidence store holds no file with SHA-256 ${sha256}.`);
    }
    return createReadStream(this.#path(sha256));
  }

  async has(sha256: string): Promise<boolean> {
    if (!SHA256_HEX.test(sha256)) return false;
    return stat(this.#path(sha256)).then(
      (found) => found.isFile(),
      () => false,
    );
  }

  async remove(sha256: string): Promise<void> {
    if (SHA256_HEX.test(sha256)) await rm(this.#path(sha256), { force: true });
  }

  async *list(): AsyncIterable<BlobReference> {
    for (const prefix of (await readdir(this.#folder)).filter((name) => /^[0-9a-f]{2}$/.test(name)).sort()) {
      for (const sha256 of (await readdir(join(this.#folder, prefix))).sort()) {
        const { size } = await stat(this.#path(sha256));
        yield { sha256, sizeBytes: size };
      }
    }
  }

  #path(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256);
  }
}
