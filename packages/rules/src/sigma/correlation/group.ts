import type { Bound, RuleExpression, SigmaCorrelationRule } from '../language/rule.ts';
import { compare } from '../matcher/lazy-test.ts';
import { aggregate } from './aggregate.ts';
import { byTime } from './order.ts';

/** One event, or one hit of another correlation, that counts. */
export interface Occurrence {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** The same for all that one event matched; later events have greater ones. */
  readonly event: number;
  /** Place of its rule in the list of the correlation. */
  readonly rule: number;
  /** Of the field whose values are counted; undefined where the event has none. */
  readonly value: string | undefined;
}

/** What counted when a rule matched. */
export interface Counted {
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Occurrences of one correlation rule with the same values of `group-by`. */
export interface CorrelationGroup {
  readonly values: readonly string[];
  readonly isEmpty: boolean;
  /** @returns what counted when the rule matches with this occurrence */
  add(occurrence: Occurrence): Counted | undefined;
  /** @returns what counted when the rule matches because its timespan has ended */
  expire(timeMs: number): Counted | undefined;
}

export function createGroup(
  rule: SigmaCorrelationRule,
  values: readonly string[],
  maximumOccurrences: number,
): CorrelationGroup {
  if (rule.type === 'temporal_ordered' && rule.bounds.length === 0) return new OrderedGroup(rule, values);
  return new WindowGroup(rule, values, maximumOccurrences);
}

/**
 * A window that ends with the latest event. It is emptied when the rule matches, so that the same events are told once. Rules
 * that more events can make untrue again ("fewer than", "exactly", "and not") are judged when the timespan that began with the
 * first event is over.
 */
class WindowGroup implements CorrelationGroup {
  readonly values: readonly string[];
  readonly #rule: SigmaCorrelationRule;
  readonly #maximum: number;
  readonly #isJudgedAtEnd: boolean;
  #occurrences: Occurrence[] = [];

  constructor(rule: SigmaCorrelationRule, values: readonly string[], maximum: number) {
    this.#rule = rule;
    this.values = values;
    this.#maximum = maximum;
    this.#isJudgedAtEnd = isJudgedAtEnd(rule);
  }

  get isEmpty(): boolean {
    return this.#occurrences.length === 0;
  }

  add(occurrence: Occurrence): Counted | undefined {
    const ended = this.#isJudgedAtEnd ? this.expire(occurrence.timeMs) : undefined;
    const lastMs = this.#occurrences.at(-1)?.timeMs ?? Number.NEGATIVE_INFINITY;
    const isLate = occurrence.timeMs < lastMs;
    if (!this.#isJudgedAtEnd && !isLate) this.#forget(occurrence.timeMs);
    this.#occurrences.push(occurrence);
    if (isLate) this.#occurrences.sort(byTime);
    if (this.#occurrences.length > this.#maximum) this.#occurrences.shift();
    if (this.#isJudgedAtEnd) return ended;
    const isApart = occurrence.timeMs < lastMs - this.#rule.timespanMs;
    return this.#judge(isApart ? this.#windowOf(occurrence) : this.#occurrences);
  }

  /** What came later than a timespan counts with what was before it, not with what came long after it. */
  #windowOf({ timeMs }: Occurrence): readonly Occurrence[] {
    const start = timeMs - this.#rule.timespanMs;
    return this.#occurrences.filter((each) => each.timeMs >= start && each.timeMs <= timeMs);
  }

  expire(timeMs: number): Counted | undefined {
    const [first] = this.#occurrences;
    if (!this.#isJudgedAtEnd) this.#forget(timeMs);
    if (!this.#isJudgedAtEnd || first === undefined || timeMs - first.timeMs <= this.#rule.timespanMs) return undefined;
    const counted = this.#judge(this.#occurrences);
    this.#occurrences = [];
    return counted;
  }

  #forget(timeMs: number): void {
    const start = timeMs - this.#rule.timespanMs;
    const kept = this.#occurrences.findIndex((each) => each.timeMs >= start);
    if (kept !== 0) this.#occurrences.splice(0, kept < 0 ? this.#occurrences.length : kept);
  }

  #judge(occurrences: readonly Occurrence[]): Counted | undefined {
    const [first] = occurrences;
    const last = occurrences.at(-1);
    if (first === undefined || last === undefined || !holds(this.#rule, occurrences)) return undefined;
    const counted = { count: occurrences.length, firstMs: first.timeMs, lastMs: last.timeMs };
    // A share is told of each value, over the same window.
    if (this.#rule.type === 'value_percentile') return counted;
    const told = new Set(occurrences);
    this.#occurrences = this.#occurrences.filter((each) => !told.has(each));
    return counted;
  }
}

function holds(rule: SigmaCorrelationRule, occurrences: readonly Occurrence[]): boolean {
  const isTemporal = rule.type === 'temporal';
  if (isTemporal && rule.bounds.length === 0) {
    const seen = new Set(occurrences.map((each) => rule.rules[each.rule] ?? ''));
    return rule.expression === undefined
      ? seen.size === new Set(rule.rules).size
      : expressionHolds(rule.expression, seen);
  }
  const value = aggregate(rule, occurrences);
  return value !== undefined && rule.bounds.every((bound) => compare(value, bound.comparison, bound.value));
}

function expressionHolds(expression: RuleExpression, seen: ReadonlySet<string>): boolean {
  switch (expression.kind) {
    case 'rule':
      return seen.has(expression.rule);
    case 'not':
      return !expressionHolds(expression.item, seen);
    case 'and':
      return expression.items.every((item) => expressionHolds(item, seen));
    case 'or':
      return expression.items.some((item) => expressionHolds(item, seen));
  }
}

function isJudgedAtEnd({ type, bounds, expression }: SigmaCorrelationRule): boolean {
  if (expression !== undefined) return hasNegation(expression);
  if (type === 'value_percentile') return false;
  const isUpper = ({ comparison }: Bound) => comparison !== 'gt' && comparison !== 'gte';
  const isLowest = type === 'value_min';
  return isLowest ? bounds.some(({ comparison }) => !['lt', 'lte'].includes(comparison)) : bounds.some(isUpper);
}

function hasNegation(expression: RuleExpression): boolean {
  if (expression.kind === 'rule') return false;
  return expression.kind === 'not' || expression.items.some(hasNegation);
}

/** Events that may still come late are put in order among so many of the latest. */
const MAXIMUM_LATEST = 64;

/**
 * Keeps for each step only when the latest chain that has come so far began, and the latest occurrences, in which one that comes
 * late finds its place; longer logs need no more memory.
 */
class OrderedGroup implements CorrelationGroup {
  readonly values: readonly string[];
  readonly #rule: SigmaCorrelationRule;
  #starts: (number | undefined)[];
  #latest: Occurrence[] = [];

  constructor(rule: SigmaCorrelationRule, values: readonly string[]) {
    this.#rule = rule;
    this.values = values;
    this.#starts = rule.rules.map(() => undefined);
  }

  get isEmpty(): boolean {
    return this.#starts.every((start) => start === undefined) && this.#latest.length === 0;
  }

  add(occurrence: Occurrence): Counted | undefined {
    const lastMs = this.#latest.at(-1)?.timeMs ?? Number.NEGATIVE_INFINITY;
    const isLate = occurrence.timeMs < lastMs;
    // An older log is read after a newer one: no chain can reach from one into the other.
    if (occurrence.timeMs < lastMs - this.#rule.timespanMs) this.#forget();
    this.#latest.push(occurrence);
    if (!isLate && this.#latest.length > MAXIMUM_LATEST) this.#latest.shift();
    const end = isLate ? this.#putInOrder() : this.#step(this.#starts, occurrence);
    if (end !== undefined) this.#forget();
    return end;
  }

  expire(timeMs: number): Counted | undefined {
    const earliest = timeMs - this.#rule.timespanMs;
    this.#starts.forEach((start, index) => {
      if (start !== undefined && start < earliest) this.#starts[index] = undefined;
    });
    if ((this.#latest.at(-1)?.timeMs ?? earliest) < earliest) this.#latest = [];
    return undefined;
  }

  #forget(): void {
    this.#starts.fill(undefined);
    this.#latest = [];
  }

  /** A chain that was there stays one: what comes late can only begin or complete others. */
  #putInOrder(): Counted | undefined {
    this.#latest.sort(byTime);
    if (this.#latest.length > MAXIMUM_LATEST) this.#latest.shift();
    const starts: (number | undefined)[] = this.#starts.map(() => undefined);
    for (const each of this.#latest) {
      const end = this.#step(starts, each);
      if (end !== undefined) return end;
    }
    this.#starts = this.#starts.map((start, index) => laterOf(start, starts[index]));
    return undefined;
  }

  #step(starts: (number | undefined)[], { timeMs, rule }: Occurrence): Counted | undefined {
    const start = rule === 0 ? timeMs : starts[rule - 1];
    if (start === undefined || start < timeMs - this.#rule.timespanMs) return undefined;
    starts[rule] = start;
    return rule === starts.length - 1 ? { count: starts.length, firstMs: start, lastMs: timeMs } : undefined;
  }
}

function laterOf(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}
