import type { Conversation, HostEvidence, HostObservation } from '@sphinx/schema';
import { hostReference } from '../observe/host-observer.ts';
import { LinkOwners } from '../observe/link-owners.ts';
import type { LearnedLinks } from '../sensor.ts';

/** The same bounds as in each shard. */
const MAXIMUM_HOSTS = 100_000;
const MAXIMUM_EVIDENCE_PER_HOST = 400;

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

interface JoinedHost {
  readonly ip: string | undefined;
  mac: string | undefined;
  vlan: number | undefined;
  macPacket: number;
  vlanPacket: number;
  readonly evidence: Map<string, Mutable<HostEvidence>>;
  readonly changed: Set<Mutable<HostEvidence>>;
}

/** What several shards see of the same hosts, as one sensor would tell it. */
export class JoinedHosts {
  readonly #hosts = new Map<string, JoinedHost>();
  readonly #owners = new LinkOwners();
  readonly #changed = new Set<JoinedHost>();
  /** Hosts and pieces of evidence beyond the bounds. */
  dropped = 0;

  /** All of one batch, before hosts or conversations of it are asked for. */
  learn(parts: readonly LearnedLinks[]): void {
    for (const { seen } of parts) for (const [mac, ip] of seen) this.#owners.saw(mac, ip);
    // Who speaks last is believed.
    const claims = parts.flatMap((part) => part.claims).sort((left, right) => left.packetNumber - right.packetNumber);
    for (const { ip, mac } of claims) this.#owners.claim(ip, mac);
  }

  /** @param hosts with evidence since the shard's last batch; `learnedAt` belongs to them one by one */
  add(hosts: readonly HostObservation[], learnedAt: LearnedLinks['learnedAt']): void {
    hosts.forEach(({ host, evidence }, index) => {
      const [macPacket = 0, vlanPacket = 0] = learnedAt[index] ?? [];
      const joined = this.#host(host);
      if (joined === undefined) return;
      if (host.mac !== undefined && (joined.mac === undefined || macPacket < joined.macPacket)) {
        joined.mac = host.mac;
        joined.macPacket = macPacket;
      }
      if (host.vlan !== undefined && (joined.vlan === undefined || vlanPacket < joined.vlanPacket)) {
        joined.vlan = host.vlan;
        joined.vlanPacket = vlanPacket;
      }
      for (const piece of evidence) this.#addEvidence(joined, piece);
      if (joined.changed.size > 0) this.#changed.add(joined);
    });
  }

  /** Hosts with evidence that is new or was seen again since the last call. */
  takeChanged(source: string, sample: boolean): HostObservation[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed.map((host) => {
      const evidence = [...host.changed].map((piece) => ({ ...piece }));
      host.changed.clear();
      const own = hostReference(host.ip, this.#owners.ownMac(host.ip, host.mac), host.vlan);
      return { source, sample, host: own, evidence };
    });
  }

  /** @returns an end of a conversation with the link address that is its own */
  ownEnd(end: Conversation['client']): Conversation['client'] {
    const mac = this.#owners.ownMac(end.ip, end.mac);
    return mac === end.mac ? end : hostReference(end.ip, mac, end.vlan);
  }

  #host({ ip, mac }: HostObservation['host']): JoinedHost | undefined {
    const key = ip ?? mac ?? '';
    const known = this.#hosts.get(key);
    if (known !== undefined) return known;
    if (this.#hosts.size >= MAXIMUM_HOSTS) {
      this.dropped += 1;
      return undefined;
    }
    const nothing = { mac: undefined, vlan: undefined, macPacket: 0, vlanPacket: 0 };
    const host: JoinedHost = { ip, ...nothing, evidence: new Map(), changed: new Set() };
    this.#hosts.set(key, host);
    return host;
  }

  #addEvidence(host: JoinedHost, piece: HostEvidence): void {
    const key = `${piece.attribute}|${piece.role}|${piece.port ?? ''}|${piece.value}`;
    const known = host.evidence.get(key);
    if (known === undefined) {
      if (host.evidence.size >= MAXIMUM_EVIDENCE_PER_HOST) {
        this.dropped += 1;
        return;
      }
      const added = { ...piece };
      host.evidence.set(key, added);
      host.changed.add(added);
      return;
    }
    known.count += piece.count;
    known.lastSeen = Math.max(known.lastSeen, piece.lastSeen);
    if (piece.packet.number < known.packet.number) {
      known.packet = piece.packet;
      known.firstSeen = piece.firstSeen;
      known.protocol = piece.protocol;
    }
    host.changed.add(known);
  }
}
