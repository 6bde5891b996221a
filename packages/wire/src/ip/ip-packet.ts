// Hot path, guarded by bench/analyze.ts: one result object that is reused, nothing allocated per packet.
import { word16 } from '../bytes/match.ts';

export const PROTOCOL_ICMP = 1;
export const PROTOCOL_IPIP = 4;
export const PROTOCOL_TCP = 6;
export const PROTOCOL_UDP = 17;
export const PROTOCOL_IPV6 = 41;
export const PROTOCOL_GRE = 47;
export const PROTOCOL_ICMPV6 = 58;
export const PROTOCOL_SCTP = 132;

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const DESTINATION = 60;
const MOBILITY = 135;
const MAXIMUM_EXTENSION_HEADERS = 8;

/** Network layer of one packet. Reused for every packet; addresses as four 32-bit words, IPv4 in the first. */
export class IpPacket {
  version = 0;
  protocol = 0;
  timeToLive = 0;
  source0 = 0;
  source1 = 0;
  source2 = 0;
  source3 = 0;
  destination0 = 0;
  destination1 = 0;
  destination2 = 0;
  destination3 = 0;
  payloadOffset = 0;
  /** Behind the last byte that is there; padding of the link layer is left out. */
  payloadEnd = 0;
  /** Bytes of the payload as the header tells, whether captured or not. */
  payloadLength = 0;
  isFragment = false;
  fragmentOffset = 0;
  hasMoreFragments = false;
  identification = 0;
}

/** RFC 791 §3.1. @returns false when it is no IPv4 packet or too short */
export function parseIpv4(packet: IpPacket, bytes: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < 20) return false;
  const first = bytes[offset] ?? 0;
  const headerLength = (first & 15) * 4;
  if (first >>> 4 !== 4 || headerLength < 20 || end - offset < headerLength) return false;
  // Length 0 is what segmentation offload leaves in captures made on the sender.
  const total = word16(bytes, offset + 2) || end - offset;
  if (total < headerLength) return false;
  const fragment = word16(bytes, offset + 6);
  packet.version = 4;
  packet.timeToLive = bytes[offset + 8] ?? 0;
  packet.protocol = bytes[offset + 9] ?? 0;
  packet.source0 = int32(bytes, offset + 12);
  packet.destination0 = int32(bytes, offset + 16);
  packet.source1 = packet.source2 = packet.source3 = 0;
  packet.destination1 = packet.destination2 = packet.destination3 = 0;
  packet.payloadOffset = offset + headerLength;
  packet.payloadLength = total - headerLength;
  packet.payloadEnd = Math.min(end, offset + total);
  packet.fragmentOffset = (fragment & 0x1fff) * 8;
  packet.hasMoreFragments = (fragment & 0x2000) !== 0;
  packet.isFragment = packet.hasMoreFragments || packet.fragmentOffset !== 0;
  packet.identification = word16(bytes, offset + 4);
  return true;
}

/** RFC 8200 §3, §4. @returns false when it is no IPv6 packet, too short, or its extension headers do not end */
export function parseIpv6(packet: IpPacket, bytes: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < 40 || (bytes[offset] ?? 0) >>> 4 !== 6) return false;
  const length = word16(bytes, offset + 4) || end - offset - 40;
  packet.version = 6;
  packet.timeToLive = bytes[offset + 7] ?? 0;
  packet.source0 = int32(bytes, offset + 8);
  packet.source1 = int32(bytes, offset + 12);
  packet.source2 = int32(bytes, offset + 16);
  packet.source3 = int32(bytes, offset + 20);
  packet.destination0 = int32(bytes, offset + 24);
  packet.destination1 = int32(bytes, offset + 28);
  packet.destination2 = int32(bytes, offset + 32);
  packet.destination3 = int32(bytes, offset + 36);
  packet.isFragment = false;
  packet.hasMoreFragments = false;
  packet.fragmentOffset = 0;
  const packetEnd = offset + 40 + length;
  packet.payloadEnd = Math.min(end, packetEnd);
  const position = skipExtensionHeaders(packet, bytes, offset + 40, bytes[offset + 6] ?? 0);
  if (position < 0) return false;
  packet.payloadOffset = position;
  packet.payloadLength = packetEnd - position;
  return packet.payloadLength >= 0;
}

/**
 * Reads the extension headers at the head of a datagram that was put together from fragments.
 *
 * @param packet of the last fragment; its `protocol` names the first header of `payload` and is moved on
 * @returns offset of the upper layer, -1 when the headers do not end
 */
export function skipReassembledHeaders(packet: IpPacket, payload: Uint8Array): number {
  packet.payloadEnd = payload.length;
  const position = skipExtensionHeaders(packet, payload, 0, packet.protocol);
  return position > payload.length ? -1 : position;
}

function skipExtensionHeaders(packet: IpPacket, bytes: Uint8Array, start: number, firstHeader: number): number {
  let header = firstHeader;
  let position = start;
  for (let count = 0; count < MAXIMUM_EXTENSION_HEADERS; count++) {
    const isKnown =
      header === HOP_BY_HOP ||
      header === ROUTING ||
      header === DESTINATION ||
      header === MOBILITY ||
      header === FRAGMENT ||
      header === AUTHENTICATION;
    if (!isKnown) {
      packet.protocol = header;
      return position;
    }
    if (packet.payloadEnd - position < 8) return -1;
    const next = bytes[position] ?? 0;
    if (header === FRAGMENT) {
      const field = word16(bytes, position + 2);
      packet.fragmentOffset = field & 0xfff8;
      packet.hasMoreFragments = (field & 1) === 1;
      packet.isFragment = packet.hasMoreFragments || packet.fragmentOffset !== 0;
      packet.identification = int32(bytes, position + 4);
      position += 8;
      if (packet.isFragment) {
        // What follows belongs to the whole datagram (RFC 8200 §4.5): headers are read once it is put together.
        packet.protocol = next;
        return position;
      }
    } else {
      const length = bytes[position + 1] ?? 0;
      position += header === AUTHENTICATION ? (length + 2) * 4 : (length + 1) * 8;
    }
    header = next;
  }
  return -1;
}

function int32(bytes: Uint8Array, offset: number): number {
  return (
    ((bytes[offset] ?? 0) << 24) |
    ((bytes[offset + 1] ?? 0) << 16) |
    ((bytes[offset + 2] ?? 0) << 8) |
    (bytes[offset + 3] ?? 0)
  );
}
