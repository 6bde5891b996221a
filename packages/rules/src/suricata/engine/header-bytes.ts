import type { InspectedPacket } from '../inspector.ts';
import { isTcp, tcpHeaderLength } from '../packet-fields.ts';

const ICMP = 1;
const IGMP = 2;
const UDP = 17;
const ICMPV6 = 58;
const IPV6_HEADER_BYTES = 40;
const ETHERNET_HEADER_BYTES = 14;

/** @returns bytes of a header that rules look at; `undefined` where the packet has none */
export function headerBytes(packet: InspectedPacket, buffer: string): Uint8Array | undefined {
  const { bytes, ipOffset, ipVersion, ipProtocol, transportOffset, payloadOffset, payloadEnd, linkOffset } = packet;
  switch (buffer) {
    case 'ipv4.hdr':
      return ipVersion === 4 ? bytes.subarray(ipOffset, ipOffset + ((bytes[ipOffset] ?? 0) & 0x0f) * 4) : undefined;
    case 'ipv6.hdr':
      return ipVersion === 6
        ? bytes.subarray(ipOffset, transportOffset < 0 ? ipOffset + IPV6_HEADER_BYTES : transportOffset)
        : undefined;
    case 'tcp.hdr':
      return isTcp(packet) ? bytes.subarray(transportOffset, transportOffset + tcpHeaderLength(packet)) : undefined;
    case 'udp.hdr':
      return ipProtocol === UDP && transportOffset >= 0
        ? bytes.subarray(transportOffset, transportOffset + 8)
        : undefined;
    case 'icmpv4.hdr':
      return ipProtocol === ICMP && transportOffset >= 0
        ? bytes.subarray(
            transportOffset,
            Math.min(transportOffset + icmpHeaderLength(packet), Math.max(payloadOffset, payloadEnd)),
          )
        : undefined;
    case 'icmpv6.hdr':
      return ipProtocol === ICMPV6 && transportOffset >= 0
        ? bytes.subarray(transportOffset, transportOffset + 8)
        : undefined;
    case 'igmp.hdr':
      return ipProtocol === IGMP && transportOffset >= 0
        ? bytes.subarray(transportOffset, Math.max(payloadOffset, payloadEnd))
        : undefined;
    case 'ether.hdr':
      return linkOffset >= 0 ? bytes.subarray(linkOffset, linkOffset + ETHERNET_HEADER_BYTES) : undefined;
    default:
      return undefined;
  }
}

/** Length of the header of an ICMP message with what belongs to it by its type (RFC 792, RFC 950, RFC 1256). */
function icmpHeaderLength({ bytes, transportOffset }: InspectedPacket): number {
  switch (bytes[transportOffset]) {
    case ROUTER_ADVERTISEMENT:
      return 8 + (bytes[transportOffset + 4] ?? 0) * (bytes[transportOffset + 5] ?? 0) * 4;
    case TIMESTAMP:
    case TIMESTAMP_REPLY:
      return 20;
    case ADDRESS_MASK:
    case ADDRESS_MASK_REPLY:
      return 12;
    default:
      return 8;
  }
}

const ROUTER_ADVERTISEMENT = 9;
const TIMESTAMP = 13;
const TIMESTAMP_REPLY = 14;
const ADDRESS_MASK = 17;
const ADDRESS_MASK_REPLY = 18;
