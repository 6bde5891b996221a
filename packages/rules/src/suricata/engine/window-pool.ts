// Hot path, guarded by bench/rules.ts.

/** Bytes of a stream that are kept, so that a match may begin in one segment and end in a later one. */
const WINDOW_BYTES = 4096;
/** Most streams are short: windows come in these sizes, and in the longest that there is. */
const SMALL_SIZES = [256, 1024] as const;

/** The last bytes of a stream: `bytes` up to `length`. */
export interface Window {
  readonly bytes: Uint8Array;
  length: number;
}

/** Windows over streams, used again and again, which together take no more than a budget. */
export class WindowPool {
  readonly #budget: number;
  readonly #longest: number;
  /** Smallest first. */
  readonly #sizes: readonly number[];
  /** Bytes of all windows, those that wait to be used again included. */
  #bytes = 0;
  readonly #free: readonly Window[][];

  /** @param longestBytes how far a window may reach back */
  constructor(budgetBytes: number, longestBytes = WINDOW_BYTES) {
    this.#budget = budgetBytes;
    this.#longest = longestBytes;
    this.#sizes = [...SMALL_SIZES.filter((size) => size < longestBytes), longestBytes];
    this.#free = this.#sizes.map(() => []);
  }

  /**
   * @param window of the stream so far; it is changed or given back
   * @param bytes that came behind it
   * @returns window of the last bytes of both; `undefined` when the budget is used up
   */
  keep(window: Window | undefined, bytes: Uint8Array): Window | undefined {
    const before = window?.length ?? 0;
    const length = Math.min(this.#longest, before + bytes.length);
    const kept = window !== undefined && length <= window.bytes.length ? window : this.#grow(window, length);
    if (kept === undefined) return undefined;
    const fresh = Math.min(this.#longest, bytes.length);
    const old = length - fresh;
    if (old > 0 && before > old) kept.bytes.copyWithin(0, before - old, before);
    kept.bytes.set(fresh === bytes.length ? bytes : bytes.subarray(bytes.length - fresh), old);
    kept.length = length;
    return kept;
  }

  /** Takes a window back. */
  free(window: Window): void {
    this.#free[this.#sizeIndex(window.bytes.length)]?.push(window);
  }

  /** @returns a window of that size at least, with the content of the one before */
  #grow(window: Window | undefined, length: number): Window | undefined {
    if (window !== undefined) this.free(window);
    const grown = this.#take(this.#sizeIndex(length));
    if (window !== undefined) grown?.bytes.set(window.bytes);
    return grown;
  }

  #take(index: number): Window | undefined {
    const used = this.#free[index]?.pop();
    if (used !== undefined) return used;
    const size = this.#sizes[index] ?? this.#longest;
    if (!this.#makeRoom(size)) return undefined;
    this.#bytes += size;
    return { bytes: new Uint8Array(size), length: 0 };
  }

  /** Windows of other sizes that wait to be used again make room. */
  #makeRoom(size: number): boolean {
    for (const free of this.#free) {
      while (this.#bytes + size > this.#budget) {
        const dropped = free.pop();
        if (dropped === undefined) break;
        this.#bytes -= dropped.bytes.length;
      }
    }
    return this.#bytes + size <= this.#budget;
  }

  #sizeIndex(length: number): number {
    return this.#sizes.findIndex((size) => length <= size);
  }
}
