import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

// Lean advisories look alike: compressed a few dozen at a time they take a fifth of their bytes, outside of the heap.

const TEXTS_PER_BLOCK = 32;
const SLAB_BYTES = 4 * 1024 * 1024;
/** Blocks that stay open: whoever asks for one text often asks for its neighbours. */
const MOST_OPEN = 32;

/** Texts of one line, by number. */
export class TextList {
  readonly #slabs: Buffer[] = [];
  #filled = SLAB_BYTES;
  /** Slab, first byte and length of each block. */
  readonly #places: number[] = [];
  /** Texts that are not in a block yet. */
  #last: string[] = [];
  #opened = new Map<number, readonly string[]>();

  /** @param text without line breaks, as JSON is @returns its number, one more than that of the text before */
  add(text: string): number {
    const number = this.#blocks * TEXTS_PER_BLOCK + this.#last.length;
    this.#last.push(text);
    if (this.#last.length === TEXTS_PER_BLOCK) {
      this.#keep(zstdCompressSync(this.#last.join('\n')));
      this.#last = [];
    }
    return number;
  }

  /** @param number one that was given */
  get(number: number): string {
    const block = Math.floor(number / TEXTS_PER_BLOCK);
    const texts = block < this.#blocks ? this.#open(block) : this.#last;
    return texts[number % TEXTS_PER_BLOCK] ?? '';
  }

  get #blocks(): number {
    return this.#places.length / 3;
  }

  #open(block: number): readonly string[] {
    const known = this.#opened.get(block);
    if (known !== undefined) return known;
    const [slab = 0, from = 0, length = 0] = this.#places.slice(block * 3, block * 3 + 3);
    const bytes = (this.#slabs[slab] as Buffer).subarray(from, from + length);
    const texts = zstdDecompressSync(bytes).toString('utf8').split('\n');
    if (this.#opened.size >= MOST_OPEN) this.#opened = new Map();
    this.#opened.set(block, texts);
    return texts;
  }

  #keep(bytes: Buffer): void {
    if (this.#filled + bytes.length > SLAB_BYTES) {
      this.#slabs.push(Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, bytes.length)));
      this.#filled = 0;
    }
    const slab = this.#slabs.length - 1;
    bytes.copy(this.#slabs[slab] as Buffer, this.#filled);
    this.#places.push(slab, this.#filled, bytes.length);
    this.#filled += bytes.length;
  }
}
