import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

export interface FileDigest {
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** @returns undefined for what is not there, or is no file */
export async function digestOf(path: string): Promise<FileDigest | undefined> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    if (!(await stat(path)).isFile()) return undefined;
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      sizeBytes += chunk.length;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}
