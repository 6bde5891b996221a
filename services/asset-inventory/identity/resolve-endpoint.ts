import type { HostEvidence, HostObservation } from '@sphinx/schema';
import { createEndpoint, type Endpoint, noteAddress } from './endpoint.ts';
import { isGroupMac, isHostAddress, isLoopback, type Networks } from './networks.ts';
import { clientProgram, type Program, programSuffix, serverProgram } from './program.ts';

/** A name in an answer says that somebody asked for the host or speaks for it, not that it is there. */
const SAID_BY_OTHERS = new Set(['dns.name', 'mdns.name']);
/** Values of these belong to one device only; another value at the same routed address means another device. */
const IDENTIFYING: readonly string[] = ['dicom.serial', 'nbns.name', 'smb.name', 'dhcp.hostname', 'dhcpv6.duid'];
/** Hearsay kept for hosts that have not shown themselves yet. */
const MAXIMUM_WAITING = 20_000;

/** Part of an observation with the endpoint that it is about. */
export interface ResolvedObservation {
  readonly endpoint: Endpoint;
  readonly isNew: boolean;
  /** It has an address that it did not have just before. */
  readonly isMoved: boolean;
  readonly evidence: readonly HostEvidence[];
}

/**
 * Knows which network card or address every observation is about. A MAC address names a card, and its IP addresses come
 * and go. An address without one (seen through a router) is its own endpoint until it shows that another device has it.
 */
export class EndpointIndex {
  readonly endpoints = new Map<string, Endpoint>();
  readonly #networks: Networks;
  readonly #byIp = new Map<string, Endpoint>();
  readonly #waiting = new Map<string, HostEvidence[]>();

  constructor(networks: Networks) {
    this.#networks = networks;
  }

  /** Takes an endpoint from the store. */
  restore(endpoint: Endpoint): void {
    this.endpoints.set(endpoint.key, endpoint);
    for (const [ip, period] of endpoint.ips) {
      const holder = this.#byIp.get(addressKey(ip, endpoint));
      const isLater = holder === undefined || (holder.ips.get(ip)?.lastSeen ?? 0) <= period.lastSeen;
      if (isLater) this.#byIp.set(addressKey(ip, endpoint), endpoint);
    }
  }

  /** @returns the endpoint that has an address now, or had it last */
  atAddress(ip: string, isSample: boolean, program?: Program): Endpoint | undefined {
    return this.#byIp.get(addressKey(ip, { isSample, program }));
  }

  remove(endpoint: Endpoint): void {
    this.endpoints.delete(endpoint.key);
    for (const ip of endpoint.ips.keys()) {
      const key = addressKey(ip, endpoint);
      if (this.#byIp.get(key) === endpoint) this.#byIp.delete(key);
    }
  }

  /** Forgets hearsay of a traffic source. */
  forgetSource(source: string): void {
    for (const [key, items] of this.#waiting) {
      const kept = items.filter(({ packet }) => packet.source !== source);
      if (kept.length === 0) this.#waiting.delete(key);
      else this.#waiting.set(key, kept);
    }
  }

  /** Whether this endpoint is the present holder of the address. */
  holds(endpoint: Endpoint, ip: string): boolean {
    return this.#byIp.get(addressKey(ip, endpoint)) === endpoint;
  }

  /** Finds or makes what an observation is about. Addresses of the outside world and of groups give nothing. */
  resolve({ host, evidence, sample }: HostObservation): ResolvedObservation[] {
    const mac = host.mac === undefined || isGroupMac(host.mac) ? undefined : host.mac;
    const ip = host.ip !== undefined && isHostAddress(host.ip) && this.#networks.isOwn(host.ip) ? host.ip : undefined;
    if (mac === undefined && ip === undefined) return [];
    if (ip !== undefined && isLoopback(ip)) return this.#resolvePrograms(ip, sample, evidence);
    const isHearsay = evidence.every(({ attribute }) => SAID_BY_OTHERS.has(attribute));
    const found = mac === undefined ? this.#routed(ip ?? '', sample, evidence) : this.#card(mac, ip, sample);
    if (found === undefined && isHearsay) {
      this.#keepWaiting(`${sample}|${ip ?? mac}`, evidence);
      return [];
    }
    const endpoint = found ?? this.#create(mac === undefined ? `ip:${ip}` : `mac:${mac}`, sample, mac, undefined);
    const isNew = found === undefined;
    const waiting = ip === undefined ? [] : this.#takeWaiting(`${sample}|${ip}`);
    const isMoved = ip !== undefined && this.#bind(endpoint, ip, evidence);
    return [{ endpoint, isNew, isMoved, evidence: [...evidence, ...waiting] }];
  }

  #card(mac: string, ip: string | undefined, isSample: boolean): Endpoint | undefined {
    const known = this.endpoints.get(endpointKey(`mac:${mac}`, isSample));
    if (known !== undefined || ip === undefined) return known;
    // Seen through a router first and now on its own wire: the address gets its card.
    const routed = this.atAddress(ip, isSample);
    if (routed === undefined || routed.mac !== undefined) return undefined;
    this.endpoints.delete(routed.key);
    const card: Endpoint = { ...routed, key: endpointKey(`mac:${mac}`, isSample), mac };
    this.endpoints.set(card.key, card);
    for (const address of card.ips.keys()) this.#byIp.set(addressKey(address, card), card);
    this.onRename?.(routed.key, card);
    return card;
  }

  /** Told when an endpoint gets another key, because its MAC address became known. */
  onRename: ((oldKey: string, endpoint: Endpoint) => void) | undefined;

  #routed(ip: string, isSample: boolean, evidence: readonly HostEvidence[]): Endpoint | undefined {
    const holder = this.atAddress(ip, isSample);
    if (holder === undefined || holder.mac !== undefined || !contradicts(holder, evidence)) return holder;
    const start = evidence.reduce((least, item) => Math.min(least, item.firstSeen), Number.MAX_SAFE_INTEGER);
    return this.#create(`ip:${ip}@${start}`, isSample, undefined, undefined);
  }

  /** What every program of a machine shows alike (time to live, options of a SYN) tells nothing about one of them. */
  #resolvePrograms(ip: string, isSample: boolean, evidence: readonly HostEvidence[]): ResolvedObservation[] {
    const telling = evidence.filter(({ protocol }) => protocol !== 'ip' && protocol !== 'tcp');
    const byProgram = Map.groupBy(telling, (item) => programSuffix(programOf(ip, item)));
    return [...byProgram].flatMap(([suffix, items]) => {
      const [first] = items;
      const program = first === undefined ? undefined : programOf(ip, first);
      const key = `ip:${ip}${suffix}`;
      const known = this.endpoints.get(endpointKey(key, isSample));
      const endpoint = known ?? this.#create(key, isSample, undefined, program);
      const isMoved = this.#bind(endpoint, ip, items);
      return [{ endpoint, isNew: known === undefined, isMoved, evidence: items }];
    });
  }

  #create(key: string, isSample: boolean, mac: string | undefined, program: Program | undefined): Endpoint {
    const endpoint = createEndpoint({ key: endpointKey(key, isSample), isSample, mac, program });
    this.endpoints.set(endpoint.key, endpoint);
    return endpoint;
  }

  /** @returns whether the endpoint got an address by this */
  #bind(endpoint: Endpoint, ip: string, evidence: readonly HostEvidence[]): boolean {
    const firstSeen = evidence.reduce((least, item) => Math.min(least, item.firstSeen), Number.MAX_SAFE_INTEGER);
    const lastSeen = evidence.reduce((most, item) => Math.max(most, item.lastSeen), 0);
    const isNew = noteAddress(endpoint, ip, firstSeen, lastSeen);
    const key = addressKey(ip, endpoint);
    const holder = this.#byIp.get(key);
    const isLater = holder === undefined || holder === endpoint || (holder.ips.get(ip)?.lastSeen ?? 0) <= lastSeen;
    if (isLater) this.#byIp.set(key, endpoint);
    return isNew || (isLater && holder !== endpoint);
  }

  #keepWaiting(key: string, evidence: readonly HostEvidence[]): void {
    this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), ...evidence].slice(-20));
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > MAXIMUM_WAITING && oldest !== undefined) this.#waiting.delete(oldest);
  }

  #takeWaiting(key: string): HostEvidence[] {
    const waiting = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    return waiting;
  }
}

/** Sample traffic uses addresses that the hospital may use as well: the two are never mixed. */
function endpointKey(key: string, isSample: boolean): string {
  return isSample ? `sample:${key}` : key;
}

function addressKey(ip: string, { isSample, program }: Pick<Endpoint, 'isSample' | 'program'>): string {
  return `${isSample ? 'sample:' : ''}${ip}${programSuffix(program)}`;
}

function programOf(ip: string, { role, port, protocol }: HostEvidence): Program | undefined {
  return role === 'server' && port !== undefined ? serverProgram(ip, port) : clientProgram(ip, protocol);
}

/** Whether evidence names another device than the one that had the address so far. */
function contradicts(holder: Endpoint, evidence: readonly HostEvidence[]): boolean {
  return IDENTIFYING.some((attribute) => {
    const shown = evidence.filter((item) => item.attribute === attribute).map(({ value }) => value);
    if (shown.length === 0) return false;
    const known = [...holder.evidence.values()].filter((item) => item.attribute === attribute);
    return known.length > 0 && !known.some(({ value }) => shown.includes(value));
  });
}
