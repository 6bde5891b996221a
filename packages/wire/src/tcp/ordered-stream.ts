import { copyOf } from '../bytes/allocate.ts';
import type { Direction } from '../protocol.ts';
import type { ReassemblyBudget } from './reassembly-budget.ts';

/** Segments that wait for an earlier one, per direction. Beyond this the missing bytes are given up as lost. */
const MAXIMUM_WAITING_SEGMENTS = 64;
const TO_SERVER = 1;
const TO_CLIENT = 2;
/** Data that begins further from the SYN than this, or before it, shows that the SYN was somebody else's. */
const MAXIMUM_UNDER_WAY = 16 * 1024 * 1024;
/** By this much to the left: bytes of the direction were handed on. */
const HEARD_SHIFT = 2;

interface WaitingSegment {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/** What waits in one direction of a connection, by sequence number. */
class WaitingSegments {
  readonly segments: WaitingSegment[] = [];
  bytes = 0;

  add(segment: WaitingSegment): void {
    const index = this.segments.findIndex((other) => ((other.sequence - segment.sequence) | 0) > 0);
    if (index < 0) this.segments.push(segment);
    else this.segments.splice(index, 0, segment);
    this.bytes += segment.bytes.length;
  }
}

/**
 * Puts both directions of a TCP connection in order (RFC 9293 §3.10.7.4). In-order segments pass through without a copy;
 * those that arrive early are copied and wait, as long as there is memory for them. Bytes that were handed on stay, whatever
 * a later segment says they were; where a segment that fills a hole overlaps one that waits behind it, the one that fills the
 * hole wins, as it does in Linux. A stream that is picked up in the middle begins with the first segment that is seen.
 * There may be a million of them: what only waiting segments need is made when one has to wait.
 */
export abstract class OrderedStream {
  /** As signed numbers, which take no memory of their own. */
  #nextToServer = 0;
  #nextToClient = 0;
  /** Directions of which the next sequence number is known, and of which bytes were handed on. */
  #synchronised = 0;
  #waitingToServer: WaitingSegments | undefined;
  #waitingToClient: WaitingSegments | undefined;

  protected abstract readonly budget: ReassemblyBudget;

  /** In-order bytes from `start` to `end` of a buffer, valid during the call only. @returns false to end reassembly */
  protected abstract bytes(direction: Direction, buffer: Uint8Array, start: number, end: number): boolean;

  /** Bytes never came. @param next sequence number behind them. @returns false to end reassembly */
  protected abstract gap(direction: Direction, length: number, next: number): boolean;

  /**
   * A SYN within a connection that talks already changes nothing: its ends ask whether it was meant (RFC 5961 §4.2).
   *
   * @param sequence initial sequence number, known from a SYN
   */
  synchronise(direction: Direction, sequence: number): void {
    if (this.isHeard(direction)) return;
    this.#setNext(direction, (sequence + 1) | 0);
    this.#synchronised |= direction === 'to-server' ? TO_SERVER : TO_CLIENT;
  }

  /** Whether bytes of a direction were handed on. */
  isHeard(direction: Direction): boolean {
    return (this.#synchronised & ((direction === 'to-server' ? TO_SERVER : TO_CLIENT) << HEARD_SHIFT)) !== 0;
  }

  /** Whether a stream that begins there is another one than that which is heard. */
  isElsewhere(direction: Direction, first: number): boolean {
    const behind = ((direction === 'to-server' ? this.#nextToServer : this.#nextToClient) - first) | 0;
    return this.isHeard(direction) && (behind < 0 || behind > MAXIMUM_UNDER_WAY);
  }

  /** Whether segments of a direction wait for an earlier one. */
  protected isWaiting(direction: Direction): boolean {
    return this.#waitingOf(direction) !== undefined;
  }

  /**
   * The other end has what it acknowledges: what of it was never seen does not come any more.
   *
   * @param direction of what is acknowledged
   * @returns false when no more is wanted
   */
  acknowledged(direction: Direction, acknowledgement: number): boolean {
    for (;;) {
      const first = this.#waitingOf(direction)?.segments[0];
      if (first === undefined || ((acknowledgement - first.sequence) | 0) < 0) return true;
      if (!this.#skipToWaiting(direction)) return false;
    }
  }

  /**
   * @param bytes buffer with the segment from `start` to `end`; not kept, unless it has to wait
   * @returns false when no more is wanted
   */
  segment(direction: Direction, sequence: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (end <= start) return true;
    const isToServer = direction === 'to-server';
    const side = isToServer ? TO_SERVER : TO_CLIENT;
    let next = isToServer ? this.#nextToServer : this.#nextToClient;
    if ((this.#synchronised & side) === 0) {
      next = sequence | 0;
      this.#synchronised |= side;
      this.#setNext(direction, next);
    }
    let distance = (sequence - next) | 0;
    const isHeard = (this.#synchronised & (side << HEARD_SHIFT)) !== 0;
    // A byte before is a keep-alive.
    if (!isHeard && (distance < -1 || distance > MAXIMUM_UNDER_WAY)) {
      next = sequence | 0;
      distance = 0;
      this.#setNext(direction, next);
    }
    if (distance > 0) return this.#wait(direction, { sequence, bytes: copyOf(bytes.subarray(start, end)) });
    const fresh = start - distance;
    if (fresh >= end) return true;
    if (!isHeard) this.#synchronised |= side << HEARD_SHIFT;
    next = (next + end - fresh) | 0;
    if (isToServer) this.#nextToServer = next;
    else this.#nextToClient = next;
    if (!this.bytes(direction, bytes, fresh, end)) return false;
    const waiting = isToServer ? this.#waitingToServer : this.#waitingToClient;
    return waiting === undefined || this.#deliverWaiting(direction);
  }

  /** Hands over what waits, with gaps where bytes never came; at the end of a connection. */
  protected flush(): boolean {
    while (this.#waitingToServer !== undefined) if (!this.#skipToWaiting('to-server')) return false;
    while (this.#waitingToClient !== undefined) if (!this.#skipToWaiting('to-client')) return false;
    return true;
  }

  /** Gives up what waits; nobody wants it. */
  release(): void {
    this.budget.giveBack((this.#waitingToServer?.bytes ?? 0) + (this.#waitingToClient?.bytes ?? 0));
    this.#waitingToServer = undefined;
    this.#waitingToClient = undefined;
  }

  #setNext(direction: Direction, next: number): void {
    if (direction === 'to-server') this.#nextToServer = next;
    else this.#nextToClient = next;
  }

  #waitingOf(direction: Direction): WaitingSegments | undefined {
    return direction === 'to-server' ? this.#waitingToServer : this.#waitingToClient;
  }

  #setWaiting(direction: Direction, waiting: WaitingSegments | undefined): void {
    if (direction === 'to-server') this.#waitingToServer = waiting;
    else this.#waitingToClient = waiting;
  }

  #wait(direction: Direction, segment: WaitingSegment): boolean {
    const waiting = this.#waitingOf(direction) ?? new WaitingSegments();
    this.#setWaiting(direction, waiting);
    waiting.add(segment);
    const { budget } = this;
    budget.take(segment.bytes.length);
    const isFull =
      waiting.segments.length > MAXIMUM_WAITING_SEGMENTS ||
      waiting.bytes > budget.maximumBytesPerDirection ||
      budget.isSpent;
    if (!isFull) return true;
    budget.waitingShed += 1;
    return this.#skipToWaiting(direction);
  }

  #skipToWaiting(direction: Direction): boolean {
    const first = this.#waitingOf(direction)?.segments[0];
    if (first === undefined) return true;
    const next = direction === 'to-server' ? this.#nextToServer : this.#nextToClient;
    const lost = (first.sequence - next) | 0;
    if (lost > 0) {
      this.#setNext(direction, first.sequence | 0);
      if (!this.gap(direction, lost, first.sequence)) return false;
    }
    return this.#deliverWaiting(direction);
  }

  #deliverWaiting(direction: Direction): boolean {
    for (;;) {
      const waiting = this.#waitingOf(direction);
      const first = waiting?.segments[0];
      if (waiting === undefined || first === undefined) return true;
      const { sequence, bytes } = first;
      const next = direction === 'to-server' ? this.#nextToServer : this.#nextToClient;
      const distance = (sequence - next) | 0;
      if (distance > 0) return true;
      waiting.segments.shift();
      waiting.bytes -= bytes.length;
      this.budget.giveBack(bytes.length);
      if (waiting.segments.length === 0) this.#setWaiting(direction, undefined);
      if (bytes.length <= -distance) continue;
      this.#setNext(direction, (next + bytes.length + distance) | 0);
      this.#synchronised |= (direction === 'to-server' ? TO_SERVER : TO_CLIENT) << HEARD_SHIFT;
      if (!this.bytes(direction, bytes, -distance, bytes.length)) return false;
    }
  }
}
