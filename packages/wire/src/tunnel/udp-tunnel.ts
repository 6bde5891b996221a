import { word16 } from '../bytes/match.ts';
import type { TunnelPayload } from './tunnel-payload.ts';

const GTP_U = 2152;
const TEREDO = 3544;
const VXLAN = 4789;
/** What Linux used before IANA assigned a port. */
const VXLAN_LINUX = 8472;
const VXLAN_GPE = 4790;
const VXLAN_HAS_NETWORK = 0x08;
const VXLAN_HAS_NEXT_PROTOCOL = 0x04;
const VXLAN_NEXT_IPV4 = 1;
const VXLAN_NEXT_IPV6 = 2;
const VXLAN_NEXT_ETHERNET = 3;
const GENEVE = 6081;
const GTP_USER_PAYLOAD = 255;
const VXLAN_HEADER_BYTES = 8;
const GENEVE_HEADER_BYTES = 8;
const GTP_HEADER_BYTES = 8;
const MAXIMUM_GTP_EXTENSIONS = 8;

/** @returns whether datagrams to this port may be a tunnel's; they are only where they look like it, too */
export function isTunnelPort(port: number): boolean {
  if (port < GTP_U || port > VXLAN_LINUX) return false;
  return isVxlanPort(port) || port === GTP_U || port === GENEVE || port === TEREDO;
}

function isVxlanPort(port: number): boolean {
  return port === VXLAN || port === VXLAN_GPE || port === VXLAN_LINUX;
}

/**
 * Finds what VXLAN (RFC 7348 §5; with a next protocol, draft-ietf-nvo3-vxlan-gpe-13 §3), Geneve (RFC 8926 §3), GTP-U (3GPP TS 29.281 §5) and Teredo (RFC 4380 §5.1.1) carry.
 *
 * @param port for which `isTunnelPort` holds
 * @param offset of the payload of UDP, `end` behind it
 * @returns false when the datagram carries nothing that is looked into
 */
export function findUdpTunnel(
  payload: TunnelPayload,
  port: number,
  bytes: Uint8Array,
  offset: number,
  end: number,
): boolean {
  switch (port) {
    case VXLAN:
    case VXLAN_GPE:
    case VXLAN_LINUX:
      return findVxlan(payload, bytes, offset, end);
    case GENEVE:
      return findGeneve(payload, bytes, offset, end);
    case GTP_U:
      return findGtp(payload, bytes, offset, end);
    case TEREDO:
      return findTeredo(payload, bytes, offset, end);
    default:
      return false;
  }
}

function findVxlan(payload: TunnelPayload, bytes: Uint8Array, offset: number, end: number): boolean {
  if (end - offset <= VXLAN_HEADER_BYTES || bytes[offset + 7] !== 0) return false;
  const kind = vxlanPayload(bytes[offset] ?? 0, bytes[offset + 3] ?? 0);
  if (kind === undefined) return false;
  return payload.set(kind, bytes, offset + VXLAN_HEADER_BYTES, end, uint24(bytes, offset + 4));
}

function vxlanPayload(flags: number, nextProtocol: number): TunnelPayload['kind'] | undefined {
  if (flags === VXLAN_HAS_NETWORK) return nextProtocol === 0 ? 'ethernet' : undefined;
  if (flags !== (VXLAN_HAS_NETWORK | VXLAN_HAS_NEXT_PROTOCOL)) return undefined;
  if (nextProtocol === VXLAN_NEXT_ETHERNET) return 'ethernet';
  return nextProtocol === VXLAN_NEXT_IPV4 || nextProtocol === VXLAN_NEXT_IPV6 ? 'ip' : undefined;
}

/** Its users give each direction a network identifier of its own, so they name no common network. */
function findGeneve(payload: TunnelPayload, bytes: Uint8Array, offset: number, end: number): boolean {
  const first = bytes[offset] ?? 0;
  if (end - offset <= GENEVE_HEADER_BYTES || first >>> 6 !== 0) return false;
  const inner = offset + GENEVE_HEADER_BYTES + (first & 0x3f) * 4;
  return payload.setByEtherType(word16(bytes, offset + 2), bytes, inner, end, 0);
}

/** Each direction of a GTP tunnel has an identifier of its own, so they name no common network. */
function findGtp(payload: TunnelPayload, bytes: Uint8Array, offset: number, end: number): boolean {
  const flags = bytes[offset] ?? 0;
  const isVersion1 = flags >>> 5 === 1 && (flags & 0x10) !== 0;
  if (!isVersion1 || bytes[offset + 1] !== GTP_USER_PAYLOAD) return false;
  let position = offset + GTP_HEADER_BYTES;
  if ((flags & 0x07) === 0) return payload.set('ip', bytes, position, end, 0);
  let extension = (flags & 0x04) === 0 ? 0 : (bytes[position + 3] ?? 0);
  position += 4;
  for (let seen = 0; extension !== 0 && seen < MAXIMUM_GTP_EXTENSIONS; seen++) {
    const length = (bytes[position] ?? 0) * 4;
    if (length === 0 || position + length > end) return false;
    extension = bytes[position + length - 1] ?? 0;
    position += length;
  }
  return extension === 0 && payload.set('ip', bytes, position, end, 0);
}

/** An authentication or origin indication may come before the IPv6 packet. */
function findTeredo(payload: TunnelPayload, bytes: Uint8Array, offset: number, end: number): boolean {
  let position = offset;
  if (word16(bytes, position) === 1) position += 13 + (bytes[position + 2] ?? 0) + (bytes[position + 3] ?? 0);
  if (word16(bytes, position) === 0) position += 8;
  return (bytes[position] ?? 0) >>> 4 === 6 && payload.set('ip', bytes, position, end, 0);
}

/** @returns the three bytes there, most significant first */
export function uint24(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 16) | word16(bytes, offset + 1);
}
