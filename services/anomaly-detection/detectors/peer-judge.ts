import type { AssetPlace } from '@sphinx/platform';
import type { AlertSubject } from '@sphinx/schema';
import type { BaselineLibrary } from '../baselines/baseline-library.ts';
import type { Peer, PeerRole } from '../baselines/peers.ts';
import type { HostWindow } from '../traffic/host-window.ts';
import type { Moment } from './measure-judge.ts';
import type { Sighting } from './sighting.ts';
import { dayWords } from './words.ts';

const DETECTOR = 'new-peer';
/** Peers that are named. */
const NAMED = 3;

export interface PeerJudgeParts {
  readonly library: BaselineLibrary;
  readonly placeOf: (ip: string) => AssetPlace | undefined;
  /** Name of an asset, or what was given where it has none. */
  readonly nameOf: (key: string) => string;
  readonly rarity: () => number;
}

/**
 * Tells a device here that one speaks to for the first time, and none of its kind ever did. How rare that is follows from how often
 * devices of the kind meet somebody new: where it happens every week nobody is told.
 */
export class PeerJudge {
  readonly #parts: PeerJudgeParts;

  constructor(parts: PeerJudgeParts) {
    this.#parts = parts;
  }

  /** @param ip whom the host has asked, or who has asked it, for the first time within the hour */
  judge(window: HostWindow, ip: string, role: PeerRole, moment: Moment): Sighting | undefined {
    const { library, placeOf, nameOf, rarity } = this.#parts;
    const place = placeOf(window.ip);
    const kind = place?.kind ?? '';
    const device = library.device(place?.asset ?? window.ip);
    const key = placeOf(ip)?.asset ?? ip;
    if (device?.hasLearnt !== true || device.peers.isKnown(key, role) || window.newHabits > 0) return undefined;
    const ofKind = library.peersOfKind(kind);
    if (ofKind === undefined || ofKind.peers.isKnown(key, role) || ofKind.newcomers.rate > rarity()) return undefined;
    window.newHabits++;
    const name = nameOf(key);
    const peer = name === ip || name === key ? ip : `${name} (${ip})`;
    const others = device.peers.list().filter((each) => each.role === role);
    const compared = `${ofKind.newcomers.meetings.toLocaleString('en')} meetings of devices of the kind ${kind}`;
    return {
      detector: DETECTOR,
      actor: window.ip,
      about: `${role} ${key}`,
      subjects: subjectsOf(window.ip, ip, role),
      expected: `${peersWords(others, role, nameOf)}; never ${role === 'asked' ? 'to' : 'from'} ${peer}, as none of its kind does (${compared})`,
      seen: role === 'asked' ? `It spoke to ${peer} for the first time` : `${peer} spoke to it for the first time`,
      rarity: ofKind.newcomers.rate,
      basis: 'kind',
      ...moment,
    };
  }
}

/** @returns for example `It speaks to PACS-1 since 2 March 2026 and two others` */
function peersWords(peers: readonly Peer[], role: PeerRole, nameOf: (key: string) => string): string {
  const named = peers.slice(0, NAMED).map(({ key, since }) => `${nameOf(key)} since ${dayWords(since)}`);
  const more = peers.length > NAMED ? ` and ${peers.length - NAMED} more` : '';
  if (named.length === 0) return role === 'asked' ? 'It speaks to no device here' : 'No device here speaks to it';
  return role === 'asked'
    ? `It speaks to ${named.join(', ')}${more}`
    : `It is spoken to from ${named.join(', ')}${more}`;
}

function subjectsOf(ip: string, peer: string, role: PeerRole): readonly AlertSubject[] {
  const [asking, asked] = role === 'asked' ? [ip, peer] : [peer, ip];
  return [
    { role: 'actor', type: 'ip', value: asking },
    { role: 'target', type: 'ip', value: asked },
  ];
}
