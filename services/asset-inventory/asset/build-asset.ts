import type { Asset, Conversation } from '@sphinx/schema';
import type { AssetRecord } from '../asset-record.ts';
import type { Classifier } from '../classification/classify.ts';
import { identityChangesOf } from '../identity/conflicts.ts';
import { type Endpoint, foldEvidence } from '../identity/endpoint.ts';
import type { Networks } from '../identity/networks.ts';
import { programSuffix } from '../identity/program.ts';
import { automaticNameOf, hostnamesOf } from './asset-name.ts';
import { type Identify, peersOf } from './asset-peers.ts';
import { servicesOf } from './asset-services.ts';

/** What an asset is made from. */
export interface AssetParts {
  readonly record: AssetRecord;
  readonly endpoints: readonly Endpoint[];
  /** Addresses that the endpoints have now. */
  readonly ips: readonly string[];
  readonly asClient: readonly Conversation[];
  readonly asServer: readonly Conversation[];
  readonly identify: Identify;
  readonly networks: Networks;
  readonly classifier: Classifier;
}

/** The asset as it follows from its parts; conflicts with other assets come later. */
export function buildAsset(parts: AssetParts): Asset {
  const { record, endpoints, asClient, asServer } = parts;
  const { statements } = record;
  const evidence = foldEvidence(endpoints);
  const macs = endpoints.flatMap(({ mac }) => (mac === undefined ? [] : [mac])).sort();
  const ips = [...new Set(parts.ips)].sort(byReadability);
  const hostnames = hostnamesOf(evidence);
  const services = servicesOf(evidence, asServer);
  const peers = peersOf(asClient, asServer, parts.identify);
  const zone = ips.map((ip) => parts.networks.zoneOf(ip)).find((name) => name !== undefined);
  const sources = new Set(endpoints.flatMap((endpoint) => [...endpoint.evidence.values()].map(sourceOf)));
  return {
    id: record.id,
    name: statements.name ?? automaticNameOf(evidence, hostnames, [...programAddresses(endpoints), ...ips, ...macs]),
    macs,
    ips,
    hostnames,
    facts: parts.classifier.classify({ macs, evidence, services, peers, zone, stated: statements.facts }),
    services,
    peers,
    evidence,
    conflicts: identityChangesOf(evidence),
    sources: [...sources].sort(),
    isSample: record.isSample,
    isPinned: statements.isPinned,
    firstSeen: Math.min(...endpoints.map(({ firstSeen }) => firstSeen)),
    lastSeen: Math.max(...endpoints.map(({ lastSeen }) => lastSeen)),
    revision: record.revision,
  };
}

function programAddresses(endpoints: readonly Endpoint[]): string[] {
  return endpoints.flatMap(({ program, ips: own }) =>
    program === undefined ? [] : [...own.keys()].map((ip) => `${ip}${programSuffix(program)}`),
  );
}

function sourceOf({ packet }: { packet: { source: string } }): string {
  return packet.source;
}

/** IPv4 first, then IPv6 with link-local addresses (RFC 4291 §2.5.6) last. */
function byReadability(left: string, right: string): number {
  const rank = (ip: string) => (ip.startsWith('fe80:') ? 2 : ip.includes(':') ? 1 : 0);
  return rank(left) - rank(right) || left.localeCompare(right, 'en', { numeric: true });
}
