import type { InspectedPacket } from '../../inspector.ts';
import { formatIpv4, formatIpv6, formatMac } from '../../ip/address.ts';
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6 } from '../../ip/ip-packet.ts';
import { type EveMembers, present } from './eve-event.ts';
import type { IcmpKind } from './flow-event.ts';

const TAG_BYTES = 4;
const MAXIMUM_TAGS = 3;
const VLAN_TYPES: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
const MAC_BYTES = 6;
const TRANSPORTS: ReadonlyMap<number, string> = new Map([
  [4, 'IPV4'],
  [6, 'TCP'],
  [17, 'UDP'],
  [41, 'IPV6'],
  [47, 'GRE'],
]);

/** Names of link types (tcpdump.org/linktypes.html) as libpcap has them. */
const LINK_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'NULL'],
  [1, 'EN10MB'],
  [9, 'PPP'],
  [12, 'RAW'],
  [14, 'RAW'],
  [101, 'RAW'],
  [104, 'C_HDLC'],
  [108, 'LOOP'],
  [113, 'LINUX_SLL'],
  [228, 'IPv4'],
  [229, 'IPv6'],
  [276, 'LINUX_SLL2'],
]);

/** @returns numbers of the VLAN tags before IP, the outer one first (IEEE 802.1Q, 802.1ad) */
export function vlansOf({ bytes, linkOffset, ipOffset }: InspectedPacket): number[] {
  const ids: number[] = [];
  if (linkOffset < 0) return ids;
  for (let at = linkOffset + 2 * MAC_BYTES; at + TAG_BYTES <= ipOffset && ids.length < MAXIMUM_TAGS; at += TAG_BYTES) {
    if (!VLAN_TYPES.has(word(bytes, at))) break;
    ids.push(word(bytes, at + 2) & 0x0fff);
  }
  return ids;
}

/** @returns link addresses and VLANs as the packet has them */
export function linkOfPacket(packet: InspectedPacket): EveMembers {
  const { bytes, linkOffset } = packet;
  if (linkOffset < 0) return {};
  const ether = { src_mac: formatMac(bytes, linkOffset + MAC_BYTES), dest_mac: formatMac(bytes, linkOffset) };
  return present({ vlan: vlansOf(packet), ether });
}

/** @returns the ends of the tunnel that the packet came through */
export function tunnelMembers({ bytes, outerIpOffset, tunnelDepth, packetNumber }: InspectedPacket): EveMembers {
  if (outerIpOffset < 0) return {};
  const isVersion4 = (bytes[outerIpOffset] ?? 0) >>> 4 === 4;
  const protocol = bytes[outerIpOffset + (isVersion4 ? 9 : 6)] ?? 0;
  const transport = outerIpOffset + (isVersion4 ? ((bytes[outerIpOffset] ?? 0) & 0x0f) * 4 : 40);
  const hasPorts = protocol === 6 || protocol === 17;
  const tunnel = {
    src_ip: addressAt(bytes, outerIpOffset + (isVersion4 ? 12 : 8), isVersion4),
    ...(hasPorts ? { src_port: word(bytes, transport) } : {}),
    dest_ip: addressAt(bytes, outerIpOffset + (isVersion4 ? 16 : 24), isVersion4),
    ...(hasPorts ? { dest_port: word(bytes, transport + 2) } : {}),
    proto: TRANSPORTS.get(protocol) ?? String(protocol),
    depth: tunnelDepth,
    pcap_cnt: packetNumber,
    pkt_src: 'wire/pcap',
  };
  return { tunnel };
}

/** @returns the packet itself and of which link type it is */
export function packetMembers({ bytes, frameOffset, frameEnd, linkType }: InspectedPacket): EveMembers {
  return {
    packet: Buffer.from(bytes.subarray(frameOffset, frameEnd)).toString('base64'),
    packet_info: { linktype: linkType, ...present({ linktype_name: LINK_NAMES.get(linkType) }) },
  };
}

/** @param payload what the rule looked at. @returns it as bytes and as readable text */
export function payloadMembers(payload: Uint8Array): EveMembers {
  return {
    payload: Buffer.from(payload).toString('base64'),
    payload_printable: Buffer.from(payload)
      .toString('latin1')
      .replace(/[^\x20-\x7e\r\n]/g, '.'),
  };
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function addressAt(bytes: Uint8Array, at: number, isVersion4: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (at + (isVersion4 ? 4 : 16) > view.byteLength) return '';
  return isVersion4
    ? formatIpv4(view.getUint32(at))
    : formatIpv6(view.getInt32(at), view.getInt32(at + 4), view.getInt32(at + 8), view.getInt32(at + 12));
}

/** @returns type and code of an ICMP message (RFC 792, RFC 4443 §2.1) */
export function icmpOf({ ipProtocol, transportOffset, payloadEnd, bytes }: InspectedPacket): IcmpKind | undefined {
  const isIcmp = ipProtocol === PROTOCOL_ICMP || ipProtocol === PROTOCOL_ICMPV6;
  if (!isIcmp || transportOffset < 0 || transportOffset + 2 > payloadEnd) return undefined;
  return { type: bytes[transportOffset] ?? 0, code: bytes[transportOffset + 1] ?? 0 };
}
