import type { HostEvidence, HostObservation } from '@sphinx/schema';

/** Bounds on hostile input: hosts, and different values of one host. Values beyond are counted and left out. */
const MAXIMUM_HOSTS = 100_000;
const MAXIMUM_EVIDENCE_PER_HOST = 400;
const MAXIMUM_VALUE_LENGTH = 1024;
/** A link address with more IPv4 addresses than this, none of them claimed by ARP, belongs to a router. */
const MAXIMUM_ADDRESSES_OF_A_HOST = 3;

/** Evidence before it is folded. */
export interface EvidenceItem {
  readonly attribute: string;
  readonly value: string;
  readonly protocol: string;
  readonly role: HostEvidence['role'];
  readonly port?: number;
  readonly transport?: 'tcp' | 'udp';
}

interface HostEntry {
  readonly ip: string | undefined;
  mac: string | undefined;
  vlan: number | undefined;
  readonly evidence: Map<string, { item: HostEvidence; isChanged: boolean }>;
  isChanged: boolean;
}

/**
 * Folds evidence into one observation per host. Hosts are told apart by IP address; the link address is added where it
 * is the host's own. Behind a router every address comes with the router's link address, so an address is believed to
 * belong to a link address only when ARP, DHCP or neighbour discovery said so, or when that link address shows few others.
 */
export class HostObserver {
  readonly #source: string;
  readonly #isSample: boolean;
  readonly #hosts = new Map<string, HostEntry>();
  readonly #claimed = new Map<string, string>();
  readonly #addressesByMac = new Map<string, Set<string>>();
  #changed: HostEntry[] = [];
  dropped = 0;

  constructor(source: string, isSample: boolean) {
    this.#source = source;
    this.#isSample = isSample;
  }

  /** Notes that frames of this link address carried this IP address. */
  sawAddress(ip: string, mac: string | undefined, vlan: number | undefined): void {
    if (mac === undefined || ip.includes(':') || ip === '0.0.0.0') return;
    const addresses = this.#addressesByMac.get(mac);
    if (addresses === undefined) {
      if (this.#addressesByMac.size < MAXIMUM_HOSTS) this.#addressesByMac.set(mac, new Set([ip]));
    } else if (addresses.size <= MAXIMUM_ADDRESSES_OF_A_HOST) addresses.add(ip);
    const host = this.#hosts.get(ip);
    if (host !== undefined) {
      host.mac ??= mac;
      host.vlan ??= vlan;
    }
  }

  /** The host itself said that this link address and this IP address belong together (ARP, DHCP, neighbour discovery). */
  claimAddress(ip: string, mac: string): void {
    if (this.#claimed.size < MAXIMUM_HOSTS) this.#claimed.set(ip, mac);
  }

  add(
    host: { ip?: string; mac?: string; vlan?: number },
    evidence: EvidenceItem,
    packetNumber: number,
    timeMs: number,
  ): void {
    const entry = this.#entryOf(host);
    const value = evidence.value.slice(0, MAXIMUM_VALUE_LENGTH);
    if (entry === undefined || value === '') return;
    const key = `${evidence.attribute}|${evidence.role}|${evidence.port ?? ''}|${value}`;
    const known = entry.evidence.get(key);
    if (known !== undefined) {
      const { item } = known;
      item.count += 1;
      item.lastSeen = Math.max(item.lastSeen, timeMs);
      if (!known.isChanged) this.#markChanged(entry, known);
      return;
    }
    if (entry.evidence.size >= MAXIMUM_EVIDENCE_PER_HOST) {
      this.dropped += 1;
      return;
    }
    const item: HostEvidence = {
      ...evidence,
      value,
      firstSeen: timeMs,
      lastSeen: timeMs,
      count: 1,
      packet: { source: this.#source, number: packetNumber, time: timeMs },
    };
    const added = { item, isChanged: false };
    entry.evidence.set(key, added);
    this.#markChanged(entry, added);
  }

  /** Observations with evidence that is new or seen again since the last call. */
  takeChanged(): HostObservation[] {
    const changed = this.#changed;
    this.#changed = [];
    return changed.map((entry) => {
      entry.isChanged = false;
      const evidence: HostEvidence[] = [];
      for (const item of entry.evidence.values()) {
        if (!item.isChanged) continue;
        item.isChanged = false;
        evidence.push({ ...item.item });
      }
      const mac = this.ownMac(entry.ip, entry.mac);
      const host = {
        ...(mac === undefined ? {} : { mac }),
        ...(entry.ip === undefined ? {} : { ip: entry.ip }),
        ...(entry.vlan === undefined ? {} : { vlan: entry.vlan }),
      };
      return { source: this.#source, sample: this.#isSample, host, evidence };
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

  #entryOf({ ip, mac, vlan }: { ip?: string; mac?: string; vlan?: number }): HostEntry | undefined {
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
    const entry: HostEntry = { ip, mac, vlan, evidence: new Map(), isChanged: false };
    this.#hosts.set(key, entry);
    return entry;
  }

  #markChanged(entry: HostEntry, evidence: { isChanged: boolean }): void {
    evidence.isChanged = true;
    if (entry.isChanged) return;
    entry.isChanged = true;
    this.#changed.push(entry);
  }
}

/** RFC 1918, RFC 3927, RFC 6598. */
function isPrivateIpv4(ip: string): boolean {
  const [a = 0, b = 0] = ip.split('.').map(Number);
  return (
    a === 10 ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b <= 127)
  );
}
