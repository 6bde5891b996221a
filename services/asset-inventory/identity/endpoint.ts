import type { HostEvidence } from '@sphinx/schema';
import type { Program } from './program.ts';

/** Different things that one endpoint may show; hostile traffic must not fill the memory. */
const MAXIMUM_EVIDENCE = 1000;

/** How long an endpoint was seen under an address. */
export interface AddressPeriod {
  firstSeen: number;
  lastSeen: number;
}

/**
 * The smallest thing that is told apart automatically: a network card by its MAC address, else an address that was seen
 * only through a router. An asset is one or more of them; people move them between assets, evidence never moves.
 */
export interface Endpoint {
  readonly key: string;
  readonly isSample: boolean;
  mac: string | undefined;
  /** Where one address (loopback) carries several. */
  readonly program: Program | undefined;
  readonly ips: Map<string, AddressPeriod>;
  /** Under `evidenceKey`; one entry per source. */
  readonly evidence: Map<string, HostEvidence>;
  firstSeen: number;
  lastSeen: number;
}

export function createEndpoint(fields: Pick<Endpoint, 'key' | 'isSample' | 'mac' | 'program'>): Endpoint {
  return { ...fields, ips: new Map(), evidence: new Map(), firstSeen: Number.MAX_SAFE_INTEGER, lastSeen: 0 };
}

/** @returns whether anything was added that was not known in substance */
export function addEvidence(endpoint: Endpoint, items: readonly HostEvidence[]): boolean {
  let isNew = false;
  for (const item of items) {
    const key = `${item.packet.source}|${item.role}|${item.transport ?? ''}|${item.port ?? ''}|${item.attribute}|${item.value}`;
    const known = endpoint.evidence.get(key);
    if (known === undefined && endpoint.evidence.size >= MAXIMUM_EVIDENCE) continue;
    isNew ||= known === undefined;
    endpoint.evidence.set(key, known === undefined ? item : combineEvidence(known, item));
    noteSeen(endpoint, item.firstSeen, item.lastSeen);
  }
  return isNew;
}

export function noteSeen(endpoint: Endpoint, firstSeen: number, lastSeen: number): void {
  endpoint.firstSeen = Math.min(endpoint.firstSeen, firstSeen);
  endpoint.lastSeen = Math.max(endpoint.lastSeen, lastSeen);
}

export function noteAddress(endpoint: Endpoint, ip: string, firstSeen: number, lastSeen: number): boolean {
  const period = endpoint.ips.get(ip);
  if (period === undefined) endpoint.ips.set(ip, { firstSeen, lastSeen });
  else {
    period.firstSeen = Math.min(period.firstSeen, firstSeen);
    period.lastSeen = Math.max(period.lastSeen, lastSeen);
  }
  return period === undefined;
}

/** Evidence of several endpoints and sources, each substance once. */
export function foldEvidence(endpoints: readonly Endpoint[]): HostEvidence[] {
  const folded = new Map<string, HostEvidence>();
  for (const endpoint of endpoints) {
    for (const item of endpoint.evidence.values()) {
      const key = `${item.role}|${item.transport ?? ''}|${item.port ?? ''}|${item.attribute}|${item.value}`;
      const known = folded.get(key);
      folded.set(key, known === undefined ? item : sumEvidence(known, item));
    }
  }
  return [...folded.values()];
}

/** Values of one attribute, most recent first. */
export function valuesOf(evidence: readonly HostEvidence[], attribute: string, role?: HostEvidence['role']): string[] {
  return evidence
    .filter((item) => item.attribute === attribute && (role === undefined || item.role === role))
    .sort((left, right) => right.lastSeen - left.lastSeen)
    .map(({ value }) => value);
}

/** Counts of one source are totals since its start: the larger is the later. */
function combineEvidence(known: HostEvidence, item: HostEvidence): HostEvidence {
  return {
    ...known,
    firstSeen: Math.min(known.firstSeen, item.firstSeen),
    lastSeen: Math.max(known.lastSeen, item.lastSeen),
    count: Math.max(known.count, item.count),
  };
}

function sumEvidence(known: HostEvidence, item: HostEvidence): HostEvidence {
  const first = item.firstSeen < known.firstSeen ? item : known;
  return {
    ...first,
    lastSeen: Math.max(known.lastSeen, item.lastSeen),
    count: known.count + item.count,
  };
}
