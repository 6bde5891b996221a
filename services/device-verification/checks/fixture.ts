import type { Asset, AssetFact, AssetFactName, AssetPeer, AssetService, HostEvidence } from '@sphinx/schema';
import type { Documents } from '../documents/documents.ts';
import type { AssetFixture } from './check.ts';
import type { Background } from './observation.ts';

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

/** What a check file or a test states of the asset beside its traffic. */
export function backgroundOfFixture(fixture: AssetFixture): Background {
  const { before, occasion } = fixture;
  return {
    documents: documentsOfFixture(fixture),
    ...(occasion === undefined ? {} : { occasion }),
    ...(before === undefined ? {} : { before: { facts: before.facts ?? {}, services: before.services ?? [] } }),
  };
}

/** The moment at which a fixture is judged: so long after its last sighting. @returns milliseconds since the epoch */
export function momentOfFixture({ silentHours }: AssetFixture): number {
  return FIXTURE_START + WATCHED_MS + (silentHours ?? 0) * 60 * MINUTE_MS;
}

function documentsOfFixture(fixture: AssetFixture): Documents {
  const time = FIXTURE_START;
  return {
    statements: Object.entries(fixture.stated ?? {}).map(([question, answer]) => ({
      question,
      answer,
      note: '',
      by: /^[A-Z]/.test(question) ? 'MDS2 2019 of the maker' : 'A person',
      time,
    })),
    components: (fixture.components ?? []).map(({ name, version, vendor, kind, purl, cpe }) => ({
      name,
      version: version ?? '',
      vendor: vendor ?? '',
      kind: kind ?? 'library',
      ...(purl === undefined ? {} : { purl }),
      ...(cpe === undefined ? {} : { cpe }),
      list: 'The software list',
      time,
    })),
    weaknesses: (fixture.weaknesses ?? []).map((weakness) => ({
      id: weakness.id,
      title: weakness.id,
      severity: weakness.severity ?? 'medium',
      isKnownExploited: weakness.isKnownExploited ?? false,
      hasRemedy: weakness.hasRemedy ?? false,
      software: weakness.software ?? 'its software',
      time,
    })),
    assessedAt: fixture.isAssessed === true || fixture.weaknesses !== undefined ? time : undefined,
    hasSecurityForm: Object.keys(fixture.stated ?? {}).some((question) => /^[A-Z]/.test(question)),
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
