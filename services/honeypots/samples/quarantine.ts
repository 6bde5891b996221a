import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { type BlobStore, type Secrets, SphinxError } from '@sphinx/platform';

const KEY_NAME = 'quarantine-key';
const KEY_BYTES = 32;
/** NIST SP 800-38D §8.2. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAGIC = Buffer.from('SPXQ1');

/** Where a sample lies: its own digest, and that of what is stored. */
export interface SealedSample {
  readonly sha256: string;
  readonly blob: string;
  readonly bytes: number;
}

/**
 * What strangers left behind, sealed with AES-256-GCM: it lies nowhere as a file that a program could run or a scanner trip
 * over, and no object of a patient that came by mistake can be read.
 */
export class Quarantine {
  readonly #blobs: BlobStore;
  readonly #key: Buffer;

  private constructor(blobs: BlobStore, key: Buffer) {
    this.#blobs = blobs;
    this.#key = key;
  }

  static async open(blobs: BlobStore, secrets: Secrets): Promise<Quarantine> {
    let key = await secrets.get(KEY_NAME);
    if (key === undefined) {
      key = randomBytes(KEY_BYTES);
      await secrets.set(KEY_NAME, key);
    }
    return new Quarantine(blobs, Buffer.from(key));
  }

  async keep(content: Uint8Array): Promise<SealedSample> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const sealed = Buffer.concat([MAGIC, nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
    const { sha256: blob } = await this.#blobs.put(sealed);
    return { sha256: createHash('sha256').update(content).digest('hex'), blob, bytes: content.length };
  }

  /** @throws SphinxError SPX_BLOB_NOT_FOUND, SPX_SECRET_UNREADABLE when it was changed */
  async open(blob: string): Promise<Buffer> {
    const sealed = await buffer(await this.#blobs.open(blob));
    const start = MAGIC.length + NONCE_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(MAGIC.length, start));
    try {
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(start, -TAG_BYTES)), decipher.final()]);
    } catch (cause) {
      throw new SphinxError(
        'SPX_SECRET_UNREADABLE',
        'This sample does not open: it was changed, or the key is another.',
        { cause },
      );
    }
  }

  async remove(blob: string): Promise<void> {
    await this.#blobs.remove(blob);
  }
}
