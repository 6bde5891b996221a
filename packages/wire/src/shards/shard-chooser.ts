// Hot path, guarded by bench/sensor.ts: nothing is allocated per packet, but for fragments of tunnels.

import { word16 } from '../bytes/match.ts';
import { randomMultipliers } from '../flow/random-multipliers.ts';
import {
  IpPacket,
  PROTOCOL_GRE,
  PROTOCOL_IPIP,
  PROTOCOL_IPV6,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
  parseIpv4,
  parseIpv6,
} from '../ip/ip-packet.ts';
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, LINKTYPE_ETHERNET, LinkFrame, parseLink } from '../link/link-layer.ts';
import { findGenericEncapsulation } from '../tunnel/generic-encapsulation.ts';
import { TunnelPayload } from '../tunnel/tunnel-payload.ts';

/** Calls are agreed on here (RFC 3261 §19.1.2), between other hosts than those that speak. */
const SIP_PORT = 5060;
const MAXIMUM_DEPTH = 4;
/** Datagrams of tunnels in fragments that are remembered; beyond it the oldest are forgotten. */
const MAXIMUM_FRAGMENTED = 4096;

/**
 * Deals packets to shards by the two addresses between which they go, whichever way: both directions of a flow, its
 * fragments and all flows of one pair of hosts, thus agreed data channels too, are seen by one shard. Of tunnels that are no
 * flow of their own (GRE, ERSPAN, IP in IP) the addresses inside count, so that a mirrored network is spread over all shards;
 * of those over UDP the outer ones do, because the datagrams are a flow as well. What is no IP goes to the first shard.
 */
export class ShardChooser {
  readonly #shards: number;
  readonly #frame = new LinkFrame();
  readonly #ip = new IpPacket();
  readonly #tunnel = new TunnelPayload();
  /** Chosen by chance, so that nobody can send all traffic to one shard with many addresses. */
  readonly #multipliers = randomMultipliers(5);
  /** Shards of datagrams in fragments: only the first fragment tells the addresses inside. */
  readonly #fragmented = new Map<string, number>();

  /** The packet that was asked about last may announce flows of other hosts. */
  concernsAll = false;

  constructor(shards: number) {
    this.#shards = shards;
  }

  /** @returns number of the shard, from 0 */
  shardOf(bytes: Uint8Array, offset: number, end: number, linkType: number): number {
    const frame = this.#frame;
    this.concernsAll = false;
    if (!parseLink(frame, bytes, offset, end, linkType)) return 0;
    return this.#network(frame.etherType, bytes, frame.payloadOffset, end, 0, 0);
  }

  /** @param otherwise shard of the packet around it, for what turns out to be no IP packet */
  #network(
    etherType: number,
    bytes: Uint8Array,
    offset: number,
    end: number,
    depth: number,
    otherwise: number,
  ): number {
    if (etherType !== ETHERTYPE_IPV4 && etherType !== ETHERTYPE_IPV6) return otherwise;
    const ip = this.#ip;
    const isVersion4 = (bytes[offset] ?? 0) >>> 4 === 4;
    if (!(isVersion4 ? parseIpv4(ip, bytes, offset, end) : parseIpv6(ip, bytes, offset, end))) return otherwise;
    const shard = this.#shardOfPair();
    const { protocol } = ip;
    if (protocol === PROTOCOL_UDP || protocol === PROTOCOL_TCP) {
      this.concernsAll = isSignalling(bytes, ip.payloadOffset);
      return shard;
    }
    const isTunnel = protocol === PROTOCOL_GRE || protocol === PROTOCOL_IPIP || protocol === PROTOCOL_IPV6;
    if (!isTunnel || depth >= MAXIMUM_DEPTH) return shard;
    if (ip.isFragment) return this.#fragment(bytes, depth, shard);
    return this.#inside(bytes, depth, shard);
  }

  /** Of the packet at hand, which is that of a tunnel. */
  #inside(bytes: Uint8Array, depth: number, outer: number): number {
    const { protocol, payloadOffset, payloadEnd } = this.#ip;
    if (protocol !== PROTOCOL_GRE) {
      return this.#network(ETHERTYPE_IPV4, bytes, payloadOffset, payloadEnd, depth + 1, outer);
    }
    const tunnel = this.#tunnel;
    if (!findGenericEncapsulation(tunnel, bytes, payloadOffset, payloadEnd)) return outer;
    if (tunnel.kind === 'ip') return this.#network(ETHERTYPE_IPV4, bytes, tunnel.offset, payloadEnd, depth + 1, outer);
    const frame = this.#frame;
    if (!parseLink(frame, bytes, tunnel.offset, payloadEnd, LINKTYPE_ETHERNET)) return outer;
    return this.#network(frame.etherType, bytes, frame.payloadOffset, payloadEnd, depth + 1, outer);
  }

  #fragment(bytes: Uint8Array, depth: number, outer: number): number {
    const { source0, source3, destination0, destination3, identification, protocol, fragmentOffset } = this.#ip;
    const key = `${source0} ${source3} ${destination0} ${destination3} ${identification} ${protocol}`;
    if (fragmentOffset !== 0) return this.#fragmented.get(key) ?? outer;
    const shard = this.#inside(bytes, depth, outer);
    this.#fragmented.set(key, shard);
    if (this.#fragmented.size > MAXIMUM_FRAGMENTED) {
      const [oldest] = this.#fragmented.keys();
      if (oldest !== undefined) this.#fragmented.delete(oldest);
    }
    return shard;
  }

  #shardOfPair(): number {
    const ip = this.#ip;
    const ends =
      this.#mix(ip.source0, ip.source1, ip.source2, ip.source3) +
      this.#mix(ip.destination0, ip.destination1, ip.destination2, ip.destination3);
    const mixed = Math.imul(ends ^ (ends >>> 16), this.#multipliers[4] ?? 1);
    // The high bits, as a share of the shards.
    return Math.floor(((mixed >>> 0) / 0x1_0000_0000) * this.#shards);
  }

  #mix(a: number, b: number, c: number, d: number): number {
    const multipliers = this.#multipliers;
    const sum =
      Math.imul(a, multipliers[0] ?? 1) +
      Math.imul(b, multipliers[1] ?? 1) +
      Math.imul(c, multipliers[2] ?? 1) +
      Math.imul(d, multipliers[3] ?? 1);
    return Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d) >>> 3;
  }
}

/** @param offset of the header of UDP or TCP, or what a later fragment has there */
function isSignalling(bytes: Uint8Array, offset: number): boolean {
  return word16(bytes, offset) === SIP_PORT || word16(bytes, offset + 2) === SIP_PORT;
}
