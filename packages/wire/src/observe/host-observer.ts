import type { HostEvidence, HostObservation } from '@sphinx/schema';
import type { Address } from '../flow/address-book.ts';
import type { LearnedLinks } from '../sensor.ts';
import { LinkOwners } from './link-owners.ts';

/** Bounds on hostile input: hosts, and different values of one host. Values beyond are counted and left out. */
const MAXIMUM_HOSTS = 100_000;
const MAXIMUM_EVIDENCE_PER_HOST = 400;
const MAXIMUM_VALUE_LENGTH = 1024;

/** Where evidence was read. */
export interface EvidencePlace {
  readonly protocol: string;
  readonly role: HostEvidence['role'];
  readonly port?: number;
  readonly transport?: 'tcp' | 'udp';
}

/** One piece of evidence so far, and what is needed to tell its changes. Kept small, there are many of them. */
class ObservedEvidence {
  readonly attribute: string;
  readonly value: string;
  readonly place: EvidencePlace;
  packetNumber: number;
  /** Milliseconds since the epoch. */
  firstSeen: number;
  lastSeen: number;
  count = 1;
  isChanged = false;
  /** The same value, read elsewhere. */
  readonly next: ObservedEvidence | undefined;
  /** Changed after this one. */
  nextChanged: ObservedEvidence | undefined;

  constructor(
    attribute: string,
    value: string,
    place: EvidencePlace,
    packetNumber: number,
    timeMs: number,
    next: ObservedEvidence | undefined,
  ) {
    this.attribute = attribute;
    this.value = value;
    this.place = place;
    this.packetNumber = packetNumber;
    this.firstSeen = timeMs;
    this.lastSeen = timeMs;
    this.next = next;
  }

  describe(source: string): HostEvidence {
    const { protocol, role, port, transport } = this.place;
    const { attribute, value, firstSeen, lastSeen, count, packetNumber } = this;
    const packet = { source, number: packetNumber, time: firstSeen };
    const seen = { attribute, value, firstSeen, lastSeen, count, packet };
    return port === undefined || transport === undefined
      ? { protocol, role, ...seen }
      : { protocol, role, port, transport, ...seen };
  }
}

/** A host with its evidence, by value. */
export interface ObservedHost {
  readonly ip: string | undefined;
  mac: string | undefined;
  vlan: number | undefined;
  /** Numbers of the packets that told the two. */
  macPacket: number;
  vlanPacket: number;
  readonly evidence: Map<string, ObservedEvidence>;
  evidenceCount: number;
  /** Evidence that is new or was seen again since the last batch, chained: most hosts have some in every batch. */
  firstChanged: ObservedEvidence | undefined;
  lastChanged: ObservedEvidence | undefined;
}

/**
 * Folds evidence into one observation per host. Hosts are told apart by IP address; the link address is added where it
 * is the host's own. Where the sensor is a part of one, link addresses are told as they were seen, with what was learned of
 * them, and evidence is counted since the last batch: who joins the parts knows the rest.
 */
export class HostObserver {
  readonly #source: string;
  readonly #isSample: boolean;
  readonly #isPart: boolean;
  readonly #hosts = new Map<string, ObservedHost>();
  readonly #owners = new LinkOwners();
  #changed: ObservedHost[] = [];
  #links: { seen: [string, string][]; claims: LearnedLinks['claims'][number][] } = { seen: [], claims: [] };
  dropped = 0;
  /** Number of the packet that tells what comes next. */
  packetNumber = 0;

  constructor(source: string, isSample: boolean, isPart = false) {
    this.#source = source;
    this.#isSample = isSample;
    this.#isPart = isPart;
  }

  /** Notes that frames of this link address carried this IP address. */
  sawAddress(address: Address, mac: string | undefined, vlan: number | undefined): void {
    const ip = address.text;
    if (mac === undefined || mac === address.lastMac || ip.includes(':') || ip === '0.0.0.0') return;
    if (this.#owners.saw(mac, ip) && this.#isPart) this.#links.seen.push([mac, ip]);
    const host = this.#hosts.get(ip);
    if (host === undefined) return;
    address.lastMac = mac;
    this.#learn(host, mac, vlan);
  }

  /** The host itself said that this link address and this IP address belong together (ARP, DHCP, neighbour discovery). */
  claimAddress(ip: string, mac: string): void {
    if (!this.#owners.claim(ip, mac) && !this.#isPart) return;
    if (this.#isPart) this.#links.claims.push({ ip, mac, packetNumber: this.packetNumber });
  }

  /** @returns the host with this address, or undefined when there are too many hosts already */
  hostOf(address: Address, mac: string | undefined, vlan: number | undefined): ObservedHost | undefined {
    const { host } = address;
    if (host === undefined) {
      address.host = this.find(address.text, mac, vlan);
      return address.host;
    }
    this.#learn(host, mac, vlan);
    return host;
  }

  /** @returns the host with this IP address or, where that is unknown, with this link address */
  find(ip: string | undefined, mac: string | undefined, vlan: number | undefined): ObservedHost | undefined {
    const key = ip ?? mac;
    if (key === undefined) return undefined;
    const known = this.#hosts.get(key);
    if (known !== undefined) {
      this.#learn(known, mac, vlan);
      return known;
    }
    if (this.#hosts.size >= MAXIMUM_HOSTS) {
      this.dropped += 1;
      return undefined;
    }
    const { packetNumber } = this;
    const told = { mac, vlan, macPacket: packetNumber, vlanPacket: packetNumber };
    const unchanged = { firstChanged: undefined, lastChanged: undefined };
    const host: ObservedHost = { ip, ...told, evidence: new Map(), evidenceCount: 0, ...unchanged };
    this.#hosts.set(key, host);
    return host;
  }

  add(
    host: ObservedHost,
    attribute: string,
    fullValue: string,
    place: EvidencePlace,
    packetNumber: number,
    timeMs: number,
  ): void {
    const value = fullValue.length > MAXIMUM_VALUE_LENGTH ? fullValue.slice(0, MAXIMUM_VALUE_LENGTH) : fullValue;
    if (value === '') return;
    const first = host.evidence.get(value);
    for (let known = first; known !== undefined; known = known.next) {
      if (known.attribute !== attribute || known.place.role !== place.role || known.place.port !== place.port) continue;
      known.count += 1;
      if (timeMs > known.lastSeen) known.lastSeen = timeMs;
      // What waited for its flow to end is told late, and may still be the first.
      if (packetNumber < known.packetNumber) {
        known.packetNumber = packetNumber;
        known.firstSeen = timeMs;
      }
      if (!known.isChanged) this.#markChanged(host, known);
      return;
    }
    if (host.evidenceCount >= MAXIMUM_EVIDENCE_PER_HOST) {
      this.dropped += 1;
      return;
    }
    const added = new ObservedEvidence(attribute, value, place, packetNumber, timeMs, first);
    host.evidence.set(value, added);
    host.evidenceCount += 1;
    this.#markChanged(host, added);
  }

  /** Observations with evidence that is new or seen again since the last call. */
  takeChanged(): HostObservation[] {
    const changed = this.#changed;
    this.#changed = [];
    return changed.map((host) => ({
      source: this.#source,
      sample: this.#isSample,
      host: hostReference(host.ip, this.ownMac(host.ip, host.mac), host.vlan),
      evidence: this.#takeChangedOf(host),
    }));
  }

  /** What was learned of link addresses since the last call, for who joins the parts of a sensor. */
  takeLinks(): LearnedLinks {
    const learnedAt = this.#changed.map(({ macPacket, vlanPacket }) => [macPacket, vlanPacket] as const);
    const { seen, claims } = this.#links;
    this.#links = { seen: [], claims: [] };
    return { seen, claims, learnedAt };
  }

  /** @returns the link address that is this host's own, as far as can be told; a part of a sensor leaves that to others */
  ownMac(ip: string | undefined, mac: string | undefined): string | undefined {
    return this.#isPart ? mac : this.#owners.ownMac(ip, mac);
  }

  #takeChangedOf(host: ObservedHost): HostEvidence[] {
    let count = 0;
    for (let observed = host.firstChanged; observed !== undefined; observed = observed.nextChanged) count += 1;
    // An array that grows has room for 16 more.
    const evidence = new Array<HostEvidence>(count);
    let index = 0;
    for (let observed = host.firstChanged; observed !== undefined; ) {
      observed.isChanged = false;
      evidence[index++] = observed.describe(this.#source);
      if (this.#isPart) observed.count = 0;
      const { nextChanged } = observed;
      observed.nextChanged = undefined;
      observed = nextChanged;
    }
    host.firstChanged = host.lastChanged = undefined;
    return evidence;
  }

  #learn(host: ObservedHost, mac: string | undefined, vlan: number | undefined): void {
    if (host.mac === undefined && mac !== undefined) {
      host.mac = mac;
      host.macPacket = this.packetNumber;
    }
    if (host.vlan === undefined && vlan !== undefined) {
      host.vlan = vlan;
      host.vlanPacket = this.packetNumber;
    }
  }

  #markChanged(host: ObservedHost, evidence: ObservedEvidence): void {
    evidence.isChanged = true;
    if (host.lastChanged === undefined) {
      this.#changed.push(host);
      host.firstChanged = evidence;
    } else host.lastChanged.nextChanged = evidence;
    host.lastChanged = evidence;
  }
}

/** @returns a host by what is known of it */
export function hostReference(
  ip: string | undefined,
  mac: string | undefined,
  vlan: number | undefined,
): HostObservation['host'] {
  return {
    ...(mac === undefined ? {} : { mac }),
    ...(ip === undefined ? {} : { ip }),
    ...(vlan === undefined ? {} : { vlan }),
  };
}
