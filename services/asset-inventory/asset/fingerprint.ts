import { createHash } from 'node:crypto';
import type { Asset } from '@sphinx/schema';

/** Attributes that differ from packet to packet and say nothing new about the device. */
const UNSTEADY = new Set(['ip.ttl', 'tcp.syn-fingerprint']);

/** Digest of what matters for a verdict: counters and times may change without anything having changed. */
export function materialFingerprint(asset: Asset): string {
  const parts = [
    asset.name,
    asset.macs,
    asset.ips,
    asset.hostnames,
    asset.isSample,
    asset.isPinned,
    Object.entries(asset.facts).map(([name, fact]) => [name, fact?.value, fact?.confidence]),
    asset.services.map(({ transport, port, protocol, isEncrypted }) => [transport, port, protocol, isEncrypted]),
    asset.peers
      .map((peer) => {
        const { ip, assetId, direction, transport, port, protocol, isEncrypted, isAnswered, isExternal } = peer;
        const whatIsIt = [peer.kind, peer.zone, ...(peer.isPartial === true ? ['partial'] : [])];
        return [
          ip,
          assetId,
          direction,
          transport,
          port,
          protocol,
          isEncrypted,
          isAnswered,
          isExternal,
          ...whatIsIt,
        ].join('|');
      })
      .sort(),
    asset.evidence
      .filter(({ attribute }) => !UNSTEADY.has(attribute))
      .map(({ attribute, role, port, value }) => [attribute, role, port, value].join('|'))
      .sort(),
    asset.conflicts.map(({ kind, value, otherAssetId }) => [kind, value, otherAssetId].join('|')).sort(),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
