import type { Rule } from '../rule.ts';
import { chooseFastPattern } from './fast-pattern.ts';
import { HeaderClasses } from './header-classes.ts';
import type { MatchState } from './match-state.ts';
import { matchesAddresses } from './matching.ts';
import { PatternMatcher, type PatternOfRule } from './pattern-matcher.ts';
import type { PatternPool } from './pattern-pool.ts';
import { TCP, transportClass } from './transport-class.ts';

/** Rules that look at the same bytes: those without a pattern, and a matcher for those with one. */
export interface RuleGroup {
  readonly always: readonly number[];
  readonly matcher: PatternMatcher | undefined;
}

/** The rules that packets and stretches of stream of one class can concern. */
export interface PayloadGroup {
  readonly packets: RuleGroup;
  readonly stream: RuleGroup;
}

/** Rules whose headers ask for the same: what one of them asks for stands for all. */
interface AlikeRules {
  readonly rule: Rule;
  readonly looksAtStretch: boolean;
  readonly always: number[];
  readonly patterns: PatternOfRule[];
}

/**
 * Rules in all groups together beyond which none is made: what would need one gets a group for its transport and direction,
 * which has more rules than it needs. A network of a few thousand flows needs some hundred groups with 200 rules each.
 */
const MAXIMUM_RULES_IN_GROUPS = 1_000_000;

/**
 * Rules on payloads, in groups by all that is known before a payload is looked at: transport, direction, addresses, ports and
 * protocol (Suricata groups by transport, direction and ports). A group is made when traffic first needs it; many classes
 * share one, because the same rules are in it.
 */
export class PayloadGroups {
  readonly #pool: PatternPool;
  readonly #rules: readonly AlikeRules[];
  readonly #classes: HeaderClasses;
  readonly #protocols: ReadonlySet<string>;
  /** By protocol, then by the class of the header. */
  readonly #groups = new Map<string, Map<number, PayloadGroup>>();
  /** By the numbers of the alike rules in them. */
  readonly #byContent = new Map<string, RuleGroup>();
  #rulesInGroups = 0;

  /** @param rules with their numbers; their patterns are added to the pool, which is built afterwards */
  constructor(rules: readonly (readonly [number, Rule])[], pool: PatternPool) {
    this.#pool = pool;
    this.#rules = gather(rules, pool);
    const headers = this.#rules.map(({ rule }) => rule.header);
    this.#classes = new HeaderClasses(headers);
    this.#protocols = new Set(headers.flatMap(({ rooms }) => rooms ?? []));
  }

  /** @returns the group for what is at hand, which holds for as long as the protocol of its flow stays the same */
  of(state: MatchState): PayloadGroup {
    const groups = this.#ofProtocol(state.flow?.protocol);
    const precise = this.#classes.of(state);
    const known = precise === undefined ? undefined : groups.get(precise);
    if (known !== undefined) return known;
    const isCoarse = precise === undefined || this.#rulesInGroups > MAXIMUM_RULES_IN_GROUPS;
    const key = isCoarse ? coarseKey(state) : precise;
    const coarse = isCoarse ? groups.get(key) : undefined;
    if (coarse !== undefined) return coarse;
    const group = this.#make(state, isCoarse);
    groups.set(key, group);
    return group;
  }

  /** Protocols that no rule names are one to them. */
  #ofProtocol(protocol: string | undefined): Map<number, PayloadGroup> {
    const key = protocol === undefined ? 'undecided' : this.#protocols.has(protocol) ? `room ${protocol}` : 'other';
    let groups = this.#groups.get(key);
    if (groups === undefined) {
      groups = new Map();
      this.#groups.set(key, groups);
    }
    return groups;
  }

  #make(state: MatchState, isCoarse: boolean): PayloadGroup {
    const isTcp = transportClass(state.transport) === TCP;
    const isUndecided = isTcp && state.flow?.protocol === undefined;
    const packets: number[] = [];
    const stream: number[] = [];
    this.#rules.forEach(({ rule, looksAtStretch }, index) => {
      if (!concerns(rule, state, isCoarse)) return;
      if (looksAtPacket(rule, isTcp, isUndecided)) packets.push(index);
      if (isTcp && looksAtStretch) stream.push(index);
    });
    return { packets: this.#group(packets), stream: this.#group(stream) };
  }

  #group(indexes: readonly number[]): RuleGroup {
    const key = indexes.join();
    const known = this.#byContent.get(key);
    if (known !== undefined) return known;
    const alike = indexes.flatMap((index) => this.#rules[index] ?? []);
    const patterns = alike.flatMap((one) => one.patterns);
    const group = {
      always: alike.flatMap(({ always }) => always),
      matcher: patterns.length === 0 ? undefined : new PatternMatcher(this.#pool, patterns),
    };
    this.#rulesInGroups += patterns.length + group.always.length;
    this.#byContent.set(key, group);
    return group;
  }
}

function gather(rules: readonly (readonly [number, Rule])[], pool: PatternPool): readonly AlikeRules[] {
  const numberOf = numbering();
  const byHeader = new Map<string, AlikeRules>();
  for (const [number, rule] of rules) {
    const { header, flow, looksAtPackets } = rule;
    const looksAtStretch =
      rule.looksAtStream && rule.payload.length > 0 && (header.transports?.includes('tcp') ?? true);
    const ends = [header.source, header.sourcePorts, header.destination, header.destinationPorts].map(numberOf);
    const { ipVersion, isBidirectional, isTransactional, transports, rooms } = header;
    const rest = [ipVersion, isBidirectional, isTransactional, transports, rooms, flow.direction, looksAtPackets];
    const key = JSON.stringify([ends, rest, looksAtStretch]);
    const alike = byHeader.get(key) ?? { rule, looksAtStretch, always: [], patterns: [] };
    byHeader.set(key, alike);
    const fast = chooseFastPattern(rule.payload.filter(({ transforms }) => transforms.length === 0));
    if (fast === undefined) alike.always.push(number);
    else alike.patterns.push({ pattern: pool.add(fast), rule: number });
  }
  return [...byHeader.values()];
}

/** @returns a function that gives the same object the same number */
function numbering(): (object: object) => number {
  const numbers = new Map<object, number>();
  return (object) => {
    const number = numbers.get(object) ?? numbers.size;
    numbers.set(object, number);
    return number;
  };
}

/** Below any key of a class. */
function coarseKey({ transport, direction, flow }: MatchState): number {
  return -1 - transportClass(transport) * 4 - (direction === 'to-server' ? 2 : 0) - (flow === undefined ? 1 : 0);
}

/** Whether a rule may hold, by what is known before the payload is looked at. */
function concerns({ header, flow }: Rule, state: MatchState, isCoarse: boolean): boolean {
  const { transports, rooms } = header;
  const own = transportClass(state.transport);
  if (transports !== undefined && !transports.some((name) => transportClass(name) === own)) return false;
  if (flow.direction !== undefined && (state.flow === undefined || flow.direction !== state.direction)) return false;
  const protocol = state.flow?.protocol;
  if (rooms !== undefined && protocol !== undefined && !rooms.includes(protocol)) return false;
  return isCoarse || matchesAddresses(header, state);
}

/** Other transports have no streams: a rule on streams looks at their packets. Rules on a protocol wait for the stream. */
function looksAtPacket({ header, looksAtPackets }: Rule, isTcp: boolean, isUndecided: boolean): boolean {
  return !isTcp || (looksAtPackets && !(isUndecided && header.rooms !== undefined));
}
