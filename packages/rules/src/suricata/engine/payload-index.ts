import type { Rule } from '../rule.ts';
import type { MatchState } from './match-state.ts';
import { PatternMatcher } from './pattern-matcher.ts';
import { PortBuckets } from './port-buckets.ts';
import { chooseFastPattern } from './prefilter.ts';

/** Rules that look at the same payloads. */
class PayloadGroup {
  readonly #matcher = new PatternMatcher();
  readonly #always = new PortBuckets();

  add(rule: Rule, number: number): void {
    const fast = chooseFastPattern(rule.payload.filter(({ transforms }) => transforms.length === 0));
    if (fast === undefined) this.#always.add(rule, number);
    else this.#matcher.add(fast.pattern, number);
  }

  build(): void {
    this.#matcher.build();
  }

  findAlways({ sourcePort, destinationPort }: MatchState, found: (rule: number) => void): void {
    for (const rule of this.#always.everywhere) found(rule);
    for (const rule of this.#always.ofDestination(destinationPort)) found(rule);
    for (const rule of this.#always.ofSource(sourcePort)) found(rule);
  }

  findByPattern(bytes: Uint8Array, from: number, found: (rule: number) => void): void {
    if (bytes.length > from && !this.#matcher.isEmpty) this.#matcher.scan(bytes, from, found);
  }
}

const TRANSPORTS = ['tcp', 'udp', 'icmp', 'other'] as const;
type Transport = (typeof TRANSPORTS)[number];

/** Rules on the payload of packets, by transport, and of streams, by direction. */
export class PayloadIndex {
  readonly #packets: Readonly<Record<Transport, PayloadGroup>> = {
    tcp: new PayloadGroup(),
    udp: new PayloadGroup(),
    icmp: new PayloadGroup(),
    other: new PayloadGroup(),
  };
  readonly #toServer = new PayloadGroup();
  readonly #toClient = new PayloadGroup();

  add(rule: Rule, number: number): void {
    const { transports } = rule.header;
    for (const transport of TRANSPORTS) {
      const isMeant = transports === undefined || transports.some((name) => groupOf(name) === transport);
      // Other transports have no streams: a rule on streams looks at their packets.
      if (isMeant && (transport !== 'tcp' || rule.looksAtPackets)) this.#packets[transport].add(rule, number);
    }
    const isOfStream = rule.looksAtStream && (transports === undefined || transports.includes('tcp'));
    if (!isOfStream || rule.payload.length === 0) return;
    if (rule.flow.direction !== 'to-client') this.#toServer.add(rule, number);
    if (rule.flow.direction !== 'to-server') this.#toClient.add(rule, number);
  }

  build(): void {
    for (const transport of TRANSPORTS) this.#packets[transport].build();
    this.#toServer.build();
    this.#toClient.build();
  }

  findInPacket(state: MatchState, payload: Uint8Array, found: (rule: number) => void): void {
    const group = this.#packets[groupOf(state.transport)];
    group.findAlways(state, found);
    group.findByPattern(payload, 0, found);
  }

  /** Rules on streams without a pattern. */
  findWithoutPattern(state: MatchState, found: (rule: number) => void): void {
    this.#streams(state).findAlways(state, found);
  }

  /** @param from where the bytes begin that were not looked at before */
  findInStream(state: MatchState, window: Uint8Array, from: number, found: (rule: number) => void): void {
    this.#streams(state).findByPattern(window, from, found);
  }

  #streams({ direction }: MatchState): PayloadGroup {
    return direction === 'to-server' ? this.#toServer : this.#toClient;
  }
}

function groupOf(transport: string): Transport {
  switch (transport) {
    case 'tcp':
    case 'udp':
      return transport;
    case 'icmp':
    case 'icmpv6':
      return 'icmp';
    default:
      return 'other';
  }
}
