import type { HostEvidence, HostObservation } from '@sphinx/schema';
import type { Address } from '../flow/address-book.ts';

/** Bounds on hostile input: hosts, and different values of one host. Values beyond are counted and left out. */
const MAXIMUM_HOSTS = 100_000;
const MAXIMUM_EVIDENCE_PER_HOST = 400;
const MAXIMUM_VALUE_LENGTH = 1024;
/** A link address with more IPv4 addresses than this, none of them claimed by ARP, belongs to a router. */
const MAXIMUM_ADDRESSES_OF_A_HOST = 3;

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
  readonly packetNumber: number;
  /** Milliseconds since the epoch. */
  readonly firstSeen: number;
  lastSeen: number;
  count = 1;
  isChanged = false;
  /** The same value, read elsewhere. */
  readonly next: ObservedEvidence | undefined;

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
  readonly evidence: Map<string, ObservedEvidence>;
  evidenceCount: number;
  changed: ObservedEvidence[];
}

/**
 * Folds evidence into one observation per host. Hosts are told apart by IP address; the link address is added where it
 * is the host's own. Behind a router every address comes with the router's link address, so an address is believed to
 * belong to a link address only when ARP, DHCP or neighbour discovery said so, or when that link address shows few others.
 */
export class HostObserver {
  readonly #source: string;
  readonly #isSample: boolean;
  readonly #hosts = new Map<string, ObservedHost>();
  readonly #claimed = new Map<string, string>();
  readonly #addressesByMac = new Map<string, Set<string>>();
  #changed: ObservedHost[] = [];
  dropped = 0;

  constructor(source: string, isSample: boolean) {
    this.#source = source;
    this.#isSample = isSample;
  }

  /** Notes that frames of this link address carried this IP address. */
  sawAddress(address: Address, mac: string | undefined, vlan: number | undefined): void {
    const ip = address.text;
    if (mac === undefined || mac === address.lastMac || ip.includes(':') || ip === '0.0.0.0') return;
    const addresses = this.#addressesByMac.get(mac);
    if (addresses === undefined) {
      if (this.#addressesByMac.size < MAXIMUM_HOSTS) this.#addressesByMac.set(mac, new Set([ip]));
    } else if (addresses.size <= MAXIMUM_ADDRESSES_OF_A_HOST) addresses.add(ip);
    const host = this.#hosts.get(ip);
    if (host === undefined) return;
    address.lastMac = mac;
    host.mac ??= mac;
    host.vlan ??= vlan;
  }

  /** The host itself said that this link address and this IP address belong together (ARP, DHCP, neighbour discovery). */
  claimAddress(ip: string, mac: string): void {
    if (this.#claimed.size < MAXIMUM_HOSTS) this.#claimed.set(ip, mac);
  }

  /** @returns the host with this address, or undefined when there are too many hosts already */
  hostOf(address: Address, mac: string | undefined, vlan: number | undefined): ObservedHost | undefined {
    const { host } = address;
    if (host === undefined) {
      address.host = this.find(address.text, mac, vlan);
      return address.host;
    }
    host.mac ??= mac;
    host.vlan ??= vlan;
    return host;
  }

  /** @returns the host with this IP address or, where that is unknown, with this link address */
  find(ip: string | undefined, mac: string | undefined, vlan: number | undefined): ObservedHost | undefined {
    const key = ip ?? mac;
    if (key === undefined) return undefined;
    const known = this.#hosts.get(key);
    if (known !== undefined) {
      known.mac ??= mac;
      known.vlan ??= vlan;
      return known;
    }
    if (this.#hosts.size >= MAXIMUM_HOSTS) {
      this.dropped += 1;
      return undefined;
    }
    const host: ObservedHost = { ip, mac, vlan, evidence: new Map(), evidenceCount: 0, changed: [] };
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
    return changed.map((host) => {
      const evidence = host.changed.map((observed) => {
        observed.isChanged = false;
        return observed.describe(this.#source);
      });
      host.changed = [];
      const mac = this.ownMac(host.ip, host.mac);
      const who = {
        ...(mac === undefined ? {} : { mac }),
        ...(host.ip === undefined ? {} : { ip: host.ip }),
        ...(host.vlan === undefined ? {} : { vlan: host.vlan }),
      };
      return { source: this.#source, sample: this.#isSample, host: who, evidence };
    });
  }

  /** @returns the link address that is this host's own, as far as can be told */
  ownMac(ip: string | undefined, mac: string | undefined): string | undefined {
    if (ip === undefined) return mac;
    const claimed = this.#claimed.get(ip);
    if (claimed !== undefined) return claimed;
    if (mac === undefined || ip.includes(':')) return this.#isSingleHost(mac) ? mac : undefined;
    return this.#isSingleHost(mac) && isPrivateIpv4(ip) ? mac : undefined;
  }

  #isSingleHost(mac: string | undefined): boolean {
    if (mac === undefined) return false;
    const addresses = this.#addressesByMac.get(mac);
    return addresses === undefined || addresses.size <= MAXIMUM_ADDRESSES_OF_A_HOST;
  }

  #markChanged(host: ObservedHost, evidence: ObservedEvidence): void {
    evidence.isChanged = true;
    if (host.changed.length === 0) this.#changed.push(host);
    host.changed.push(evidence);
  }
}

/** RFC 1918, RFC 3927, RFC 6598. */
function isPrivateIpv4(ip: string): boolean {
  const a = Number.parseInt(ip, 10);
  if (a === 10) return true;
  if (a !== 172 && a !== 192 && a !== 169 && a !== 100) return false;
  const b = Number.parseInt(ip.slice(ip.indexOf('.') + 1), 10);
  return (
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b <= 127)
  );
}
