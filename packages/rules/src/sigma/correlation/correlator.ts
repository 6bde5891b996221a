import type { SigmaCorrelationRule, SigmaRuleInfo } from '../language/rule.ts';
import type { SigmaHit } from '../matcher/sigma-matcher.ts';
import { type CorrelationGroup, createGroup, type Occurrence } from './group.ts';

/** What a correlator may keep. */
export interface CorrelatorLimits {
  /** Groups (combinations of `group-by` values) of one rule; beyond it, the one that was quiet longest is forgotten. */
  readonly maximumGroups: number;
  /** Occurrences within the timespan of one group; beyond it, the oldest is forgotten. */
  readonly maximumOccurrences: number;
}

export const DEFAULT_CORRELATOR_LIMITS: CorrelatorLimits = { maximumGroups: 10_000, maximumOccurrences: 10_000 };

/** A correlation rule that matched. */
export interface CorrelationHit {
  readonly rule: SigmaRuleInfo;
  /** As of a rule over single events: false where it only serves another correlation rule. */
  readonly isTold: boolean;
  /** Values of `group-by`, in its order. */
  readonly group: readonly { readonly field: string; readonly value: string }[];
  /** Time of the first and of the last event that count, milliseconds since 1970. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** How many events count. */
  readonly count: number;
  valueOf(field: string): string | undefined;
}

interface RunningRule {
  readonly rule: SigmaCorrelationRule;
  readonly isTold: boolean;
  /** By the values of `group-by`; the one that was used last is last. */
  readonly groups: Map<string, CorrelationGroup>;
}

/**
 * Sigma's correlation rules over a stream of hits. Keeps a bounded number of groups and of times in each. Time is that of the
 * events, which may come a little out of order; nothing is asked of a clock.
 */
export class SigmaCorrelator {
  readonly #rules: readonly RunningRule[];
  /** Id or name of a rule → correlations that refer to it, each with the place of the rule in its list. */
  readonly #users = new Map<string, { readonly running: RunningRule; readonly index: number }[]>();
  readonly #limits: CorrelatorLimits;
  #forgottenGroups = 0;
  #events = 0;

  /** @param rules as `compileSigma` gives them: those that others refer to first */
  constructor(rules: readonly SigmaCorrelationRule[], limits: CorrelatorLimits = DEFAULT_CORRELATOR_LIMITS) {
    this.#limits = limits;
    const silent = new Set(rules.flatMap((rule) => (rule.isGenerating ? [] : rule.rules)));
    this.#rules = rules.map((rule) => {
      const { id, name } = rule.info;
      return { rule, isTold: !silent.has(id) && !silent.has(name ?? id), groups: new Map() };
    });
    for (const running of this.#rules) {
      running.rule.rules.forEach((name, index) => {
        const users = this.#users.get(name) ?? [];
        users.push({ running, index });
        this.#users.set(name, users);
      });
    }
  }

  /** Groups that were forgotten before their time, for want of room. */
  get forgottenGroups(): number {
    return this.#forgottenGroups;
  }

  /** Groups that are kept now. */
  get groupCount(): number {
    return this.#rules.reduce((sum, { groups }) => sum + groups.size, 0);
  }

  /**
   * Takes what one event matched.
   *
   * @param hits of the matcher
   * @param timeMs of the event, milliseconds since 1970
   * @returns correlation rules that match with it, also those that refer to others
   */
  take(hits: readonly Pick<SigmaHit, 'rule' | 'valueOf'>[], timeMs: number): readonly CorrelationHit[] {
    this.#events++;
    const found: CorrelationHit[] = [];
    const waiting: Pick<SigmaHit, 'rule' | 'valueOf'>[] = [...hits];
    // Correlations refer to one another without circles, so this ends.
    for (let hit = waiting.shift(); hit !== undefined; hit = waiting.shift()) {
      const { id, name } = hit.rule;
      const users = [
        ...(this.#users.get(id) ?? []),
        ...(name === undefined || name === id ? [] : (this.#users.get(name) ?? [])),
      ];
      // Later rules of a list first, so that one event is never two steps of an order.
      for (const { running, index } of users.sort((a, b) => b.index - a.index)) {
        const matched = this.#add(running, index, hit, timeMs);
        if (matched === undefined) continue;
        found.push(matched);
        waiting.push(matched);
      }
    }
    return found;
  }

  /**
   * Ends the timespans that are over; only then rules that say "fewer than" or "exactly" can match. To be called now and then.
   *
   * @param timeMs time that the events have reached, milliseconds since 1970
   */
  advance(timeMs: number): readonly CorrelationHit[] {
    const found: CorrelationHit[] = [];
    for (const running of this.#rules) {
      for (const [key, group] of running.groups) {
        const count = group.expire(timeMs);
        if (count !== undefined) found.push(this.#hitOf(running, group, count));
        if (group.isEmpty) running.groups.delete(key);
      }
    }
    for (const hit of [...found]) found.push(...this.take([hit], hit.lastMs));
    return found;
  }

  #add(
    running: RunningRule,
    index: number,
    hit: Pick<SigmaHit, 'rule' | 'valueOf'>,
    timeMs: number,
  ): CorrelationHit | undefined {
    const { rule, groups } = running;
    const values: string[] = [];
    for (const field of rule.groupBy) {
      const value = fieldValue(rule, index, field, hit);
      // What has no value of a field that groups belongs to no group.
      if (value === undefined) return undefined;
      values.push(value);
    }
    const key = JSON.stringify(values.map((value) => value.toLowerCase()));
    const group = groups.get(key) ?? createGroup(rule, values, this.#limits.maximumOccurrences);
    groups.delete(key);
    groups.set(key, group);
    if (groups.size > this.#limits.maximumGroups) this.#forgetOldest(groups);
    const value = rule.valueFields.map((field) => fieldValue(rule, index, field, hit));
    const occurrence: Occurrence = {
      timeMs,
      event: this.#events,
      rule: index,
      value: value.includes(undefined) ? undefined : value.join('\u0000'),
    };
    const counted = group.add(occurrence);
    return counted === undefined ? undefined : this.#hitOf(running, group, counted, hit);
  }

  #forgetOldest(groups: Map<string, CorrelationGroup>): void {
    for (const oldest of groups.keys()) {
      groups.delete(oldest);
      this.#forgottenGroups++;
      return;
    }
  }

  #hitOf(
    { rule, isTold }: RunningRule,
    group: CorrelationGroup,
    { count, firstMs, lastMs }: { readonly count: number; readonly firstMs: number; readonly lastMs: number },
    last?: Pick<SigmaHit, 'valueOf'>,
  ): CorrelationHit {
    const named = rule.groupBy.map((field, index) => ({ field, value: group.values[index] ?? '' }));
    return {
      rule: rule.info,
      isTold,
      group: named,
      firstMs,
      lastMs,
      count,
      valueOf: (field) => named.find((each) => each.field === field)?.value ?? last?.valueOf(field),
    };
  }
}

/** A field may be an alias, which means another field in each rule. */
function fieldValue(
  rule: SigmaCorrelationRule,
  index: number,
  field: string,
  hit: Pick<SigmaHit, 'valueOf'>,
): string | undefined {
  const alias = rule.aliases.get(field)?.get(rule.rules[index] ?? '');
  return hit.valueOf(alias ?? field);
}
