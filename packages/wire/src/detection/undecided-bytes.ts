import { allocateUninitialised } from '../bytes/allocate.ts';
import type { Direction } from '../protocol.ts';

const BLOCK_BYTES = 32;
const BLOCKS_PER_SLAB = 8192;
const SLAB_SHIFT = 13;
/** In front of the bytes of a piece: its length with its direction in the highest bit. */
const HEADER_BYTES = 4;
const DIRECTION_BIT = 0x80000000;
const NONE = -1;

/** Nothing is kept. */
export const NOTHING_KEPT = NONE;

/** Bytes that were seen in one direction at a time. */
export interface Chunk {
  readonly direction: Direction;
  readonly bytes: Uint8Array;
}

/**
 * First bytes of the streams whose protocol is not known yet, for all connections of a sensor. A few bytes of each of a
 * million connections would take many times their size as objects: they lie in blocks of 32 bytes that are chained. What
 * is kept for a stream is known by the number of its last block, whose next is the first.
 */
export class UndecidedBytes {
  #slabs: { readonly bytes: Uint8Array; readonly next: Int32Array }[] = [];
  #free = NONE;
  #used = 0;
  /** Header of the piece that is being written or read. */
  readonly #header = new DataView(new ArrayBuffer(HEADER_BYTES));
  readonly #headerBytes = new Uint8Array(this.#header.buffer);
  /** Where the next byte is written or read. */
  #block = NONE;
  #position = 0;

  /**
   * @param kept what was kept for the stream so far, or `NOTHING_KEPT`
   * @returns what is kept for it now
   */
  add(kept: number, direction: Direction, bytes: Uint8Array): number {
    const first = kept === NONE ? NONE : this.#nextOf(kept);
    this.#block = kept;
    this.#position = BLOCK_BYTES;
    const directionBit = direction === 'to-server' ? 0 : DIRECTION_BIT;
    this.#header.setUint32(0, (bytes.length | directionBit) >>> 0);
    this.#write(this.#headerBytes);
    const begin = kept === NONE ? this.#block : first;
    this.#write(bytes);
    this.#setNext(this.#block, begin);
    return this.#block;
  }

  /** @returns a copy of what was kept, in the order in which it came */
  chunks(kept: number): Chunk[] {
    const chunks: Chunk[] = [];
    for (let isMore = this.#seekFirst(kept); isMore; isMore = this.#seekNext(kept)) {
      const header = this.#readHeader();
      const bytes = allocateUninitialised((header & ~DIRECTION_BIT) >>> 0);
      this.#read(bytes, 0, bytes.length);
      chunks.push({ direction: header >>> 31 === 0 ? 'to-server' : 'to-client', bytes });
    }
    return chunks;
  }

  /**
   * Copies the first bytes of one direction, as many as there is room for.
   *
   * @returns how many were copied
   */
  copyStart(kept: number, direction: Direction, target: Uint8Array): number {
    let length = 0;
    for (let isMore = this.#seekFirst(kept); isMore; isMore = this.#seekNext(kept)) {
      const header = this.#readHeader();
      const pieceLength = (header & ~DIRECTION_BIT) >>> 0;
      const isWanted = header >>> 31 === (direction === 'to-server' ? 0 : 1);
      const wanted = isWanted ? Math.min(pieceLength, target.length - length) : 0;
      this.#read(target, length, length + wanted);
      this.#pass(pieceLength - wanted);
      length += wanted;
    }
    return length;
  }

  /** Gives the memory back. Slabs go when nothing is kept for anybody. */
  forget(kept: number): void {
    if (kept === NONE) return;
    let blocks = 1;
    const first = this.#nextOf(kept);
    for (let block = first; block !== kept; block = this.#nextOf(block)) blocks += 1;
    this.#setNext(kept, this.#free);
    this.#free = first;
    this.#used -= blocks;
    if (this.#used > 0) return;
    this.#slabs = [];
    this.#free = NONE;
  }

  #seekFirst(kept: number): boolean {
    if (kept === NONE) return false;
    this.#block = this.#nextOf(kept);
    this.#position = 0;
    return true;
  }

  /** Every piece begins with a block of its own. @returns false behind the last piece */
  #seekNext(kept: number): boolean {
    if (this.#block === kept) return false;
    this.#block = this.#nextOf(this.#block);
    this.#position = 0;
    return true;
  }

  #readHeader(): number {
    this.#read(this.#headerBytes, 0, HEADER_BYTES);
    return this.#header.getUint32(0);
  }

  /** Byte by byte: blocks are small. */
  #read(target: Uint8Array, from: number, end: number): void {
    for (let done = from; done < end; ) {
      const count = this.#enterBlock(end - done);
      const { bytes } = this.#slabOf(this.#block);
      const start = this.#offset() - done;
      for (const stop = done + count; done < stop; done++) target[done] = bytes[start + done] ?? 0;
      this.#position += count;
    }
  }

  #pass(length: number): void {
    for (let done = 0; done < length; ) {
      const count = this.#enterBlock(length - done);
      this.#position += count;
      done += count;
    }
  }

  /** @returns how many of the wanted bytes lie in the block at hand */
  #enterBlock(wanted: number): number {
    if (this.#position === BLOCK_BYTES) {
      this.#block = this.#nextOf(this.#block);
      this.#position = 0;
    }
    return Math.min(wanted, BLOCK_BYTES - this.#position);
  }

  #write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      if (this.#position === BLOCK_BYTES) {
        const block = this.#take();
        if (this.#block !== NONE) this.#setNext(this.#block, block);
        this.#block = block;
        this.#position = 0;
      }
      const count = Math.min(bytes.length - done, BLOCK_BYTES - this.#position);
      const { bytes: block } = this.#slabOf(this.#block);
      const start = this.#offset() - done;
      for (const stop = done + count; done < stop; done++) block[start + done] = bytes[done] ?? 0;
      this.#position += count;
    }
  }

  #take(): number {
    if (this.#free === NONE) this.#addSlab();
    const block = this.#free;
    this.#free = this.#nextOf(block);
    this.#used += 1;
    return block;
  }

  #addSlab(): void {
    const first = this.#slabs.length * BLOCKS_PER_SLAB;
    const next = new Int32Array(BLOCKS_PER_SLAB).fill(NONE);
    for (let index = 0; index + 1 < BLOCKS_PER_SLAB; index++) next[index] = first + index + 1;
    this.#slabs.push({ bytes: new Uint8Array(BLOCKS_PER_SLAB * BLOCK_BYTES), next });
    this.#free = first;
  }

  #offset(): number {
    return (this.#block & (BLOCKS_PER_SLAB - 1)) * BLOCK_BYTES + this.#position;
  }

  #slabOf(block: number): { readonly bytes: Uint8Array; readonly next: Int32Array } {
    const slab = this.#slabs[block >>> SLAB_SHIFT];
    if (slab === undefined) throw new Error(`No block ${block}`);
    return slab;
  }

  #nextOf(block: number): number {
    return this.#slabOf(block).next[block & (BLOCKS_PER_SLAB - 1)] ?? NONE;
  }

  #setNext(block: number, next: number): void {
    this.#slabOf(block).next[block & (BLOCKS_PER_SLAB - 1)] = next;
  }
}
