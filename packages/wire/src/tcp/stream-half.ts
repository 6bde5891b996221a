import { copyOf } from '../bytes/allocate.ts';
import type { Direction } from '../protocol.ts';
import type { ReassemblyBudget } from './reassembly-budget.ts';

/** Segments that wait for an earlier one, per direction. Beyond this the missing bytes are given up as lost. */
const MAXIMUM_WAITING_SEGMENTS = 64;

/** Where in-order bytes go. */
export interface StreamConsumer {
  /** Bytes from `start` to `end` of a buffer, valid during the call only. @returns false to end reassembly */
  bytes(direction: Direction, buffer: Uint8Array, start: number, end: number): boolean;
  /** @returns false to end reassembly */
  gap(direction: Direction, length: number): boolean;
}

interface WaitingSegment {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/** Most streams never wait: an array of their own is made when they do. */
const NOTHING_WAITS: WaitingSegment[] = [];

/**
 * Puts one direction of a TCP connection in order (RFC 9293 §3.10.7.4). In-order segments pass through without a copy;
 * those that arrive early are copied and wait, as long as there is memory for them. Bytes that were handed on stay, whatever
 * a later segment says they were; where a segment that fills a hole overlaps one that waits behind it, the one that fills the
 * hole wins, as it does in Linux. A stream that is picked up in the middle begins with the first segment that is seen.
 */
export class StreamHalf {
  readonly #direction: Direction;
  /** As a signed number, which takes no memory of its own. */
  #nextSequence = 0;
  #isSynchronised = false;
  #waiting = NOTHING_WAITS;
  #waitingBytes = 0;
  readonly #budget: ReassemblyBudget;

  constructor(direction: Direction, budget: ReassemblyBudget) {
    this.#direction = direction;
    this.#budget = budget;
  }

  /** The initial sequence number is known from a SYN. */
  synchronise(sequence: number): void {
    this.#nextSequence = (sequence + 1) | 0;
    this.#isSynchronised = true;
  }

  /**
   * @param bytes buffer with the segment from `start` to `end`; not kept, unless it has to wait
   * @returns false when the consumer wants no more
   */
  segment(sequence: number, bytes: Uint8Array, start: number, end: number, consumer: StreamConsumer): boolean {
    if (end <= start) return true;
    if (!this.#isSynchronised) {
      this.#nextSequence = sequence | 0;
      this.#isSynchronised = true;
    }
    const distance = (sequence - this.#nextSequence) | 0;
    if (distance > 0) return this.#wait(sequence, copyOf(bytes.subarray(start, end)), consumer);
    const fresh = start - distance;
    if (fresh >= end) return true;
    this.#nextSequence = (this.#nextSequence + end - fresh) | 0;
    if (!consumer.bytes(this.#direction, bytes, fresh, end)) return false;
    return this.#waiting.length === 0 || this.#deliverWaiting(consumer);
  }

  /** Hands over what waits, with gaps where bytes never came; at the end of a connection. */
  flush(consumer: StreamConsumer): boolean {
    while (this.#waiting.length > 0) if (!this.#skipToWaiting(consumer)) return false;
    return true;
  }

  /** Gives up what waits; nobody wants it. */
  release(): void {
    this.#budget.giveBack(this.#waitingBytes);
    this.#waiting = NOTHING_WAITS;
    this.#waitingBytes = 0;
  }

  #wait(sequence: number, bytes: Uint8Array, consumer: StreamConsumer): boolean {
    if (this.#waiting === NOTHING_WAITS) this.#waiting = [];
    const index = this.#waiting.findIndex((other) => ((other.sequence - sequence) | 0) > 0);
    const segment = { sequence, bytes };
    if (index < 0) this.#waiting.push(segment);
    else this.#waiting.splice(index, 0, segment);
    this.#waitingBytes += bytes.length;
    this.#budget.take(bytes.length);
    const isFull =
      this.#waiting.length > MAXIMUM_WAITING_SEGMENTS ||
      this.#waitingBytes > this.#budget.maximumBytesPerDirection ||
      this.#budget.isSpent;
    if (!isFull) return true;
    this.#budget.waitingShed += 1;
    return this.#skipToWaiting(consumer);
  }

  #skipToWaiting(consumer: StreamConsumer): boolean {
    const [first] = this.#waiting;
    if (first === undefined) return true;
    const lost = (first.sequence - this.#nextSequence) | 0;
    if (lost > 0) {
      this.#nextSequence = first.sequence | 0;
      if (!consumer.gap(this.#direction, lost)) return false;
    }
    return this.#deliverWaiting(consumer);
  }

  #deliverWaiting(consumer: StreamConsumer): boolean {
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined) return true;
      const distance = (first.sequence - this.#nextSequence) | 0;
      if (distance > 0) return true;
      this.#waiting.shift();
      this.#waitingBytes -= first.bytes.length;
      this.#budget.giveBack(first.bytes.length);
      const { bytes } = first;
      if (bytes.length <= -distance) continue;
      this.#nextSequence = (this.#nextSequence + bytes.length + distance) | 0;
      if (!consumer.bytes(this.#direction, bytes, -distance, bytes.length)) return false;
    }
  }
}
