/** Collects bytes up to a limit; what comes beyond is counted and dropped. */
export class GrowingBytes {
  readonly #limit: number;
  #parts: Buffer[] = [];
  #length = 0;
  /** All that came, also what was dropped. */
  total = 0;

  /** @param limit bytes that are kept at most */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  get isCut(): boolean {
    return this.total > this.#limit;
  }

  /** Always wants more, so that the total is right. */
  add(bytes: Uint8Array): true {
    this.total += bytes.length;
    const taken = Math.min(bytes.length, this.#limit - this.#length);
    if (taken > 0) {
      // A copy: the bytes on the wire are in a buffer that is used again.
      this.#parts.push(Buffer.from(bytes.subarray(0, taken)));
      this.#length += taken;
      if (this.#parts.length > 256) this.#parts = [Buffer.concat(this.#parts)];
    }
    return true;
  }

  /** @returns what was kept; it begins anew */
  take(): Buffer {
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    return bytes;
  }
}
