// Hot path, guarded by bench/analyze.ts: plain offsets, one result object that is reused, nothing allocated per packet.
import { word16 } from '../bytes/match.ts';

export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_ARP = 0x0806;
export const ETHERTYPE_IPV6 = 0x86dd;
const ETHERTYPE_VLAN = 0x8100;
const ETHERTYPE_QINQ = 0x88a8;
const ETHERTYPE_QINQ_OLD = 0x9100;
const ETHERTYPE_MPLS = 0x8847;
const ETHERTYPE_PPPOE_SESSION = 0x8864;
const PPP_IPV4 = 0x0021;
const PPP_IPV6 = 0x0057;
/** IEEE 802.3 §3.2.6: smaller values are lengths. */
const FIRST_ETHERTYPE = 0x0600;
const SNAP_SAP = 0xaa;

/** LINKTYPE_ values of tcpdump.org/linktypes.html. */
const LINKTYPE_NULL = 0;
export const LINKTYPE_ETHERNET = 1;
const LINKTYPE_PPP = 9;
const LINKTYPE_RAW_OPENBSD = 12;
const LINKTYPE_RAW_OTHER = 14;
export const LINKTYPE_RAW = 101;
const LINKTYPE_LOOP = 108;
const LINKTYPE_LINUX_SLL = 113;
const LINKTYPE_IPV4 = 228;
const LINKTYPE_IPV6 = 229;
const LINKTYPE_LINUX_SLL2 = 276;

/** Where the payload of a frame starts and who sent it. Reused for every packet. */
export class LinkFrame {
  etherType = 0;
  payloadOffset = 0;
  /** Offsets of the link addresses; -1 where the link has none. */
  sourceMacOffset = -1;
  destinationMacOffset = -1;
  /** Offset of the Ethernet header, -1 where there is none. */
  ethernetOffset = -1;
  /** Outermost VLAN id, -1 without a tag. */
  vlan = -1;
  /** Tells flows in different tunnels apart: the ends of the tunnel as a number, 0 outside of tunnels. */
  tunnel = 0;
}

/**
 * Finds the network layer.
 *
 * @param end offset behind the last captured byte
 * @returns false when the link type is unknown or the frame too short
 */
export function parseLink(frame: LinkFrame, bytes: Uint8Array, offset: number, end: number, linkType: number): boolean {
  frame.sourceMacOffset = frame.destinationMacOffset = frame.ethernetOffset = -1;
  frame.vlan = -1;
  frame.tunnel = 0;
  switch (linkType) {
    case LINKTYPE_ETHERNET:
      return parseEthernet(frame, bytes, offset, end);
    case LINKTYPE_RAW:
    case LINKTYPE_RAW_OPENBSD:
    case LINKTYPE_RAW_OTHER:
    case LINKTYPE_IPV4:
    case LINKTYPE_IPV6:
      return parseByVersion(frame, bytes, offset, end);
    case LINKTYPE_NULL:
    case LINKTYPE_LOOP:
      return parseByVersion(frame, bytes, offset + 4, end);
    case LINKTYPE_LINUX_SLL:
      return parseFixed(frame, bytes, offset, end, 14, 16);
    case LINKTYPE_LINUX_SLL2:
      return parseFixed(frame, bytes, offset, end, 0, 20);
    case LINKTYPE_PPP:
      return parsePpp(frame, bytes, bytes[offset] === 0xff ? offset + 2 : offset, end);
    default:
      return false;
  }
}

function parseEthernet(frame: LinkFrame, bytes: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < 14) return false;
  frame.ethernetOffset = frame.destinationMacOffset = offset;
  frame.sourceMacOffset = offset + 6;
  let position = offset + 12;
  let etherType = word16(bytes, position);
  // At most four tags: more are no network's, but an attempt to keep a parser busy.
  for (let tags = 0; tags < 4 && isVlanTag(etherType); tags++) {
    if (end - position < 6) return false;
    if (frame.vlan < 0) frame.vlan = word16(bytes, position + 2) & 0x0fff;
    position += 4;
    etherType = word16(bytes, position);
  }
  position += 2;
  if (etherType < FIRST_ETHERTYPE) {
    // IEEE 802.2 with SNAP carries an EtherType or, for CDP, a protocol id of Cisco.
    if (end - position < 8 || bytes[position] !== SNAP_SAP || bytes[position + 1] !== SNAP_SAP) return false;
    etherType = word16(bytes, position + 6);
    position += 8;
  }
  frame.etherType = etherType;
  frame.payloadOffset = position;
  if (etherType === ETHERTYPE_PPPOE_SESSION) return end - position >= 8 && parsePpp(frame, bytes, position + 6, end);
  if (etherType === ETHERTYPE_MPLS) return parseMpls(frame, bytes, position, end);
  return true;
}

function parseMpls(frame: LinkFrame, bytes: Uint8Array, offset: number, end: number): boolean {
  for (let position = offset; end - position >= 4; position += 4) {
    const isBottom = ((bytes[position + 2] ?? 0) & 1) === 1;
    if (isBottom) return parseByVersion(frame, bytes, position + 4, end);
  }
  return false;
}

function parsePpp(frame: LinkFrame, bytes: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < 2) return false;
  const protocol = word16(bytes, offset);
  frame.payloadOffset = offset + 2;
  frame.etherType = protocol === PPP_IPV4 ? ETHERTYPE_IPV4 : protocol === PPP_IPV6 ? ETHERTYPE_IPV6 : 0;
  return frame.etherType !== 0;
}

function parseFixed(
  frame: LinkFrame,
  bytes: Uint8Array,
  offset: number,
  end: number,
  typeOffset: number,
  headerLength: number,
): boolean {
  if (end - offset < headerLength) return false;
  frame.etherType = word16(bytes, offset + typeOffset);
  frame.payloadOffset = offset + headerLength;
  return true;
}

function parseByVersion(frame: LinkFrame, bytes: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < 1) return false;
  const version = (bytes[offset] ?? 0) >>> 4;
  frame.payloadOffset = offset;
  frame.etherType = version === 4 ? ETHERTYPE_IPV4 : version === 6 ? ETHERTYPE_IPV6 : 0;
  return frame.etherType !== 0;
}

function isVlanTag(etherType: number): boolean {
  return etherType === ETHERTYPE_VLAN || etherType === ETHERTYPE_QINQ || etherType === ETHERTYPE_QINQ_OLD;
}
