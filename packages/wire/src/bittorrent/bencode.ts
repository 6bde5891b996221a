import { latin1 } from '../bytes/text.ts';

const MAXIMUM_DEPTH = 8;
const MAXIMUM_ITEMS = 512;
/** Digits of a length or a number: more is none that a message needs. */
const MAXIMUM_DIGITS = 16;
const [DICTIONARY, LIST, NUMBER, END, COLON] = [0x64, 0x6c, 0x69, 0x65, 0x3a];

/** A value in bencoding; texts are bytes, views of the message. */
export type Bencoded = number | Uint8Array | readonly Bencoded[] | ReadonlyMap<string, Bencoded>;

/**
 * Reads bencoding (BEP 3, "bencoding"): a message that was cut off gives what came of it.
 *
 * @returns undefined where no value begins
 */
export function readBencoded(bytes: Uint8Array): Bencoded | undefined {
  return new BencodeReader(bytes).value(0);
}

/** @returns the bytes of a text; undefined for any other value */
export function bytesOf(value: Bencoded | undefined): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}

class BencodeReader {
  readonly #bytes: Uint8Array;
  #offset = 0;
  #items = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  value(depth: number): Bencoded | undefined {
    this.#items += 1;
    if (depth > MAXIMUM_DEPTH || this.#items > MAXIMUM_ITEMS) return undefined;
    const first = this.#bytes[this.#offset];
    if (first === DICTIONARY) return this.#dictionary(depth);
    if (first === LIST) return this.#list(depth);
    if (first !== NUMBER) return this.#text();
    this.#offset += 1;
    return this.#digits(END);
  }

  #dictionary(depth: number): ReadonlyMap<string, Bencoded> {
    const values = new Map<string, Bencoded>();
    this.#offset += 1;
    while (this.#isMore()) {
      const key = this.#text();
      const value = key === undefined ? undefined : this.value(depth + 1);
      if (key === undefined || value === undefined) break;
      values.set(latin1(key), value);
    }
    return values;
  }

  #list(depth: number): readonly Bencoded[] {
    const values: Bencoded[] = [];
    this.#offset += 1;
    while (this.#isMore()) {
      const value = this.value(depth + 1);
      if (value === undefined) break;
      values.push(value);
    }
    return values;
  }

  #isMore(): boolean {
    const byte = this.#bytes[this.#offset];
    if (byte === END) this.#offset += 1;
    return byte !== END && byte !== undefined;
  }

  #text(): Uint8Array | undefined {
    const length = this.#digits(COLON);
    const end = this.#offset + (length ?? -1);
    if (length === undefined || length < 0 || end > this.#bytes.length) return undefined;
    const text = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return text;
  }

  #digits(end: number): number | undefined {
    const stop = this.#bytes.indexOf(end, this.#offset);
    if (stop < 0 || stop - this.#offset > MAXIMUM_DIGITS) return undefined;
    const text = latin1(this.#bytes, this.#offset, stop);
    this.#offset = stop + 1;
    return /^-?\d+$/.test(text) ? Number(text) : undefined;
  }
}
