// Hot path, guarded by bench/sensor.ts: packets cross threads as bytes in shared memory, nothing is cloned or allocated.

/** Longer packets are cut: no network layer that is parsed reaches further (RFC 791 §3.1). */
const MAXIMUM_PACKET_BYTES = 256 * 1024;
const DEFAULT_RING_BYTES = 4 * 1024 * 1024;
/** Entry: length and kind, link type, original length, free, number, time. */
const HEADER_BYTES = 32;
const ALIGNMENT = 8;
/** What was written is shown to the reader at the latest after so many bytes. */
const SHOW_BYTES = 64 * 1024;
/** The reader takes so much at a time, and no more than one entry beyond it. */
const TAKE_BYTES = 64 * 1024;
const WAIT_MS = 100;

/** Places in the shared counters. Positions count bytes, modulo 2³², and never wrap within the ring. */
const WRITTEN = 0;
const READ = 1;
/** Number of the last batch whose mark the reader took. */
const BATCH_TAKEN = 2;
const COUNTERS = 3;

const PACKET = 0;
/** The rest of the ring is empty: the next entry is at its start. */
const WRAP = 1;
/** All flows end here. */
export const FINISH = 2;
/** Another shard looks at this packet; it may announce flows that the reader sees. */
export const OVERHEARD = 4;
/** A batch is taken here; `number` says which. */
export const BATCH = 3;
const KIND_SHIFT = 28;
const LENGTH_MASK = (1 << KIND_SHIFT) - 1;

/** Memory that both ends share; crosses a thread boundary as it is. */
export interface SharedRing {
  readonly counters: SharedArrayBuffer;
  readonly entries: SharedArrayBuffer;
}

/** @param bytes a power of two, at least 1 MB */
export function createSharedRing(bytes = DEFAULT_RING_BYTES): SharedRing {
  return {
    counters: new SharedArrayBuffer(COUNTERS * Int32Array.BYTES_PER_ELEMENT),
    entries: new SharedArrayBuffer(bytes),
  };
}

class RingEnd {
  protected readonly counters: Int32Array;
  protected readonly bytes: Uint8Array;
  protected readonly words: Uint32Array;
  protected readonly numbers: Float64Array;
  protected readonly size: number;

  constructor({ counters, entries }: SharedRing) {
    this.counters = new Int32Array(counters);
    this.bytes = new Uint8Array(entries);
    this.words = new Uint32Array(entries);
    this.numbers = new Float64Array(entries);
    this.size = entries.byteLength;
  }
}

/** The end that packets go in at. */
export class RingWriter extends RingEnd {
  #position: number;
  #shown: number;
  /** Known to be read; the reader may be further. */
  #read: number;

  constructor(ring: SharedRing) {
    super(ring);
    this.#position = this.#shown = Atomics.load(this.counters, WRITTEN);
    this.#read = Atomics.load(this.counters, READ);
  }

  /** Waits for room, in this thread, where the reader is behind. */
  packet(
    bytes: Uint8Array,
    offset: number,
    capturedLength: number,
    originalLength: number,
    linkType: number,
    number: number,
    timeMicros: number,
    kind: typeof PACKET | typeof OVERHEARD = PACKET,
  ): void {
    const length = Math.min(capturedLength, MAXIMUM_PACKET_BYTES);
    const at = this.#begin(kind, length, number);
    this.words[(at >>> 2) + 1] = linkType;
    this.words[(at >>> 2) + 2] = originalLength;
    this.numbers[(at >>> 3) + 3] = timeMicros;
    const start = at + HEADER_BYTES;
    // Of short packets a loop over the bytes costs less than the view that `set` needs.
    if (length <= 96)
      for (let index = 0; index < length; index++) this.bytes[start + index] = bytes[offset + index] ?? 0;
    else this.bytes.set(bytes.subarray(offset, offset + length), start);
    if (((this.#position - this.#shown) | 0) >= SHOW_BYTES) this.show();
  }

  /** Something that the reader does between packets. */
  mark(kind: typeof FINISH | typeof BATCH, number: number): void {
    this.#begin(kind, 0, number);
    this.show();
  }

  /** Lets the reader see everything that was written. */
  show(): void {
    if (this.#shown === this.#position) return;
    this.#shown = this.#position;
    Atomics.store(this.counters, WRITTEN, this.#position);
    Atomics.notify(this.counters, WRITTEN);
  }

  /** @returns where the entry is */
  #begin(kind: number, length: number, number: number): number {
    const total = HEADER_BYTES + align(length);
    let at = (this.#position >>> 0) & (this.size - 1);
    const left = this.size - at;
    if (left < total) {
      this.#waitFor(left);
      this.words[at >>> 2] = WRAP << KIND_SHIFT;
      this.#position = (this.#position + left) | 0;
      at = 0;
    }
    this.#waitFor(total);
    this.words[at >>> 2] = ((kind << KIND_SHIFT) | length) >>> 0;
    this.numbers[(at >>> 3) + 2] = number;
    this.#position = (this.#position + total) | 0;
    return at;
  }

  #waitFor(bytes: number): void {
    while (((this.#position - this.#read) | 0) + bytes > this.size) {
      this.#read = Atomics.load(this.counters, READ);
      if (((this.#position - this.#read) | 0) + bytes <= this.size) return;
      this.show();
      Atomics.wait(this.counters, READ, this.#read, WAIT_MS);
    }
  }
}

/** What takes packets out of a ring. */
export interface RingListener {
  packet(
    bytes: Uint8Array,
    offset: number,
    capturedLength: number,
    originalLength: number,
    linkType: number,
    number: number,
    timeMicros: number,
  ): void;
  /** The same of a packet that another shard looks at. */
  overheard(bytes: Uint8Array, offset: number, capturedLength: number, linkType: number, timeMicros: number): void;
  mark(kind: typeof FINISH | typeof BATCH, number: number): void;
}

/**
 * The end that packets come out at. Entries are copied out of the shared memory first, so that the writer goes on while they
 * are looked at, and no parser sees memory that somebody writes to.
 */
export class RingReader extends RingEnd {
  readonly #taken = new Uint8Array(2 * TAKE_BYTES + HEADER_BYTES + MAXIMUM_PACKET_BYTES);
  readonly #takenWords: Uint32Array;
  readonly #takenNumbers: Float64Array;
  #position: number;

  constructor(ring: SharedRing) {
    super(ring);
    const { buffer, byteOffset, byteLength } = this.#taken;
    this.#takenWords = new Uint32Array(buffer, byteOffset, byteLength >>> 2);
    this.#takenNumbers = new Float64Array(buffer, byteOffset, byteLength >>> 3);
    this.#position = Atomics.load(this.counters, READ);
  }

  /** Number of the last batch whose mark was taken, by whoever read here before; 0 before the first. */
  get batchTaken(): number {
    return Atomics.load(this.counters, BATCH_TAKEN);
  }

  /** Hands over what is there. @returns whether there was anything */
  drain(listener: RingListener): boolean {
    const written = Atomics.load(this.counters, WRITTEN);
    if (written === this.#position) return false;
    while (this.#position !== written) this.#handOver(this.#take(written), listener);
    return true;
  }

  /** Resolves when something was written behind what `drain` has handed over. */
  async wait(): Promise<void> {
    const { async: isLater, value } = Atomics.waitAsync(this.counters, WRITTEN, this.#position);
    if (isLater) await value;
  }

  /** Copies whole entries out of the ring and gives their room back. @returns how many bytes */
  #take(written: number): number {
    const start = (this.#position >>> 0) & (this.size - 1);
    const available = Math.min((written - this.#position) | 0, this.size - start);
    let end = 0;
    while (end < available && end < TAKE_BYTES) {
      const word = this.words[(start + end) >>> 2] ?? 0;
      const kind = word >>> KIND_SHIFT;
      if (kind === WRAP) break;
      if (kind === BATCH) Atomics.store(this.counters, BATCH_TAKEN, this.numbers[((start + end) >>> 3) + 2] ?? 0);
      end += HEADER_BYTES + align(word & LENGTH_MASK);
    }
    this.#taken.set(this.bytes.subarray(start, start + end));
    const isWrap = end < available && end < TAKE_BYTES;
    this.#position = (this.#position + (isWrap ? this.size - start : end)) | 0;
    Atomics.store(this.counters, READ, this.#position);
    Atomics.notify(this.counters, READ);
    return end;
  }

  #handOver(end: number, listener: RingListener): void {
    const bytes = this.#taken;
    const words = this.#takenWords;
    const numbers = this.#takenNumbers;
    for (let at = 0; at < end; ) {
      const word = words[at >>> 2] ?? 0;
      const length = word & LENGTH_MASK;
      const kind = word >>> KIND_SHIFT;
      const number = numbers[(at >>> 3) + 2] ?? 0;
      if (kind === PACKET) {
        const linkType = words[(at >>> 2) + 1] ?? 0;
        const originalLength = words[(at >>> 2) + 2] ?? 0;
        const timeMicros = numbers[(at >>> 3) + 3] ?? 0;
        listener.packet(bytes, at + HEADER_BYTES, length, originalLength, linkType, number, timeMicros);
      } else if (kind === OVERHEARD) {
        const timeMicros = numbers[(at >>> 3) + 3] ?? 0;
        listener.overheard(bytes, at + HEADER_BYTES, length, words[(at >>> 2) + 1] ?? 0, timeMicros);
      } else listener.mark(kind === FINISH ? FINISH : BATCH, number);
      at += HEADER_BYTES + align(length);
    }
  }
}

function align(length: number): number {
  return (length + ALIGNMENT - 1) & -ALIGNMENT;
}
