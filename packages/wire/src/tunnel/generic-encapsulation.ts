import { word16 } from '../bytes/match.ts';
import type { TunnelPayload } from './tunnel-payload.ts';

const ETHERTYPE_ERSPAN_2 = 0x88be;
const ETHERTYPE_ERSPAN_3 = 0x22eb;
const ETHERTYPE_PPP = 0x880b;
const ERSPAN_2_HEADER_BYTES = 8;
const ERSPAN_3_HEADER_BYTES = 12;
const ERSPAN_3_SUBHEADER_BYTES = 8;
const PPP_IPV4 = 0x0021;
const PPP_IPV6 = 0x0057;

/**
 * Finds what GRE carries: IP and Ethernet (RFC 2784, RFC 2890), mirrored frames in ERSPAN types I to III
 * (draft-foschiano-erspan-03), and IP in PPP as PPTP sends it (RFC 2637 §4.1).
 *
 * @returns false when it carries nothing that is looked into
 */
export function findGenericEncapsulation(
  payload: TunnelPayload,
  bytes: Uint8Array,
  offset: number,
  end: number,
): boolean {
  if (end - offset < 4) return false;
  const flags = bytes[offset] ?? 0;
  const hasKey = (flags & 0x20) !== 0;
  const hasSequence = (flags & 0x10) !== 0;
  const hasAcknowledgement = ((bytes[offset + 1] ?? 0) & 0x80) !== 0;
  const words = Number((flags & 0x80) !== 0) + Number(hasKey) + Number(hasSequence) + Number(hasAcknowledgement);
  const inner = offset + 4 + words * 4;
  const etherType = word16(bytes, offset + 2);
  switch (etherType) {
    case ETHERTYPE_ERSPAN_2:
      return findMirrored(payload, bytes, inner + (hasSequence ? ERSPAN_2_HEADER_BYTES : 0), end);
    case ETHERTYPE_ERSPAN_3: {
      const hasSubheader = ((bytes[inner + ERSPAN_3_HEADER_BYTES - 1] ?? 0) & 1) === 1;
      const header = ERSPAN_3_HEADER_BYTES + (hasSubheader ? ERSPAN_3_SUBHEADER_BYTES : 0);
      return findMirrored(payload, bytes, inner + header, end);
    }
    case ETHERTYPE_PPP:
      return findPointToPoint(payload, bytes, inner, end);
    default:
      return payload.setByEtherType(etherType, bytes, inner, end, 0);
  }
}

function findMirrored(payload: TunnelPayload, bytes: Uint8Array, offset: number, end: number): boolean {
  const isFound = payload.set('ethernet', bytes, offset, end, 0);
  payload.isMirrored = true;
  return isFound;
}

function findPointToPoint(payload: TunnelPayload, bytes: Uint8Array, offset: number, end: number): boolean {
  const start = word16(bytes, offset) === 0xff03 ? offset + 2 : offset;
  // The first byte of the protocol number may be left out when it is zero (RFC 1661 §6.5).
  const isShort = ((bytes[start] ?? 0) & 1) === 1;
  const protocol = isShort ? (bytes[start] ?? 0) : word16(bytes, start);
  const isIp = protocol === PPP_IPV4 || protocol === PPP_IPV6;
  return isIp && payload.set('ip', bytes, start + (isShort ? 1 : 2), end, 0);
}
