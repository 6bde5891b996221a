import type { Readable } from 'node:stream';

/** Content-addressed files: a folder embedded, an S3-compatible store later. Proved by `blob-store.contract.ts`. */
export interface BlobStore {
  /** @returns the SHA-256 of the content, hexadecimal, and its size in bytes */
  put(content: Readable | Uint8Array): Promise<BlobReference>;
  /** @throws SphinxError SPX_BLOB_NOT_FOUND */
  open(sha256: string): Promise<Readable>;
  has(sha256: string): Promise<boolean>;
  remove(sha256: string): Promise<void>;
  list(): AsyncIterable<BlobReference>;
}

export interface BlobReference {
  readonly sha256: string;
  readonly sizeBytes: number;
}
