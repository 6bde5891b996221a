import { allocateUninitialised } from './allocate.ts';

const FIRST_CAPACITY = 256;
const NOTHING: Uint8Array = new Uint8Array(0);

/**
 * Collects bytes that arrive in pieces, up to a limit. Memory grows with what has arrived, never with what a length field
 * promises: a sender cannot make us reserve what it does not send.
 */
export class ByteCollector {
  readonly #limit: number;
  #buffer = NOTHING;
  #length = 0;

  /** @param limit bytes; what comes beyond is left out */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length >= this.#limit;
  }

  add(bytes: Uint8Array): void {
    const taken = Math.min(bytes.length, this.#limit - this.#length);
    if (this.#length + taken > this.#buffer.length) this.#grow(this.#length + taken);
    this.#buffer.set(taken === bytes.length ? bytes : bytes.subarray(0, taken), this.#length);
    this.#length += taken;
  }

  /** What was collected: a view that is valid until the next change. */
  view(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Forgets the first `count` bytes. */
  drop(count: number): void {
    if (count >= this.#length) {
      this.clear();
      return;
    }
    if (count === 0) return;
    this.#buffer.copyWithin(0, count, this.#length);
    this.#length -= count;
  }

  /** Forgets everything and gives the memory back. */
  clear(): void {
    this.#buffer = NOTHING;
    this.#length = 0;
  }

  #grow(needed: number): void {
    const capacity = Math.min(this.#limit, Math.max(needed, FIRST_CAPACITY, this.#buffer.length * 2));
    const grown = allocateUninitialised(capacity);
    grown.set(this.view());
    this.#buffer = grown;
  }
}
