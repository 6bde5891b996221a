import { createHash } from 'node:crypto';

const UUID_BYTES = 16;

/** Numbers that look random and are the same for the same seed: SHA-256 over seed and counter. */
export class SeededRandom {
  readonly #seed: string;
  #counter = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** @returns an integer from 0 up to, not including, `limit` */
  below(limit: number): number {
    return this.#bytes().readUIntBE(0, 6) % limit;
  }

  /** @param items at least one */
  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  /** A number of 128 bits, as UIDs of DICOM have. */
  bigInteger(): bigint {
    return BigInt(`0x${this.#bytes().subarray(0, UUID_BYTES).toString('hex')}`);
  }

  #bytes(): Buffer {
    this.#counter += 1;
    return createHash('sha256').update(`${this.#seed}\0${this.#counter}`).digest();
  }
}
