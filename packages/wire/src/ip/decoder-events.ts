import type { DecoderEvent } from '@sphinx/schema';
import { word16 } from '../bytes/match.ts';
import { PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP } from './ip-packet.ts';

/*
 * What is irregular in the headers of a packet, by the names of Suricata's decoder events ("decoder-events.rules"). Asked for
 * only where somebody wants to know: nothing here runs for a packet otherwise.
 */

const IPV4_HEADER_BYTES = 20;
const IPV6_HEADER_BYTES = 40;
const UDP_HEADER_BYTES = 8;
const TCP_HEADER_BYTES = 20;

/**
 * @param offset of the IP header
 * @param end of the bytes that were captured
 * @returns events; one comes as often as what it is about
 */
export function decoderEvents(bytes: Uint8Array, offset: number, end: number): readonly DecoderEvent[] {
  const events: DecoderEvent[] = [];
  if ((bytes[offset] ?? 0) >>> 4 === 4) ipv4Events(bytes, offset, end, events);
  else ipv6Events(bytes, offset, end, events);
  return events;
}

/** RFC 791 §3.1. */
function ipv4Events(bytes: Uint8Array, offset: number, end: number, events: DecoderEvent[]): void {
  const headerLength = ((bytes[offset] ?? 0) & 15) * 4;
  const total = word16(bytes, offset + 2);
  if (end - offset < IPV4_HEADER_BYTES) events.push('ipv4.pkt_too_small');
  else if (headerLength < IPV4_HEADER_BYTES) events.push('ipv4.hlen_too_small');
  else if (total < headerLength) events.push('ipv4.iplen_smaller_than_hlen');
  else if (total > end - offset) events.push('ipv4.trunc_pkt');
  if (events.length > 0) return;
  if (headerLength > IPV4_HEADER_BYTES) ipv4Options(bytes, offset + IPV4_HEADER_BYTES, offset + headerLength, events);
  const fragment = word16(bytes, offset + 6);
  if ((fragment & 0x3fff) !== 0) {
    if ((fragment & 0x1fff) * 8 + total - headerLength > MAXIMUM_DATAGRAM_BYTES) events.push('ipv4.frag_pkt_too_large');
    return;
  }
  transportEvents(bytes, bytes[offset + 9] ?? 0, offset + headerLength, offset + total, events);
}

const MAXIMUM_DATAGRAM_BYTES = 65_535;
const END_OF_OPTIONS = 0;
const NO_OPERATION = 1;
/** Options and their lengths: fixed, or the least (RFC 791 §3.1, RFC 1108, RFC 2113, CIPSO draft). */
const IPV4_OPTIONS: ReadonlyMap<number, { readonly least: number; readonly isFixed: boolean }> = new Map([
  [7, { least: 3, isFixed: false }],
  [68, { least: 4, isFixed: false }],
  [130, { least: 11, isFixed: true }],
  [131, { least: 3, isFixed: false }],
  [133, { least: 3, isFixed: false }],
  [134, { least: 6, isFixed: false }],
  [136, { least: 4, isFixed: true }],
  [137, { least: 3, isFixed: false }],
  [148, { least: 4, isFixed: true }],
]);

function ipv4Options(bytes: Uint8Array, start: number, end: number, events: DecoderEvent[]): void {
  if ((end - start) % 8 !== 0) events.push('ipv4.opt_pad_required');
  const seen = new Set<number>();
  for (let at = start; at < end; ) {
    const type = bytes[at] ?? 0;
    if (type === END_OF_OPTIONS) return;
    if (type === NO_OPERATION) {
      at += 1;
      continue;
    }
    if (end - at < 2) {
      events.push('ipv4.opt_eol_required');
      return;
    }
    const length = bytes[at + 1] ?? 0;
    const known = IPV4_OPTIONS.get(type);
    if (length < 2 || length > end - at) {
      events.push('ipv4.opt_invalid_len');
      return;
    }
    const isFitting = known === undefined || (known.isFixed ? length === known.least : length >= known.least);
    if (!isFitting) events.push('ipv4.opt_invalid_len');
    if (known === undefined) events.push('ipv4.opt_invalid');
    if (seen.has(type)) events.push('ipv4.opt_duplicate');
    seen.add(type);
    at += length;
  }
}

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const ENCAPSULATING_SECURITY = 50;
const AUTHENTICATION = 51;
const NOTHING = 59;
const DESTINATION = 60;
const DUPLICATES: ReadonlyMap<number, DecoderEvent> = new Map<number, DecoderEvent>([
  [HOP_BY_HOP, 'ipv6.exthdr_dupl_hh'],
  [ROUTING, 'ipv6.exthdr_dupl_rh'],
  [FRAGMENT, 'ipv6.exthdr_dupl_fh'],
  [AUTHENTICATION, 'ipv6.exthdr_dupl_ah'],
]);
const MAXIMUM_HEADERS = 32;

/** RFC 8200 §4. */
function ipv6Events(bytes: Uint8Array, offset: number, end: number, events: DecoderEvent[]): void {
  if (end - offset < IPV6_HEADER_BYTES) {
    events.push('ipv6.pkt_too_small');
    return;
  }
  const length = word16(bytes, offset + 4);
  const packetEnd = Math.min(end, offset + IPV6_HEADER_BYTES + length);
  if (length > end - offset - IPV6_HEADER_BYTES) events.push('ipv6.trunc_pkt');
  const seen = new Map<number, number>();
  let header = bytes[offset + 6] ?? 0;
  let at = offset + IPV6_HEADER_BYTES;
  for (let count = 0; count < MAXIMUM_HEADERS; count++) {
    if (header === NOTHING && packetEnd > at) events.push('ipv6.data_after_none_header');
    if (!(DUPLICATES.has(header) || header === DESTINATION)) break;
    const size = extensionBytes(bytes, at, header);
    if (packetEnd - at < 8 || packetEnd - at < size) {
      events.push('ipv6.trunc_exthdr');
      return;
    }
    noteHeader(header, seen, events);
    if (header === FRAGMENT && isPiece(bytes, at, packetEnd, events)) return;
    if (header === HOP_BY_HOP) extensionOptions(bytes, at + 2, at + size, 'hopopts', events);
    if (header === DESTINATION) extensionOptions(bytes, at + 2, at + size, 'dstopts', events);
    if (header === ROUTING && bytes[at + 2] === 0) events.push('ipv6.rh_type_0');
    header = bytes[at] ?? 0;
    at += size;
    if (packetEnd - at < 2 && header !== NOTHING) {
      events.push('ipv6.trunc_exthdr');
      return;
    }
  }
  if (header !== ENCAPSULATING_SECURITY) transportEvents(bytes, header, at, packetEnd, events);
}

function extensionBytes(bytes: Uint8Array, at: number, header: number): number {
  const length = bytes[at + 1] ?? 0;
  if (header === FRAGMENT) return 8;
  return header === AUTHENTICATION ? (length + 2) * 4 : (length + 1) * 8;
}

/** Destination options may stand before and behind a routing header (RFC 8200 §4.1); all others once. */
function noteHeader(header: number, seen: Map<number, number>, events: DecoderEvent[]): void {
  const before = seen.get(header) ?? 0;
  seen.set(header, before + 1);
  if (header === DESTINATION && before >= 2) events.push('ipv6.exthdr_dupl_dh');
  const duplicate = DUPLICATES.get(header);
  if (duplicate !== undefined && before > 0) events.push(duplicate);
}

/** @returns whether what follows belongs to a whole that is in pieces (RFC 8200 §4.5) */
function isPiece(bytes: Uint8Array, at: number, packetEnd: number, events: DecoderEvent[]): boolean {
  const field = word16(bytes, at + 2);
  const hasMore = (field & 1) === 1;
  const fragmentOffset = field & 0xfff8;
  const length = packetEnd - at - 8;
  if ((field & 6) !== 0 || bytes[at + 1] !== 0) events.push('ipv6.fh_non_zero_reserved_field');
  if (!hasMore && fragmentOffset === 0) {
    events.push('ipv6.exthdr_useless_fh');
    return false;
  }
  if (hasMore && length % 8 !== 0) events.push('ipv6.frag_invalid_length');
  if (fragmentOffset + length > MAXIMUM_DATAGRAM_BYTES) events.push('ipv6.frag_pkt_too_large');
  return true;
}

const PAD_1 = 0;
const PAD_N = 1;
/** Router alert (RFC 2711), jumbo payload (RFC 2675), home address (RFC 6275). */
const KNOWN_OPTIONS = [5, 0xc2, 0xc9];

function extensionOptions(
  bytes: Uint8Array,
  start: number,
  end: number,
  kind: 'hopopts' | 'dstopts',
  events: DecoderEvent[],
): void {
  let isOnlyPadding = true;
  for (let at = start; at < end; ) {
    const type = bytes[at] ?? 0;
    if (type === PAD_1) {
      at += 1;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    if (at + 2 + length > end) {
      events.push('ipv6.exthdr_invalid_optlen');
      return;
    }
    if (type === PAD_N && length === 0) events.push('ipv6.zero_len_padn');
    if (type !== PAD_N) {
      isOnlyPadding = false;
      if (!KNOWN_OPTIONS.includes(type)) events.push(`ipv6.${kind}_unknown_opt`);
    }
    at += 2 + length;
  }
  if (isOnlyPadding) events.push(`ipv6.${kind}_only_padding`);
}

function transportEvents(bytes: Uint8Array, protocol: number, at: number, end: number, events: DecoderEvent[]): void {
  const length = end - at;
  if (protocol === PROTOCOL_UDP) udpEvents(bytes, at, length, events);
  else if (protocol === PROTOCOL_TCP) tcpEvents(bytes, at, length, events);
  else if (protocol === PROTOCOL_ICMP) icmpEvents(bytes, at, length, events);
}

const ICMP_HEADER_BYTES = 8;
/** Types of ICMP and their highest codes (RFC 792, RFC 950, RFC 1256, RFC 1812 §5.2.7.1). */
const ICMP_TYPES: ReadonlyMap<number, number> = new Map([
  [0, 0],
  [3, 15],
  [4, 0],
  [5, 3],
  [8, 0],
  [9, 16],
  [10, 0],
  [11, 1],
  [12, 2],
  [13, 0],
  [14, 0],
  [15, 0],
  [16, 0],
  [17, 0],
  [18, 0],
]);

function icmpEvents(bytes: Uint8Array, at: number, length: number, events: DecoderEvent[]): void {
  if (length < ICMP_HEADER_BYTES) {
    events.push('icmpv4.pkt_too_small');
    return;
  }
  const highestCode = ICMP_TYPES.get(bytes[at] ?? 0);
  if (highestCode === undefined) events.push('icmpv4.unknown_type');
  else if ((bytes[at + 1] ?? 0) > highestCode) events.push('icmpv4.unknown_code');
}

/** RFC 768. */
function udpEvents(bytes: Uint8Array, at: number, length: number, events: DecoderEvent[]): void {
  if (length < UDP_HEADER_BYTES) {
    events.push('udp.hlen_too_small');
    return;
  }
  const told = word16(bytes, at + 4);
  // A length of 0 is that of a jumbogram (RFC 2675 §4).
  if (told !== 0 && told < UDP_HEADER_BYTES) events.push('udp.len_invalid');
  else if (told > length) events.push('udp.len_invalid');
}

/** RFC 9293 §3.1. */
function tcpEvents(bytes: Uint8Array, at: number, length: number, events: DecoderEvent[]): void {
  if (length < TCP_HEADER_BYTES) {
    events.push('tcp.pkt_too_small');
    return;
  }
  const headerLength = ((bytes[at + 12] ?? 0) >>> 4) * 4;
  if (headerLength > length || headerLength < TCP_HEADER_BYTES) {
    events.push('tcp.hlen_too_small');
    return;
  }
  const end = at + headerLength;
  for (let option = at + TCP_HEADER_BYTES; option < end; ) {
    const type = bytes[option] ?? 0;
    if (type === END_OF_OPTIONS) return;
    const size = type === NO_OPERATION ? 1 : (bytes[option + 1] ?? 0);
    if (size === 0 || (type !== NO_OPERATION && size < 2) || option + size > end) {
      events.push('tcp.opt_invalid_len');
      return;
    }
    option += size;
  }
}
