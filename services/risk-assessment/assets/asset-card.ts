import type { RiskAsset, Talk } from '@sphinx/risk';
import { type Asset, type AssetPeer, PatientSafetyClass } from '@sphinx/schema';

/** As much of an asset as risk needs. */
export interface AssetCard extends RiskAsset {
  /** Names on the network, in small letters. */
  readonly hostnames: readonly string[];
}

/** What a card of an earlier version says nothing of. */
export const UNSAID = { reachedFrom: null, talksToInternet: false, hasPatientData: false, hostnames: [] } as const;

const PATIENT_DATA = /^(?:dicom|dicomweb|hl7|fhir|astm|poct1-a)\./;

/** @returns what risk needs of an asset, as the inventory tells it */
export function cardOf(asset: Asset): AssetCard {
  const { id, name, ips, hostnames, facts, isSample, peers, evidence } = asset;
  const safety = PatientSafetyClass.safeParse(facts.patientSafetyClass?.value);
  return {
    id,
    name,
    ips: [...ips].sort(),
    hostnames: hostnames.map((each) => each.toLowerCase()).sort(),
    kind: facts.kind?.value ?? '',
    zone: facts.zone?.value ?? '',
    careArea: facts.careArea?.value ?? '',
    safety: safety.success ? safety.data : null,
    isSample,
    talks: talksOf(asset),
    reachedFrom: reachedFrom(asset),
    talksToInternet: peers.some((peer) => peer.isExternal && peer.direction === 'outgoing' && isAnswered(peer)),
    hasPatientData: evidence.some(({ attribute }) => PATIENT_DATA.test(attribute)),
  };
}

/** RFC 6335 §6. A protocol that wanders over higher ports is one talk. */
const LAST_WELL_KNOWN_PORT = 1023;

/** Answered conversations with other assets; those of one protocol with one peer in one role are one. */
function talksOf({ id, peers }: Asset): readonly Talk[] {
  const talks = new Map<string, Talk>();
  for (const peer of peers) {
    if (peer.assetId === undefined || peer.assetId === id || !isAnswered(peer)) continue;
    const role = peer.direction === 'outgoing' ? 'client' : 'server';
    const port = peer.port <= LAST_WELL_KNOWN_PORT ? peer.port : 0;
    const key = `${peer.assetId}|${role}|${peer.protocol}|${port}`;
    const known = talks.get(key);
    talks.set(key, {
      peer: peer.assetId,
      role,
      protocol: peer.protocol,
      port,
      flows: peer.flows + (known?.flows ?? 0),
      lastSeen: Math.max(peer.lastSeen, known?.lastSeen ?? 0),
    });
  }
  return [...talks.values()].sort((a, b) => (a.peer < b.peer ? -1 : a.peer > b.peer ? 1 : 0));
}

/** The widest from where somebody was seen to reach it; that nobody was seen proves nothing. */
function reachedFrom({ peers, facts }: Asset): AssetCard['reachedFrom'] {
  const incoming = peers.filter(
    (peer) => peer.direction === 'incoming' && (peer.isAnswered || peer.isPartial === true),
  );
  if (incoming.some(({ isExternal }) => isExternal)) return 'internet';
  const own = facts.zone?.value;
  if (own === undefined) return null;
  const zones = incoming.flatMap(({ zone }) => zone ?? []);
  if (zones.some((zone) => zone !== own)) return 'hospital';
  return zones.length > 0 ? 'restricted' : null;
}

/** Whoever sends and never gets an answer may talk to nobody; datagrams of devices are often meant so. */
function isAnswered({ isAnswered: is, isPartial, transport }: AssetPeer): boolean {
  return is || isPartial === true || transport === 'udp';
}
