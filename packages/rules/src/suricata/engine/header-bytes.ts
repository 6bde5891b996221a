import type { InspectedPacket } from '../inspector.ts';
import { isTcp, tcpHeaderLength } from '../packet-fields.ts';

const ICMP = 1;
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
        ? bytes.subarray(transportOffset, Math.min(transportOffset + 8, Math.max(payloadOffset, payloadEnd)))
        : undefined;
    case 'icmpv6.hdr':
      return ipProtocol === ICMPV6 && transportOffset >= 0
        ? bytes.subarray(transportOffset, transportOffset + 8)
        : undefined;
    case 'ether.hdr':
      return linkOffset >= 0 ? bytes.subarray(linkOffset, linkOffset + ETHERNET_HEADER_BYTES) : undefined;
    default:
      return undefined;
  }
}
