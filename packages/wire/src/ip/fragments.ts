import type { DecoderEvent } from '@sphinx/schema';
import { allocateUninitialised, copyOf } from '../bytes/allocate.ts';
import { type IpPacket, skipReassembledHeaders } from './ip-packet.ts';

/** RFC 791 §3.2: no datagram is longer. */
const MAXIMUM_DATAGRAM_BYTES = 65_535;
const MAXIMUM_DATAGRAMS = 1024;
const DEFAULT_MAXIMUM_BYTES = 16 * 1024 * 1024;
/** What a piece takes beside its bytes: a sender of very small fragments makes us hold little else. */
const PIECE_BYTES = 200;
/** Holes that a datagram may have. */
const MAXIMUM_HOLES = 64;
/** RFC 8200 §4.5. */
const TIMEOUT_MICROS = 60_000_000;

/** Bytes that came, where nothing had come before. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

const NOTHING: readonly DecoderEvent[] = [];

interface Datagram {
  readonly startedMicros: number;
  /** In their order, without overlap. */
  readonly pieces: Piece[];
  /** Ranges of pieces that touch. */
  ranges: number;
  filledBytes: number;
  totalLength: number | undefined;
}

/**
 * Puts fragments of IPv4 and IPv6 together. Bounded: 1,024 datagrams of 64 KiB with 64 holes, 60 s, and all memory together;
 * beyond it the datagrams that wait longest are given up. Where fragments overlap, the
 * bytes that came first stay, and the datagram is counted: legitimate senders do not overlap (RFC 5722).
 */
export class FragmentReassembler {
  readonly #datagrams = new Map<string, Datagram>();
  readonly #maximumBytes: number;
  /** Of all pieces that wait, with what they take beside their bytes. */
  #heldBytes = 0;
  overlaps = 0;
  /** Datagrams that were given up, for want of memory or because they make no sense. */
  discarded = 0;

  /** @param maximumBytes that all datagrams together may take while they wait */
  constructor(maximumBytes = DEFAULT_MAXIMUM_BYTES) {
    this.#maximumBytes = maximumBytes;
  }

  /** @returns the payload of the datagram once it is whole, behind extension headers; `packet.protocol` says what it is */
  add(packet: IpPacket, bytes: Uint8Array, timeMicros: number): Uint8Array | undefined {
    const payload = bytes.subarray(packet.payloadOffset, packet.payloadEnd);
    const end = packet.fragmentOffset + payload.length;
    if (end > MAXIMUM_DATAGRAM_BYTES) {
      this.discarded += 1;
      return undefined;
    }
    const key = keyOf(packet);
    const known = this.#datagrams.get(key);
    const isExpired = known !== undefined && timeMicros - known.startedMicros > TIMEOUT_MICROS;
    if (isExpired || (known?.ranges ?? 0) >= MAXIMUM_HOLES) {
      this.#forget(key);
      this.discarded += 1;
      if (!isExpired) return undefined;
    }
    const datagram = (isExpired ? undefined : known) ?? this.#create(key, timeMicros);
    this.#fill(datagram, packet.fragmentOffset, payload);
    if (!packet.hasMoreFragments) datagram.totalLength = end;
    if (!isWhole(datagram)) {
      this.#makeRoom();
      return undefined;
    }
    this.#forget(key);
    const whole = join(datagram);
    if (packet.version === 4) return whole;
    const upperLayer = skipReassembledHeaders(packet, whole);
    return upperLayer < 0 ? undefined : whole.subarray(upperLayer);
  }

  /** @returns whether bytes of the fragment at hand came before; asked for before it is added */
  eventsOf(packet: IpPacket): readonly DecoderEvent[] {
    const { fragmentOffset: start, payloadOffset, payloadEnd } = packet;
    const end = start + payloadEnd - payloadOffset;
    const pieces = this.#datagrams.get(keyOf(packet))?.pieces ?? [];
    const isOverlap = pieces.some((piece) => piece.start < end && piece.end > start);
    return isOverlap ? [packet.version === 4 ? 'ipv4.frag_overlap' : 'ipv6.frag_overlap'] : NOTHING;
  }

  #create(key: string, timeMicros: number): Datagram {
    if (this.#datagrams.size >= MAXIMUM_DATAGRAMS) {
      this.#giveUpOldest();
    }
    const datagram: Datagram = {
      startedMicros: timeMicros,
      pieces: [],
      ranges: 0,
      filledBytes: 0,
      totalLength: undefined,
    };
    this.#datagrams.set(key, datagram);
    return datagram;
  }

  #makeRoom(): void {
    while (this.#heldBytes > this.#maximumBytes && this.#datagrams.size > 0) this.#giveUpOldest();
  }

  #giveUpOldest(): void {
    const [oldest] = this.#datagrams.keys();
    if (oldest !== undefined) this.#forget(oldest);
    this.discarded += 1;
  }

  #forget(key: string): void {
    const datagram = this.#datagrams.get(key);
    if (datagram === undefined) return;
    this.#heldBytes -= datagram.filledBytes + datagram.pieces.length * PIECE_BYTES;
    this.#datagrams.delete(key);
  }

  /** Keeps what fills a hole. */
  #fill(datagram: Datagram, start: number, payload: Uint8Array): void {
    const { pieces } = datagram;
    const end = start + payload.length;
    let at = pieces.length;
    while (at > 0 && (pieces[at - 1]?.end ?? 0) > start) at -= 1;
    let position = start;
    let hasOverlap = false;
    for (; position < end; at += 1) {
      const next = pieces[at];
      const stop = next === undefined ? end : Math.min(end, next.start);
      if (stop > position) {
        insert(datagram, at, {
          start: position,
          end: stop,
          bytes: copyOf(payload.subarray(position - start, stop - start)),
        });
        this.#heldBytes += stop - position + PIECE_BYTES;
        at += 1;
      }
      if (next === undefined || next.start >= end) break;
      hasOverlap = true;
      position = Math.max(position, next.end);
    }
    if (hasOverlap) this.overlaps += 1;
  }
}

function insert(datagram: Datagram, at: number, piece: Piece): void {
  const { pieces } = datagram;
  const touchesBefore = pieces[at - 1]?.end === piece.start;
  const touchesBehind = pieces[at]?.start === piece.end;
  if (at === pieces.length) pieces.push(piece);
  else pieces.splice(at, 0, piece);
  datagram.ranges += 1 - (touchesBefore ? 1 : 0) - (touchesBehind ? 1 : 0);
  datagram.filledBytes += piece.bytes.length;
}

function isWhole({ pieces, filledBytes, totalLength }: Datagram): boolean {
  return filledBytes === totalLength && pieces.at(-1)?.end === totalLength;
}

function join({ pieces, filledBytes }: Datagram): Uint8Array {
  const whole = allocateUninitialised(filledBytes);
  for (const { start, bytes } of pieces) whole.set(bytes, start);
  return whole;
}

/**
 * Puts an IP header before the payload of a datagram that came in fragments, as if it had come in one packet.
 *
 * @param packet the fragment that made it whole, still with its own offsets; moved to the new bytes
 * @param ipOffset of the fragment's header in `bytes`
 */
export function withHeader(packet: IpPacket, bytes: Uint8Array, ipOffset: number, payload: Uint8Array): Uint8Array {
  const isVersion4 = packet.version === 4;
  const headerLength = isVersion4 ? ((bytes[ipOffset] ?? 0) & 15) * 4 : 40;
  const whole = new Uint8Array(headerLength + payload.length);
  whole.set(bytes.subarray(ipOffset, ipOffset + headerLength));
  whole.set(payload, headerLength);
  const view = new DataView(whole.buffer);
  if (isVersion4) {
    view.setUint16(2, Math.min(whole.length, MAXIMUM_DATAGRAM_BYTES));
    view.setUint16(6, 0);
  } else {
    view.setUint16(4, payload.length);
    view.setUint8(6, packet.protocol);
  }
  packet.payloadOffset = headerLength;
  packet.payloadEnd = whole.length;
  packet.payloadLength = payload.length;
  packet.isFragment = false;
  return whole;
}

/** @returns what the fragments of a datagram have in common (RFC 791 §3.2, RFC 8200 §4.5), 16 bits to a character */
function keyOf(packet: IpPacket): string {
  const { version, source0, destination0, identification, protocol } = packet;
  const high = identification >>> 16;
  const key = String.fromCharCode(
    source0 >>> 16,
    source0,
    destination0 >>> 16,
    destination0,
    high,
    identification,
    protocol,
  );
  if (version === 4) return key;
  const { source1, source2, source3, destination1, destination2, destination3 } = packet;
  const source = String.fromCharCode(source1 >>> 16, source1, source2 >>> 16, source2, source3 >>> 16, source3);
  return `${key}${source}${String.fromCharCode(destination1 >>> 16, destination1, destination2 >>> 16, destination2, destination3 >>> 16, destination3)}`;
}
