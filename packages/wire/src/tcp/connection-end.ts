import type { SegmentHead } from './segment-head.ts';

/** A clock that stood still for so long may have gone round (RFC 7323 §5.5: 24 days). */
const CLOCK_AGE_MICROS = 24 * 24 * 3600 * 1e6;

/** @returns whether a sequence number is before another, as they go round (RFC 9293 §3.4) */
export function isBefore(sequence: number, other: number): boolean {
  return ((sequence - other) | 0) < 0;
}

/** One end of a TCP connection as it has shown itself: what it sent, and how much of it the other end has acknowledged. */
export class ConnectionEnd {
  initial = 0;
  /** Behind the last byte that it sent. */
  next = 0;
  /** Behind the last byte that the other end has acknowledged. */
  acknowledged = 0;
  /** Behind the last byte for which the other end has ever had room. */
  edge = 0;
  scale = 0;
  /** It has sent its FIN, which takes the place before `next`. */
  hasFinished = false;
  hasReset = false;
  /** Its clock, as the other end knows it; undefined where it shows none. */
  timestamp: number | undefined;
  #timestampMicros = 0;

  /** It sent a SYN. */
  open(head: SegmentHead): void {
    this.initial = head.sequence;
    this.next = (head.sequence + 1 + head.length) >>> 0;
    this.acknowledged = this.edge = (head.sequence + 1) >>> 0;
    this.scale = head.scale;
    this.timestamp = head.timestamp;
    this.#timestampMicros = head.timeMicros;
  }

  /** @param receiver whose window it says; @param isScaled not in segments with SYN */
  send(head: SegmentHead, receiver: ConnectionEnd, end: number, isScaled: boolean): void {
    if (head.timestamp !== undefined && !isBefore(this.acknowledged, head.sequence)) {
      this.timestamp = head.timestamp;
      this.#timestampMicros = head.timeMicros;
    }
    if (isBefore(this.next, end)) this.next = end;
    const { acknowledgement, window } = head;
    if (isBefore(receiver.acknowledged, acknowledgement)) receiver.acknowledged = acknowledgement;
    const edge = (acknowledgement + window * 2 ** (isScaled ? this.scale : 0)) >>> 0;
    if (isBefore(receiver.edge, edge)) receiver.edge = edge;
  }

  /** @returns whether its clock went back, which an old duplicate shows or somebody else's segment (RFC 7323 §5) */
  isTooOld({ timestamp, timeMicros }: SegmentHead): boolean {
    if (this.timestamp === undefined || timestamp === undefined) return false;
    return isBefore(timestamp, this.timestamp) && timeMicros - this.#timestampMicros < CLOCK_AGE_MICROS;
  }

  /** @returns whether the other end may acknowledge up to here: not more than it had room for, not what is long past */
  mayBeAcknowledged(acknowledgement: number): boolean {
    const room = Math.max(1, (this.edge - this.acknowledged) >>> 0);
    const last = isBefore(this.edge, this.next) ? this.next : this.edge;
    return !isBefore(last, acknowledgement) && !isBefore(acknowledgement, (this.acknowledged - room) >>> 0);
  }
}
