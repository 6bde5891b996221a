/**
 * Reads numbers and slices from bytes without ever reading past them: what is missing reads as zero and sets `isBroken`,
 * so a parser checks once at the end instead of before each field.
 */
export class ByteCursor {
  readonly bytes: Uint8Array;
  offset: number;
  readonly end: number;
  isBroken = false;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = Math.min(end, bytes.length);
  }

  get remaining(): number {
    return this.end - this.offset;
  }

  uint8(): number {
    return this.#take(1) ? (this.bytes[this.offset - 1] ?? 0) : 0;
  }

  uint16(isLittleEndian = false): number {
    if (!this.#take(2)) return 0;
    const a = this.bytes[this.offset - 2] ?? 0;
    const b = this.bytes[this.offset - 1] ?? 0;
    return isLittleEndian ? (b << 8) | a : (a << 8) | b;
  }

  uint24(): number {
    return this.uint8() * 0x10000 + this.uint16();
  }

  uint32(isLittleEndian = false): number {
    const first = this.uint16(isLittleEndian);
    const second = this.uint16(isLittleEndian);
    return isLittleEndian ? second * 0x10000 + first : first * 0x10000 + second;
  }

  /** A view, not a copy. Empty when it is not all there. */
  slice(length: number): Uint8Array {
    if (!this.#take(length)) return this.bytes.subarray(0, 0);
    return this.bytes.subarray(this.offset - length, this.offset);
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** A cursor over the next `length` bytes, or over as many as there are; this one moves behind them. */
  nested(length: number): ByteCursor {
    const available = Math.min(length, this.remaining);
    const nested = new ByteCursor(this.bytes, this.offset, this.offset + available);
    if (available < length) this.isBroken = true;
    this.offset += available;
    return nested;
  }

  #take(length: number): boolean {
    if (length >= 0 && this.offset + length <= this.end) {
      this.offset += length;
      return true;
    }
    this.isBroken = true;
    this.offset = this.end;
    return false;
  }
}
