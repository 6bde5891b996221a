const LF = 10;
const CR = 13;
/** Longest line that is read: Suricata writes lines of tens of kilobytes at most. */
const MAXIMUM_LINE_BYTES = 1 << 20;

/** Cuts bytes into lines of UTF-8 text. A longer line than a megabyte is told of and left out. */
export class RecordLines {
  readonly #onLine: (line: string) => void;
  readonly #onTooLong: () => void;
  #parts: Uint8Array[] = [];
  #length = 0;
  #isTooLong = false;

  constructor(onLine: (line: string) => void, onTooLong: () => void) {
    this.#onLine = onLine;
    this.#onTooLong = onTooLong;
  }

  push(bytes: Uint8Array): void {
    let offset = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, offset)) {
      this.#add(bytes.subarray(offset, end));
      this.#finishLine();
      offset = end + 1;
    }
    // The caller may use its buffer again.
    this.#add(bytes.slice(offset));
  }

  /** What stands behind the last line end is a line too. */
  end(): void {
    if (this.#length > 0 || this.#isTooLong) this.#finishLine();
  }

  #add(part: Uint8Array): void {
    if (part.length === 0 || this.#isTooLong) return;
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length <= MAXIMUM_LINE_BYTES) return;
    this.#isTooLong = true;
    this.#forget();
  }

  #finishLine(): void {
    if (this.#isTooLong) this.#onTooLong();
    else {
      const [first = new Uint8Array(0), second] = this.#parts;
      const line = second === undefined ? first : Buffer.concat(this.#parts);
      const length = line.at(-1) === CR ? line.length - 1 : line.length;
      this.#onLine(Buffer.from(line.buffer, line.byteOffset, length).toString('utf8'));
    }
    this.#isTooLong = false;
    this.#forget();
  }

  #forget(): void {
    this.#parts = [];
    this.#length = 0;
  }
}
