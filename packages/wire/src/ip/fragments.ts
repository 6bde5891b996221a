import { type IpPacket, skipReassembledHeaders } from './ip-packet.ts';

/** RFC 791 §3.2: no datagram is longer. */
const MAXIMUM_DATAGRAM_BYTES = 65_535;
/** Two fragments of Ethernet's size. */
const FIRST_CAPACITY_BYTES = 3072;
const MAXIMUM_DATAGRAMS = 1024;
const MAXIMUM_FRAGMENTS = 64;
/** RFC 8200 §4.5. */
const TIMEOUT_MICROS = 60_000_000;

interface Datagram {
  readonly startedMicros: number;
  /** Grows with what has arrived: a lone fragment does not reserve a whole datagram. */
  bytes: Uint8Array;
  /** Filled ranges, sorted, `[start, end)`. */
  ranges: (readonly [start: number, end: number])[];
  totalLength: number | undefined;
}

/**
 * Puts fragments of IPv4 and IPv6 together. Bounded: 1,024 datagrams of 64 fragments, 60 s. Where fragments overlap, the
 * bytes that came first stay, and the datagram is counted: legitimate senders do not overlap (RFC 5722).
 */
export class FragmentReassembler {
  readonly #datagrams = new Map<string, Datagram>();
  overlaps = 0;
  discarded = 0;

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
    if (isExpired || (known?.ranges.length ?? 0) >= MAXIMUM_FRAGMENTS) {
      this.#datagrams.delete(key);
      this.discarded += 1;
      if (!isExpired) return undefined;
    }
    const datagram = (isExpired ? undefined : known) ?? this.#create(key, timeMicros);
    this.#fill(datagram, packet.fragmentOffset, payload);
    if (!packet.hasMoreFragments) datagram.totalLength = end;
    const [only] = datagram.ranges;
    const isWhole = datagram.ranges.length === 1 && only?.[0] === 0 && only[1] === datagram.totalLength;
    if (!isWhole) return undefined;
    this.#datagrams.delete(key);
    const whole = datagram.bytes.subarray(0, datagram.totalLength);
    if (packet.version === 4) return whole;
    const upperLayer = skipReassembledHeaders(packet, whole);
    return upperLayer < 0 ? undefined : whole.subarray(upperLayer);
  }

  #create(key: string, timeMicros: number): Datagram {
    if (this.#datagrams.size >= MAXIMUM_DATAGRAMS) {
      const [oldest] = this.#datagrams.keys();
      if (oldest !== undefined) this.#datagrams.delete(oldest);
      this.discarded += 1;
    }
    const datagram: Datagram = {
      startedMicros: timeMicros,
      bytes: new Uint8Array(FIRST_CAPACITY_BYTES),
      ranges: [],
      totalLength: undefined,
    };
    this.#datagrams.set(key, datagram);
    return datagram;
  }

  #fill(datagram: Datagram, start: number, payload: Uint8Array): void {
    const end = start + payload.length;
    reserve(datagram, end);
    let position = start;
    let hasOverlap = false;
    for (const [rangeStart, rangeEnd] of datagram.ranges) {
      if (rangeEnd <= position || rangeStart >= end) continue;
      hasOverlap = true;
      if (rangeStart > position) datagram.bytes.set(payload.subarray(position - start, rangeStart - start), position);
      position = Math.max(position, rangeEnd);
    }
    if (position < end) datagram.bytes.set(payload.subarray(position - start), position);
    if (hasOverlap) this.overlaps += 1;
    datagram.ranges = mergeRanges([...datagram.ranges, [start, end]]);
  }
}

function reserve(datagram: Datagram, end: number): void {
  const { bytes } = datagram;
  if (end <= bytes.length) return;
  datagram.bytes = new Uint8Array(Math.min(MAXIMUM_DATAGRAM_BYTES, Math.max(end, 2 * bytes.length)));
  datagram.bytes.set(bytes);
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

function mergeRanges(ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const merged: [number, number][] = [];
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

function keyOf(packet: IpPacket): string {
  return [
    packet.source0,
    packet.source1,
    packet.source2,
    packet.source3,
    packet.destination0,
    packet.destination1,
    packet.destination2,
    packet.destination3,
    packet.identification,
    packet.protocol,
  ].join();
}
