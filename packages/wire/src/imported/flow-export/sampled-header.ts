import type { ByteCursor } from '../../bytes/byte-cursor.ts';
import { parseTcp, parseUdp, TransportHeader } from '../../flow/transport-header.ts';
import { formatIpv4, formatIpv6, formatMac } from '../../ip/address.ts';
import { IpPacket, PROTOCOL_TCP, PROTOCOL_UDP, parseIpv4, parseIpv6 } from '../../ip/ip-packet.ts';
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, LinkFrame, parseLink } from '../../link/link-layer.ts';
import { transportOf } from '../field.ts';
import type { SampledPacket } from './sflow.ts';

/** `header_protocol` of sFlow → LINKTYPE_ values: Ethernet, IPv4, IPv6. */
const LINK_TYPES: Readonly<Record<number, number>> = { 1: 1, 11: 101, 12: 101 };
const LARGEST_FRAME = 65_535;

/** Takes the ends of a packet out of its first bytes, which are all that a switch sends of it. */
export class SampledHeader {
  readonly #frame = new LinkFrame();
  readonly #ip = new IpPacket();
  readonly #transport = new TransportHeader();

  /** @param record `sampled_header` of sFlow version 5. @returns undefined when it holds no IP packet */
  read(record: ByteCursor): SampledPacket | undefined {
    const linkType = LINK_TYPES[record.uint32()];
    const frameLength = record.uint32();
    record.skip(4);
    const bytes = record.slice(record.uint32());
    if (linkType === undefined || !parseLink(this.#frame, bytes, 0, bytes.length, linkType)) return undefined;
    const { etherType, payloadOffset, sourceMacOffset, destinationMacOffset, vlan } = this.#frame;
    const isIpv4 = etherType === ETHERTYPE_IPV4;
    if (!isIpv4 && etherType !== ETHERTYPE_IPV6) return undefined;
    const parseIp = isIpv4 ? parseIpv4 : parseIpv6;
    if (!parseIp(this.#ip, bytes, payloadOffset, bytes.length)) return undefined;
    return {
      ...this.#addresses(isIpv4),
      ...this.#ports(bytes),
      transport: transportOf(String(this.#ip.protocol)),
      sourceMac: sourceMacOffset < 0 ? undefined : formatMac(bytes, sourceMacOffset),
      destinationMac: destinationMacOffset < 0 ? undefined : formatMac(bytes, destinationMacOffset),
      vlan: vlan > 0 ? vlan : undefined,
      length: Math.min(Math.max(frameLength, bytes.length), LARGEST_FRAME),
    };
  }

  #addresses(isIpv4: boolean): { sourceIp: string; destinationIp: string } {
    const ip = this.#ip;
    if (isIpv4) return { sourceIp: formatIpv4(ip.source0), destinationIp: formatIpv4(ip.destination0) };
    return {
      sourceIp: formatIpv6(ip.source0, ip.source1, ip.source2, ip.source3),
      destinationIp: formatIpv6(ip.destination0, ip.destination1, ip.destination2, ip.destination3),
    };
  }

  /** Later fragments carry no ports. */
  #ports(bytes: Uint8Array): { sourcePort: number; destinationPort: number; tcpFlags: number } {
    const { protocol, payloadOffset, payloadEnd, fragmentOffset } = this.#ip;
    const header = this.#transport;
    const parse = protocol === PROTOCOL_TCP ? parseTcp : protocol === PROTOCOL_UDP ? parseUdp : undefined;
    if (parse === undefined || fragmentOffset > 0 || !parse(header, bytes, payloadOffset, payloadEnd)) {
      return { sourcePort: 0, destinationPort: 0, tcpFlags: 0 };
    }
    return { sourcePort: header.sourcePort, destinationPort: header.destinationPort, tcpFlags: header.flags };
  }
}
