import { createHash, type Hash, hash } from 'node:crypto';

/** What is held of a file from its first byte on. */
interface Held {
  view(): Uint8Array;
}

const ALGORITHMS = { none: [], sha256: ['sha256'], all: ['sha256', 'sha1', 'md5'] } as const;
/** Smaller files are hashed at their end, in one go: most are, and the state of three hashes costs more than their bytes. */
const LARGEST_AT_ONCE = 64 * 1024;

/** Hashes of one file: of what is held of it at its end, or as its bytes come where they are too many. */
export class FileHashes {
  readonly #algorithms: readonly string[];
  #running: readonly Hash[] | undefined;
  #bytes = 0;

  constructor(which: keyof typeof ALGORITHMS) {
    this.#algorithms = ALGORITHMS[which];
  }

  /**
   * @param held what is held of the file, with these bytes
   * @param isHeld all of these bytes are
   */
  add(bytes: Uint8Array, held: Held, isHeld: boolean): void {
    const mayWait = isHeld && this.#bytes + bytes.length <= LARGEST_AT_ONCE;
    if (this.#running === undefined && !mayWait) this.#begin(held.view().subarray(0, this.#bytes));
    if (this.#running !== undefined) for (const one of this.#running) one.update(bytes);
    this.#bytes += bytes.length;
  }

  /** @param held what is held of all bytes. @returns hashes in hexadecimal; empty where they are not wanted */
  end(held: Held): { readonly md5: string; readonly sha1: string; readonly sha256: string } {
    const content = this.#running === undefined ? held.view() : undefined;
    const of = (algorithm: string) => {
      const place = this.#algorithms.indexOf(algorithm);
      if (place < 0) return '';
      return content === undefined ? (this.#running?.[place]?.digest('hex') ?? '') : hash(algorithm, content, 'hex');
    };
    return { md5: of('md5'), sha1: of('sha1'), sha256: of('sha256') };
  }

  #begin(before: Uint8Array): void {
    this.#running = this.#algorithms.map((algorithm) => createHash(algorithm).update(before));
  }
}
