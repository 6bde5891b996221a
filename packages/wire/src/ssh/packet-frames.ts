import { ByteCollector } from '../bytes/byte-collector.ts';
import { word32 } from '../bytes/match.ts';
import type { Direction, ParserContext } from '../protocol.ts';

/** Length, length of the padding, number of the message (RFC 4253 §6). */
const HEADER_BYTES = 6;
const LENGTH_BYTES = 4;
/** RFC 4253 §6.1. */
const MAXIMUM_PACKET = 35_000;
const NEWKEYS = 21;

/** Shows the packets of one direction to rules on frames, from behind the identification until they are encrypted (RFC 4253 §7.3). */
export class PacketFrames {
  readonly #direction: Direction;
  readonly #give: NonNullable<ParserContext['frame']>;
  readonly #begun = new ByteCollector(LENGTH_BYTES + MAXIMUM_PACKET);
  isOver = false;

  constructor(direction: Direction, give: NonNullable<ParserContext['frame']>) {
    this.#direction = direction;
    this.#give = give;
  }

  push(bytes: Uint8Array): void {
    for (let offset = 0; offset < bytes.length && !this.isOver; ) {
      const wanted = this.#missing();
      this.#begun.add(bytes.subarray(offset, offset + wanted));
      offset += wanted;
      if (this.#begun.length >= HEADER_BYTES && this.#missing() === 0) this.#show();
    }
    if (this.isOver) this.#begun.clear();
  }

  /** Bytes until the header is whole, then until the packet is. */
  #missing(): number {
    const { length } = this.#begun;
    if (length < HEADER_BYTES) return HEADER_BYTES - length;
    const packet = LENGTH_BYTES + word32(this.#begun.view(), 0);
    if (packet > LENGTH_BYTES + MAXIMUM_PACKET || packet < HEADER_BYTES) this.isOver = true;
    return this.isOver ? MAXIMUM_PACKET : packet - length;
  }

  #show(): void {
    const packet = this.#begun.view();
    this.#give(this.#direction, 'record_hdr', packet.subarray(0, HEADER_BYTES));
    if (packet.length > HEADER_BYTES) this.#give(this.#direction, 'record_data', packet.subarray(HEADER_BYTES));
    this.#give(this.#direction, 'record_pdu', packet);
    this.isOver = packet[HEADER_BYTES - 1] === NEWKEYS;
    this.#begun.clear();
  }
}
