import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from '../link/link-layer.ts';

/** EtherType of a whole Ethernet frame inside of something else (RFC 1701 §4, RFC 7637 §3.2). */
export const ETHERTYPE_ETHERNET_BRIDGING = 0x6558;

/** What a tunnel carries. Reused for every packet. */
export class TunnelPayload {
  kind: 'ethernet' | 'ip' = 'ip';
  offset = 0;
  /** The network that the tunnel belongs to (VNI, key); 0 where it names none that holds for both directions. */
  networkId = 0;
  /** A copy of traffic from elsewhere rather than a tunnel of its own. */
  isMirrored = false;

  /** @returns whether there is something of this kind at the offset */
  set(kind: 'ethernet' | 'ip', bytes: Uint8Array, offset: number, end: number, networkId: number): boolean {
    this.kind = kind;
    this.offset = offset;
    this.networkId = networkId;
    this.isMirrored = false;
    return kind === 'ip' ? isIp(bytes, offset, end) : end - offset >= 14;
  }

  /** @returns whether the EtherType is of something that is looked into and is there */
  setByEtherType(etherType: number, bytes: Uint8Array, offset: number, end: number, networkId: number): boolean {
    if (etherType === ETHERTYPE_ETHERNET_BRIDGING) return this.set('ethernet', bytes, offset, end, networkId);
    const isKnown = etherType === ETHERTYPE_IPV4 || etherType === ETHERTYPE_IPV6;
    return isKnown && this.set('ip', bytes, offset, end, networkId);
  }
}

function isIp(bytes: Uint8Array, offset: number, end: number): boolean {
  const version = (bytes[offset] ?? 0) >>> 4;
  return version === 4 ? end - offset >= 20 : version === 6 && end - offset >= 40;
}
