import { latin1 } from '../bytes/text.ts';
import { decodeHuffman } from './huffman.ts';
import { STATIC_TABLE } from './static-table.ts';

export type Field = readonly [name: string, value: string];

/** SETTINGS_HEADER_TABLE_SIZE (RFC 9113 §6.5.2): what both ends begin with. */
const TABLE_BYTES = 4096;
/** Larger tables are not kept; an encoder that uses one cannot be followed. */
const MAXIMUM_TABLE_BYTES = 64 * 1024;
const ENTRY_OVERHEAD = 32;
const MAXIMUM_FIELDS = 256;
const MAXIMUM_TEXT = 16 * 1024;
const MAXIMUM_INTEGER = 0x0fff_ffff;

/** Decodes the field blocks of one direction; every block must be given, in order (RFC 7541 §2.2). */
export class HpackDecoder {
  #dynamic: Field[] = [];
  #bytes = 0;
  #limit = TABLE_BYTES;
  #block: Uint8Array = new Uint8Array(0);
  #offset = 0;

  /** @returns undefined for a damaged block, after which the direction cannot be followed any more */
  decode(block: Uint8Array): readonly Field[] | undefined {
    this.#block = block;
    this.#offset = 0;
    const fields: Field[] = [];
    while (this.#offset < block.length) {
      const first = block[this.#offset] ?? 0;
      if ((first & 0xe0) === 0x20) {
        if (!this.#resize()) return undefined;
        continue;
      }
      const field = (first & 0x80) === 0 ? this.#literal(first) : this.#entry(this.#integer(7));
      if (field === undefined) return undefined;
      if (fields.length < MAXIMUM_FIELDS) fields.push(field);
    }
    return fields;
  }

  /** §6.2: with indexing (01), without (0000) or never (0001). */
  #literal(first: number): Field | undefined {
    const isIndexed = (first & 0x40) !== 0;
    const index = this.#integer(isIndexed ? 6 : 4);
    const name = index === 0 ? this.#text() : this.#entry(index)?.[0];
    const value = name === undefined ? undefined : this.#text();
    if (name === undefined || value === undefined) return undefined;
    const field: Field = [name, value];
    if (isIndexed) this.#insert(field);
    return field;
  }

  /** §6.3. */
  #resize(): boolean {
    const limit = this.#integer(5);
    if (limit === undefined || limit > MAXIMUM_TABLE_BYTES) return false;
    this.#limit = limit;
    this.#evict();
    return true;
  }

  #entry(index: number | undefined): Field | undefined {
    if (index === undefined || index === 0) return undefined;
    return STATIC_TABLE[index - 1] ?? this.#dynamic[index - 1 - STATIC_TABLE.length];
  }

  /** §4.4: what is larger than the table empties it. */
  #insert(field: Field): void {
    this.#dynamic.unshift(field);
    this.#bytes += sizeOf(field);
    this.#evict();
  }

  #evict(): void {
    while (this.#bytes > this.#limit) {
      const oldest = this.#dynamic.pop();
      if (oldest === undefined) return;
      this.#bytes -= sizeOf(oldest);
    }
  }

  /** §5.1. */
  #integer(prefixBits: number): number | undefined {
    const mask = (1 << prefixBits) - 1;
    let value = (this.#block[this.#offset++] ?? 0) & mask;
    if (value < mask) return value;
    for (let shift = 1; this.#offset < this.#block.length && value <= MAXIMUM_INTEGER; shift *= 128) {
      const byte = this.#block[this.#offset++] ?? 0;
      value += (byte & 0x7f) * shift;
      if ((byte & 0x80) === 0) return value <= MAXIMUM_INTEGER ? value : undefined;
    }
    return undefined;
  }

  /** §5.2. */
  #text(): string | undefined {
    const isHuffman = ((this.#block[this.#offset] ?? 0) & 0x80) !== 0;
    if (this.#offset >= this.#block.length) return undefined;
    const length = this.#integer(7);
    if (length === undefined || this.#offset + length > this.#block.length) return undefined;
    const bytes = this.#block.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return isHuffman ? decodeHuffman(bytes, MAXIMUM_TEXT) : latin1(bytes);
  }
}

function sizeOf([name, value]: Field): number {
  return name.length + value.length + ENTRY_OVERHEAD;
}
