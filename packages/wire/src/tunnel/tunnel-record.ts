import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from '../link/link-layer.ts';
import type { EvidenceDraft, ProtocolRecord } from '../protocol.ts';
import { ETHERTYPE_ETHERNET_BRIDGING } from './tunnel-payload.ts';

/** Between two hosts there is a tunnel: told once for each network that goes through it. Its inside is traffic of its own. */
export interface TunnelRecord extends ProtocolRecord {
  readonly protocol: 'vxlan' | 'geneve' | 'teredo' | 'gre' | 'erspan' | 'ip-in-ip';
  readonly activity: 'encapsulation';
  /** `ethernet`, `ipv4`, `ipv6`, `ppp`; else `0x` and the number of what it carries. */
  readonly carries: string;
  /** VNI, key or session, as its sender gives it; undefined where it gives none. */
  readonly networkId: number | undefined;
}

const ETHERTYPE_PPP = 0x880b;
const CARRIED: Readonly<Record<number, string>> = {
  [ETHERTYPE_IPV4]: 'ipv4',
  [ETHERTYPE_IPV6]: 'ipv6',
  [ETHERTYPE_ETHERNET_BRIDGING]: 'ethernet',
  [ETHERTYPE_PPP]: 'ppp',
};

export function tunnelRecord(
  protocol: TunnelRecord['protocol'],
  carries: string,
  networkId: number | undefined,
): TunnelRecord {
  return { protocol, activity: 'encapsulation', carries, networkId };
}

/** @param etherType of what goes through */
export function nameOfCarried(etherType: number): string {
  return CARRIED[etherType] ?? `0x${etherType.toString(16).padStart(4, '0')}`;
}

/** Both ends keep the tunnel. */
export function tunnelEvidence({ protocol }: TunnelRecord): readonly EvidenceDraft[] {
  return (['client', 'server'] as const).map((about) => ({ attribute: 'tunnel.end', value: protocol, about }));
}
