import { ByteCollector } from '../bytes/byte-collector.ts';

/** Memory for content of files, shared by all of them. */
export class ContentBudget {
  readonly #maximumBytes: number;
  #heldBytes = 0;
  /** Bytes that were not held for want of memory, or because their file had enough. */
  shedBytes = 0;

  constructor(maximumBytes: number) {
    this.#maximumBytes = maximumBytes;
  }

  /** @returns how many of these bytes may be held */
  take(bytes: number): number {
    const held = Math.max(0, Math.min(bytes, this.#maximumBytes - this.#heldBytes));
    this.#heldBytes += held;
    return held;
  }

  giveBack(bytes: number): void {
    this.#heldBytes -= bytes;
  }
}

/** The first bytes of something, up to a limit of its own and as far as the budget of all goes. */
export class HeldContent {
  readonly #budget: ContentBudget;
  readonly #bytes: ByteCollector;
  readonly #maximumBytes: number;

  constructor(budget: ContentBudget, maximumBytes: number) {
    this.#budget = budget;
    this.#maximumBytes = maximumBytes;
    this.#bytes = new ByteCollector(maximumBytes);
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** @returns whether all of it is held */
  add(bytes: Uint8Array): boolean {
    const wanted = Math.min(bytes.length, this.#maximumBytes - this.length);
    const held = wanted === 0 ? 0 : this.#budget.take(wanted);
    if (held > 0) this.#bytes.add(held === bytes.length ? bytes : bytes.subarray(0, held));
    return held === bytes.length;
  }

  /** Valid until the next change. */
  view(): Uint8Array {
    return this.#bytes.view();
  }

  release(): void {
    this.#budget.giveBack(this.length);
    this.#bytes.clear();
  }
}
