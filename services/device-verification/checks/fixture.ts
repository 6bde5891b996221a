import type { Asset, AssetFact, AssetFactName, AssetPeer, AssetService, HostEvidence } from '@sphinx/schema';
import type { AssetFixture } from './check.ts';

/** When fixture assets were first seen: 2026-01-01T00:00:00Z. */
export const FIXTURE_START = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
const WATCHED_MS = 48 * 60 * MINUTE_MS;
const FIXTURE_MAC = '02:00:00:00:00:01';
const FIXTURE_IP = '10.0.0.20';

/** A whole asset, watched for two days, from the few lines that a check file or a test states. */
export function assetOfFixture(fixture: AssetFixture, overrides: Partial<Asset> = {}): Asset {
  const confidence = fixture.confidence ?? 0.9;
  const facts: Partial<Record<AssetFactName, AssetFact>> = {};
  for (const [name, value] of Object.entries(fixture.facts ?? {})) {
    facts[name as AssetFactName] = {
      value,
      confidence,
      origin: { kind: 'manual', reference: 'fixture' },
      evidence: [],
    };
  }
  return {
    id: 'ast_fixture',
    name: 'fixture',
    macs: [FIXTURE_MAC],
    ips: [FIXTURE_IP],
    hostnames: [],
    facts,
    services: (fixture.services ?? []).map(serviceOf),
    peers: (fixture.peers ?? []).flatMap(peersOf),
    evidence: (fixture.evidence ?? []).map(evidenceOf),
    conflicts: (fixture.conflicts ?? []).map((conflict) => ({
      ...conflict,
      time: FIXTURE_START,
      packet: packetAt(1, FIXTURE_START),
    })),
    sources: ['fixture.pcap'],
    isSample: false,
    isPinned: false,
    firstSeen: FIXTURE_START,
    lastSeen: FIXTURE_START + WATCHED_MS,
    revision: 1,
    ...overrides,
  };
}

function evidenceOf(item: NonNullable<AssetFixture['evidence']>[number], index: number): HostEvidence {
  const time = FIXTURE_START + (item.minute ?? 0) * MINUTE_MS;
  return {
    attribute: item.attribute,
    value: item.value,
    protocol: item.protocol ?? item.attribute.split('.')[0] ?? 'unknown',
    role: item.role ?? 'server',
    ...(item.port === undefined ? {} : { port: item.port, transport: 'tcp' as const }),
    firstSeen: time,
    lastSeen: time,
    count: 1,
    packet: packetAt(index + 1, time),
  };
}

function serviceOf(service: NonNullable<AssetFixture['services']>[number]): AssetService {
  return {
    transport: service.transport ?? 'tcp',
    port: service.port,
    protocol: service.protocol,
    isEncrypted: service.isEncrypted ?? false,
    evidence: [],
    firstSeen: FIXTURE_START,
    lastSeen: FIXTURE_START + WATCHED_MS,
  };
}

function peersOf(peer: NonNullable<AssetFixture['peers']>[number], index: number): readonly AssetPeer[] {
  const { ip, protocol, kind, zone } = peer;
  const network = ip.slice(0, ip.lastIndexOf('.') + 1);
  const host = Number.parseInt(ip.slice(network.length), 10);
  return Array.from({ length: peer.repeat ?? 1 }, (_, step) => ({
    ip: `${network}${host + step}`,
    protocol,
    isExternal: peer.isExternal ?? false,
    direction: peer.direction ?? 'outgoing',
    transport: peer.transport ?? 'tcp',
    port: peer.port ?? 0,
    isEncrypted: peer.isEncrypted ?? false,
    isAnswered: peer.isAnswered ?? true,
    ...(peer.isPartial === undefined ? {} : { isPartial: peer.isPartial }),
    bytesSent: peer.bytesSent ?? 1_000,
    bytesReceived: 1_000,
    flows: 1,
    firstSeen: FIXTURE_START,
    lastSeen: FIXTURE_START + WATCHED_MS,
    packet: packetAt(100 + index + step, FIXTURE_START),
    ...(kind === undefined ? {} : { kind }),
    ...(zone === undefined ? {} : { zone }),
  }));
}

function packetAt(number: number, time: number) {
  return { source: 'fixture.pcap', number, time };
}
