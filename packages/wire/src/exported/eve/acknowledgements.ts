import { word32 } from '../../bytes/match.ts';
import { ACK, RST } from '../../flow/transport-header.ts';
import type { InspectedPacket } from '../../inspector.ts';
import type { Direction } from '../../protocol.ts';

const SEQUENCE_OFFSET = 4;
const ACKNOWLEDGEMENT_OFFSET = 8;
const FLAGS_OFFSET = 13;
const HEADER_BYTES = 20;
/** What waits of one flow; where there is more, nobody acknowledges. */
const MAXIMUM_WAITING = 1000;

/** The packet that acknowledged bytes; undefined where none did before the flow was over. */
export type AcknowledgingPacket = AcknowledgedBy | undefined;

interface AcknowledgedBy extends Pick<InspectedPacket, 'packetNumber' | 'timeMicros'> {
  /** The sender said nothing behind it: the connection was over, or a reset ended the wait for an acknowledgement. */
  readonly isLast: boolean;
}

/** Calls back once something has come about. */
class Settling {
  #by: AcknowledgingPacket;
  #isSettled = false;
  #waiting: ((by: AcknowledgingPacket) => void)[] = [];

  onceSettled(callback: (by: AcknowledgingPacket) => void): void {
    if (this.#isSettled) callback(this.#by);
    else this.#waiting.push(callback);
  }

  settle(by: AcknowledgingPacket): void {
    this.#by = by;
    this.#isSettled = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const callback of waiting) callback(by);
  }
}

/** Bytes up to those of one packet, which the other end has acknowledged or will. */
export class Acknowledgement {
  readonly direction: Direction;
  readonly endSequence: number;
  readonly #acknowledged = new Settling();
  /** A rule looks at what an end said with the next packet of that end. */
  readonly #followed = new Settling();
  #by: AcknowledgingPacket;

  constructor(direction: Direction, endSequence: number) {
    this.direction = direction;
    this.endSequence = endSequence;
  }

  /** Calls back with the packet that acknowledged the bytes, at once where it is known already. */
  whenAcknowledged(callback: (by: AcknowledgingPacket) => void): void {
    this.#acknowledged.onceSettled(callback);
  }

  /** Calls back with the sender's first packet behind the acknowledgement; with the latter where none follows. */
  whenFollowed(callback: (by: AcknowledgingPacket) => void): void {
    this.#followed.onceSettled(callback);
  }

  acknowledge(by: AcknowledgingPacket): void {
    this.#by = by;
    this.#acknowledged.settle(by);
  }

  follow(by: AcknowledgingPacket): void {
    this.#followed.settle(by ?? (this.#by === undefined ? undefined : { ...this.#by, isLast: true }));
  }
}

/** What of one TCP connection waits to be acknowledged (RFC 9293 §3.4). */
export class Acknowledgements {
  #open: Acknowledgement[] = [];
  /** Of these, the sender has sent nothing since. */
  #acknowledged: Acknowledgement[] = [];
  #latest: Acknowledgement | undefined;
  #latestPacket = 0;

  /** @returns that of the bytes up to those of the packet at hand */
  of({ bytes, transportOffset, payloadOffset, payloadEnd, packetNumber, direction }: InspectedPacket): Acknowledgement {
    if (this.#latest !== undefined && this.#latestPacket === packetNumber) return this.#latest;
    const sequence = word32(bytes, transportOffset + SEQUENCE_OFFSET);
    const latest = new Acknowledgement(direction, (sequence + payloadEnd - payloadOffset) >>> 0);
    this.#latest = latest;
    this.#latestPacket = packetNumber;
    this.#open.push(latest);
    if (this.#open.length > MAXIMUM_WAITING) this.end();
    return latest;
  }

  /** A packet of the connection, before its own bytes are read. A reset ends the wait for both directions. */
  packet(packet: InspectedPacket): void {
    const { bytes, transportOffset, payloadEnd, direction } = packet;
    const isWaiting = this.#open.length > 0 || this.#acknowledged.length > 0;
    if (!isWaiting || transportOffset < 0 || transportOffset + HEADER_BYTES > payloadEnd) return;
    const flags = bytes[transportOffset + FLAGS_OFFSET] ?? 0;
    const isReset = (flags & RST) !== 0;
    const number = word32(bytes, transportOffset + ACKNOWLEDGEMENT_OFFSET);
    const isReached = (one: Acknowledgement) =>
      (flags & ACK) !== 0 && one.direction !== direction && ((number - one.endSequence) | 0) >= 0;
    const isAcknowledged = (one: Acknowledgement) => isReset || isReached(one);
    const by = { packetNumber: packet.packetNumber, timeMicros: packet.timeMicros, isLast: false };
    const followed = this.#acknowledged.filter((one) => isReset || one.direction === direction);
    this.#acknowledged = this.#acknowledged.filter((one) => !followed.includes(one));
    for (const one of followed) one.follow(by);
    const acknowledged = this.#open.filter(isAcknowledged);
    if (acknowledged.length === 0) return;
    this.#open = this.#open.filter((one) => !isAcknowledged(one));
    for (const one of acknowledged) one.acknowledge(by);
    if (isReset) for (const one of acknowledged) one.follow({ ...by, isLast: !isReached(one) });
    else this.#acknowledged.push(...acknowledged);
  }

  /** The connection is over. */
  end(): void {
    for (const one of this.#open.splice(0)) {
      one.acknowledge(undefined);
      one.follow(undefined);
    }
    for (const one of this.#acknowledged.splice(0)) one.follow(undefined);
  }
}
