import { word32 } from '../bytes/match.ts';
import type { InspectedPacket } from '../inspector.ts';

const OPTION_END = 0;
const OPTION_PADDING = 1;
const OPTION_WINDOW_SCALE = 3;
const OPTION_TIMESTAMPS = 8;
const HEADER_BYTES = 20;
/** A larger one counts as this (RFC 7323 §2.3). */
const MAXIMUM_SCALE = 14;

/** What the header of a TCP segment says (RFC 9293 §3.1, RFC 7323); one object for all segments. */
export class SegmentHead {
  isFromClient = true;
  flags = 0;
  sequence = 0;
  acknowledgement = 0;
  window = 0;
  /** Bytes of payload. */
  length = 0;
  /** Shift of all later windows of its sender, where a SYN gives one. */
  scale = 0;
  /** Clock of its sender, and the clock of the other end that it repeats, where it has the option. */
  timestamp: number | undefined;
  echo = 0;
  timeMicros = 0;

  /** @returns false where the header is not whole */
  read(packet: InspectedPacket): boolean {
    const { bytes, transportOffset: at, payloadOffset, payloadEnd } = packet;
    if (at < 0 || payloadOffset - at < HEADER_BYTES || payloadEnd < payloadOffset) return false;
    this.isFromClient = packet.direction === 'to-server';
    this.timeMicros = packet.timeMicros;
    this.sequence = word32(bytes, at + 4);
    this.acknowledgement = word32(bytes, at + 8);
    this.flags = bytes[at + 13] ?? 0;
    this.window = ((bytes[at + 14] ?? 0) << 8) | (bytes[at + 15] ?? 0);
    this.length = payloadEnd - payloadOffset;
    this.#readOptions(bytes, at + HEADER_BYTES, payloadOffset);
    return true;
  }

  #readOptions(bytes: Uint8Array, start: number, end: number): void {
    this.scale = 0;
    this.timestamp = undefined;
    this.echo = 0;
    for (let at = start; at < end; ) {
      const kind = bytes[at] ?? OPTION_END;
      if (kind === OPTION_END) return;
      const size = kind === OPTION_PADDING ? 1 : (bytes[at + 1] ?? 0);
      if (size < 1 || (size < 2 && kind !== OPTION_PADDING) || at + size > end) return;
      if (kind === OPTION_WINDOW_SCALE && size === 3) this.scale = Math.min(MAXIMUM_SCALE, bytes[at + 2] ?? 0);
      if (kind === OPTION_TIMESTAMPS && size === 10) {
        this.timestamp = word32(bytes, at + 2);
        this.echo = word32(bytes, at + 6);
      }
      at += size;
    }
  }
}
