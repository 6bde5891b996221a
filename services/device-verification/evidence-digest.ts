import { createHash } from 'node:crypto';
import { canonicalJson } from '@sphinx/platform/signing';
import type { Asset, AssetPeer } from '@sphinx/schema';
import { type Documents, documentsDigest, NO_DOCUMENTS } from './documents/documents.ts';

/**
 * Digest of what a verdict about an asset can depend on. Counters, last sightings and packet numbers are left out:
 * seeing the same thing again is no material change. Addresses outside the hospital are folded by protocol and by the
 * order of magnitude of their number, so that a browser does not make a new asset of its host with every page. What documents
 * tell counts where there are any.
 *
 * @returns SHA-256, hexadecimal, over canonical JSON (RFC 8785)
 */
export function evidenceDigest(asset: Asset, documents: Documents = NO_DOCUMENTS): string {
  const told = documentsDigest(documents);
  return digestOf({
    ...(told === undefined ? {} : { documents: told }),
    identity: identityOf(asset),
    hostnames: [...asset.hostnames].sort(),
    facts: Object.fromEntries(
      Object.entries(asset.facts).map(([name, fact]) => [name, { value: fact.value, confidence: fact.confidence }]),
    ),
    services: asset.services.map((s) => `${s.transport}/${s.port} ${s.protocol} ${s.isEncrypted}`).sort(),
    peers: foldPeers(asset.peers),
    evidence: [
      ...new Set(asset.evidence.map((e) => JSON.stringify([e.attribute, e.value, e.role, e.port ?? null]))),
    ].sort(),
    conflicts: asset.conflicts.map((c) => JSON.stringify([c.kind, c.value, c.otherAssetId ?? null])).sort(),
  });
}

/**
 * Digest of what names the asset: the subject of its certificate.
 *
 * @returns SHA-256, hexadecimal
 */
export function identityDigest(asset: Asset): string {
  return digestOf(identityOf(asset));
}

function identityOf(asset: Asset) {
  const fact = (name: 'manufacturer' | 'model' | 'serial' | 'kind') => asset.facts[name]?.value ?? null;
  return {
    id: asset.id,
    macs: [...asset.macs].sort(),
    ips: [...asset.ips].sort(),
    kind: fact('kind'),
    manufacturer: fact('manufacturer'),
    model: fact('model'),
    serial: fact('serial'),
  };
}

function foldPeers(peers: readonly AssetPeer[]): readonly string[] {
  const places = new Map<string, Set<string>>();
  for (const peer of peers) {
    const who = peer.isExternal ? 'external' : (peer.assetId ?? peer.ip);
    const { direction, transport, protocol, isEncrypted, isAnswered, kind, zone } = peer;
    const port = peer.protocol === 'unknown' ? 0 : peer.port;
    const place = JSON.stringify([
      who,
      direction,
      transport,
      protocol,
      port,
      isEncrypted,
      isAnswered,
      kind ?? null,
      zone ?? null,
    ]);
    const addresses = places.get(place) ?? new Set();
    places.set(place, addresses.add(peer.ip));
  }
  return [...places].map(([place, addresses]) => `${place} ${Math.floor(Math.log2(addresses.size))}`).sort();
}

function digestOf(value: object): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
