const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
/** Depth of an object in a list in the outermost object. */
const ELEMENT_DEPTH = 3;
const MAXIMUM_ELEMENT_BYTES = 64 << 20;

/** Cuts the objects of a list out of one JSON document of any size: `{"records": [{…}, {…}]}`. */
export class JsonElements {
  readonly #onElement: (text: string) => void;
  readonly #onTooLong: () => void;
  #depth = 0;
  #isInText = false;
  #isEscaped = false;
  #parts: Uint8Array[] = [];
  #length = 0;

  constructor(onElement: (text: string) => void, onTooLong: () => void) {
    this.#onElement = onElement;
    this.#onTooLong = onTooLong;
  }

  /** Whether the document is not closed yet. */
  get isOpen(): boolean {
    return this.#depth > 0;
  }

  push(bytes: Uint8Array): void {
    let start = this.#depth >= ELEMENT_DEPTH ? 0 : -1;
    for (let offset = 0; offset < bytes.length; offset++) {
      const change = this.#step(bytes[offset] ?? 0);
      if (change === 0) continue;
      this.#depth = Math.max(0, this.#depth + change);
      if (change > 0 && this.#depth === ELEMENT_DEPTH) start = offset;
      if (change < 0 && this.#depth === ELEMENT_DEPTH - 1 && start >= 0) {
        this.#keep(bytes.subarray(start, offset + 1));
        this.#finish();
        start = -1;
      }
    }
    if (start >= 0) this.#keep(bytes.slice(start));
  }

  /** @returns by how much the depth changes at this byte */
  #step(byte: number): -1 | 0 | 1 {
    if (this.#isInText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#isInText = false;
      return 0;
    }
    if (byte === QUOTE) this.#isInText = true;
    if (byte === OPENING_BRACE || byte === OPENING_BRACKET) return 1;
    return byte === CLOSING_BRACE || byte === CLOSING_BRACKET ? -1 : 0;
  }

  #keep(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length <= MAXIMUM_ELEMENT_BYTES) this.#parts.push(part);
    else this.#parts = [];
  }

  #finish(): void {
    if (this.#length > MAXIMUM_ELEMENT_BYTES) this.#onTooLong();
    else this.#onElement(Buffer.concat(this.#parts).toString('utf8'));
    this.#parts = [];
    this.#length = 0;
  }
}
