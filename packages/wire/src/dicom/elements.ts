import { constants, inflateRawSync } from 'node:zlib';
import { littleWord16, littleWord32, word16, word32 } from '../bytes/match.ts';

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';
const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const DEFLATED = '1.2.840.10008.1.2.1.99';
export const UNDEFINED_LENGTH = 0xffffffff;
const ITEM_GROUP = 0xfffe;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const MAXIMUM_DEPTH = 8;
/** A deflated head may unpack to a thousand times its size; what device attributes need is far less. */
const MAXIMUM_INFLATED_BYTES = 1024 * 1024;
const MINIMUM_DEFLATED_BYTES = 512;
const HEADER_BYTES = 8;
const LONG_HEADER_BYTES = 12;
const UNKNOWN_REPRESENTATION = letters('UN');
/** Value representations with a four-byte length in explicit encoding (PS3.5 §7.1.2). */
const LONG_REPRESENTATIONS: ReadonlySet<number> = new Set(
  ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'].map(letters),
);

interface Encoding {
  readonly isExplicit: boolean;
  readonly isLittleEndian: boolean;
}

/** Sequences of unknown representation (UN) are implicit whatever stands around them (PS3.5 §6.2.2). */
const IMPLICIT: Encoding = { isExplicit: false, isLittleEndian: true };

/** Without the negotiation (mid-stream pick-up): explicit encodings show two letters behind the first tag. */
export function guessTransferSyntax(head: Uint8Array): string {
  const isLetter = (byte = 0) => byte >= 0x41 && byte <= 0x5a;
  return isLetter(head[4]) && isLetter(head[5]) ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN;
}

/** @returns a cursor over the elements of the head of a data set, unpacked (PS3.5 annex A) */
export function openDataSet(head: Uint8Array, transferSyntax: string): DataSetCursor {
  return new DataSetCursor(transferSyntax === DEFLATED ? inflateHead(head) : head, {
    isExplicit: transferSyntax !== IMPLICIT_LITTLE_ENDIAN,
    isLittleEndian: transferSyntax !== EXPLICIT_BIG_ENDIAN,
  });
}

/** Goes through a data set element by element (PS3.5 §7); the fields tell the element at hand. */
export class DataSetCursor {
  readonly bytes: Uint8Array;
  readonly #encoding: Encoding;
  offset = 0;
  /** Group and element. */
  tag = 0;
  /** Bytes of the value, which begins at `offset`. */
  length = 0;
  #isUnknown = false;
  /** The bytes end within an element. */
  isBroken = false;

  constructor(bytes: Uint8Array, encoding: Encoding) {
    this.bytes = bytes;
    this.#encoding = encoding;
  }

  /** Reads the header of the next element. @returns false where there is none */
  next(): boolean {
    return this.#header(this.#encoding);
  }

  get isLittleEndian(): boolean {
    return this.#encoding.isLittleEndian;
  }

  /** The element at hand is an item of a sequence, or the end of one. */
  get isItem(): boolean {
    return this.tag >= ITEM_GROUP * 0x10000;
  }

  /** Passes over the value at hand. */
  skip(): void {
    if (this.length === UNDEFINED_LENGTH) this.#skipSequence(this.#isUnknown ? IMPLICIT : this.#encoding, 0);
    else this.#pass(this.length);
  }

  #header(encoding: Encoding): boolean {
    const { bytes, offset } = this;
    if (this.isBroken || bytes.length - offset < HEADER_BYTES) return false;
    const { isExplicit, isLittleEndian } = encoding;
    const long = isLittleEndian ? littleWord32 : word32;
    const short = isLittleEndian ? littleWord16 : word16;
    const group = short(bytes, offset);
    this.tag = group * 0x10000 + short(bytes, offset + 2);
    this.#isUnknown = false;
    this.offset = offset + HEADER_BYTES;
    if (!isExplicit || group === ITEM_GROUP) {
      this.length = long(bytes, offset + 4);
      return true;
    }
    const representation = word16(bytes, offset + 4);
    if (!LONG_REPRESENTATIONS.has(representation)) {
      this.length = short(bytes, offset + 6);
      return true;
    }
    this.#isUnknown = representation === UNKNOWN_REPRESENTATION;
    this.length = long(bytes, offset + HEADER_BYTES);
    this.offset = offset;
    this.#pass(LONG_HEADER_BYTES);
    return !this.isBroken;
  }

  #pass(length: number): void {
    this.isBroken ||= length > this.bytes.length - this.offset;
    this.offset = Math.min(this.bytes.length, this.offset + length);
  }

  /** Passes over a sequence of undefined length (PS3.5 §7.5.2). */
  #skipSequence(encoding: Encoding, depth: number): void {
    while (this.#header(encoding)) {
      if (this.tag === SEQUENCE_END) return;
      if (this.tag !== ITEM || depth >= MAXIMUM_DEPTH) this.isBroken = true;
      else if (this.length === UNDEFINED_LENGTH) this.#skipItem(encoding, depth);
      else this.#pass(this.length);
    }
    this.isBroken = true;
  }

  #skipItem(encoding: Encoding, depth: number): void {
    while (this.#header(encoding)) {
      if (this.tag === ITEM_END) return;
      if (this.length === UNDEFINED_LENGTH) this.#skipSequence(this.#isUnknown ? IMPLICIT : encoding, depth + 1);
      else this.#pass(this.length);
    }
    this.isBroken = true;
  }
}

function letters(representation: string): number {
  return word16(Buffer.from(representation, 'latin1'), 0);
}

/** Unpacks as much of the head as fits into the limit: a head that unpacks to more is tried again with half of it. */
function inflateHead(head: Uint8Array): Uint8Array {
  for (let length = head.length; ; length = Math.floor(length / 2)) {
    try {
      return inflateRawSync(head.subarray(0, length), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: MAXIMUM_INFLATED_BYTES,
      });
    } catch (error) {
      const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      if (!isTooLarge || length <= MINIMUM_DEFLATED_BYTES) return new Uint8Array(0);
    }
  }
}
