import { type Asset, type AssetPeer, PatientSafetyClass } from '@sphinx/schema';
import type { ClinicalClass } from '../knowledge/response-policy.ts';

/** One kind of talk of a device with one other end. */
export interface Talk {
  readonly ip: string;
  readonly assetId: string | null;
  readonly isExternal: boolean;
  /** Who begins. */
  readonly begunBy: 'device' | 'peer';
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
  readonly protocol: string;
  readonly flows: number;
  /** Milliseconds since the Unix epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** As much of an asset as a response needs. Texts are empty where nothing is known. */
export interface Device {
  readonly id: string;
  readonly name: string;
  readonly ips: readonly string[];
  readonly macs: readonly string[];
  /** In small letters. */
  readonly hostnames: readonly string[];
  readonly kind: string;
  readonly clinicalClass: ClinicalClass;
  readonly clinicalFunction: string;
  readonly careArea: string;
  readonly zone: string;
  readonly isSample: boolean;
  /** Answered talks, those that were seen last first. */
  readonly talks: readonly Talk[];
}

/** A device that talks to more others is a server whose flows nobody reads one by one. */
const MOST_TALKS = 500;

/** @returns what a response needs of an asset, as the inventory tells it */
export function deviceOf(asset: Asset): Device {
  const { id, name, ips, macs, hostnames, facts, isSample, peers } = asset;
  const safety = PatientSafetyClass.safeParse(facts.patientSafetyClass?.value);
  return {
    id,
    name,
    ips,
    macs: macs.map((mac) => mac.toLowerCase()),
    hostnames: hostnames.map((each) => each.toLowerCase()),
    kind: facts.kind?.value ?? '',
    clinicalClass: safety.success ? safety.data : 'unknown',
    clinicalFunction: facts.clinicalFunction?.value ?? '',
    careArea: facts.careArea?.value ?? '',
    zone: facts.zone?.value ?? '',
    isSample,
    talks: peers
      .flatMap(talkOf)
      .sort((a, b) => b.lastSeen - a.lastSeen)
      .slice(0, MOST_TALKS),
  };
}

function talkOf(peer: AssetPeer): Talk[] {
  const { transport, isAnswered, isPartial, ip, assetId = null, isExternal, direction, port, protocol } = peer;
  if (transport !== 'tcp' && transport !== 'udp') return [];
  // Datagrams of devices are often meant to get no answer.
  if (!isAnswered && isPartial !== true && transport === 'tcp') return [];
  const begunBy = direction === 'outgoing' ? 'device' : 'peer';
  const { flows, firstSeen, lastSeen } = peer;
  return [{ ip, assetId, isExternal, begunBy, transport, port, protocol, flows, firstSeen, lastSeen }];
}
