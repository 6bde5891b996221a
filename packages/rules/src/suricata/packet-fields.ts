import type { InspectedPacket } from './inspector.ts';

// Fields of IP, TCP, UDP and ICMP headers, read where they lie (RFC 791, 8200, 9293, 768, 792, 4443).

const TCP_OPTION_MSS = 2;
const TCP_OPTION_WINDOW_SCALE = 3;

function byteAt({ bytes }: InspectedPacket, offset: number): number {
  return bytes[offset] ?? 0;
}

function wordAt(packet: InspectedPacket, offset: number): number {
  return (byteAt(packet, offset) << 8) | byteAt(packet, offset + 1);
}

function longAt(packet: InspectedPacket, offset: number): number {
  return wordAt(packet, offset) * 65_536 + wordAt(packet, offset + 2);
}

/** Time to live, or hop limit. */
export function timeToLive(packet: InspectedPacket): number {
  return byteAt(packet, packet.ipOffset + (packet.ipVersion === 4 ? 8 : 7));
}

/** Type of service; traffic class. */
export function typeOfService(packet: InspectedPacket): number {
  if (packet.ipVersion === 4) return byteAt(packet, packet.ipOffset + 1);
  return (wordAt(packet, packet.ipOffset) >>> 4) & 0xff;
}

/** IPv4 identification; `undefined` for IPv6. */
export function identification(packet: InspectedPacket): number | undefined {
  return packet.ipVersion === 4 ? wordAt(packet, packet.ipOffset + 4) : undefined;
}

/** IPv4 flags and fragment offset as one word; `undefined` for IPv6. */
export function fragmentWord(packet: InspectedPacket): number | undefined {
  return packet.ipVersion === 4 ? wordAt(packet, packet.ipOffset + 6) : undefined;
}

/** Kinds of IPv4 options. */
export function ipOptions(packet: InspectedPacket): readonly number[] {
  if (packet.ipVersion !== 4) return [];
  const end = packet.ipOffset + (byteAt(packet, packet.ipOffset) & 0x0f) * 4;
  const kinds: number[] = [];
  for (let at = packet.ipOffset + 20; at < end; ) {
    const kind = byteAt(packet, at);
    kinds.push(kind);
    if (kind === 0) break;
    const length = kind === 1 ? 1 : byteAt(packet, at + 1);
    if (length < 1) break;
    at += length;
  }
  return kinds;
}

export function isTcp(packet: InspectedPacket): boolean {
  return packet.ipProtocol === 6 && packet.transportOffset >= 0;
}

export function tcpSequence(packet: InspectedPacket): number {
  return longAt(packet, packet.transportOffset + 4);
}

export function tcpAcknowledgment(packet: InspectedPacket): number {
  return longAt(packet, packet.transportOffset + 8);
}

export function tcpFlags(packet: InspectedPacket): number {
  return byteAt(packet, packet.transportOffset + 13);
}

export function tcpWindow(packet: InspectedPacket): number {
  return wordAt(packet, packet.transportOffset + 14);
}

/** Length of the TCP header in bytes. */
export function tcpHeaderLength(packet: InspectedPacket): number {
  return (byteAt(packet, packet.transportOffset + 12) >>> 4) * 4;
}

export function tcpMaximumSegment(packet: InspectedPacket): number | undefined {
  const at = findTcpOption(packet, TCP_OPTION_MSS, 4);
  return at === undefined ? undefined : wordAt(packet, at + 2);
}

export function tcpWindowScale(packet: InspectedPacket): number | undefined {
  const at = findTcpOption(packet, TCP_OPTION_WINDOW_SCALE, 3);
  return at === undefined ? undefined : byteAt(packet, at + 2);
}

function findTcpOption(packet: InspectedPacket, wanted: number, size: number): number | undefined {
  const end = Math.min(packet.transportOffset + tcpHeaderLength(packet), packet.bytes.length);
  for (let at = packet.transportOffset + 20; at < end; ) {
    const kind = byteAt(packet, at);
    if (kind === 0) return undefined;
    const length = kind === 1 ? 1 : byteAt(packet, at + 1);
    if (length < 1) return undefined;
    if (kind === wanted && length === size && at + size <= end) return at;
    at += length;
  }
  return undefined;
}

export function isIcmp(packet: InspectedPacket): boolean {
  return (packet.ipProtocol === 1 || packet.ipProtocol === 58) && packet.transportOffset >= 0;
}

export function icmpType(packet: InspectedPacket): number {
  return byteAt(packet, packet.transportOffset);
}

export function icmpCode(packet: InspectedPacket): number {
  return byteAt(packet, packet.transportOffset + 1);
}

/** Whether the type carries an identifier and a sequence number: echo, time stamp, information and address mask. */
function hasIcmpIdentifier(packet: InspectedPacket): boolean {
  const type = icmpType(packet);
  if (packet.ipProtocol === 58) return type === 128 || type === 129;
  return type === 0 || type === 8 || (type >= 13 && type <= 18);
}

export function icmpIdentifier(packet: InspectedPacket): number | undefined {
  return hasIcmpIdentifier(packet) ? wordAt(packet, packet.transportOffset + 4) : undefined;
}

export function icmpSequence(packet: InspectedPacket): number | undefined {
  return hasIcmpIdentifier(packet) ? wordAt(packet, packet.transportOffset + 6) : undefined;
}

/** Largest packet that ICMPv6 "packet too big" allows. */
export function icmpv6Mtu(packet: InspectedPacket): number | undefined {
  return packet.ipProtocol === 58 && icmpType(packet) === 2 ? longAt(packet, packet.transportOffset + 4) : undefined;
}
