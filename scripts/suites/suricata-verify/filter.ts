import type { EveEvent } from '@sphinx/wire';
import { isSameValue } from './same-value.ts';

/** A check of a case: so many events have these values. */
export interface FilterCheck {
  readonly count: number | string;
  readonly match: Readonly<Record<string, unknown>>;
}

/** What became of a check. */
export interface FilterResult {
  readonly found: number;
  readonly isMet: boolean;
}

/** @returns number of events that satisfy the check, and whether it is the wanted one */
export function evaluateFilter(check: FilterCheck, events: readonly EveEvent[]): FilterResult {
  const conditions = conditionsOf(check.match);
  const found = events.filter((event) => conditions.every((condition) => condition.holds(event))).length;
  return { found, isMet: isCount(check.count, found) };
}

/**
 * @returns which part of a check that is not met is to blame, in few words: no event of the type at all, a member that no
 *   event has or that is another in every one, or the number of events
 */
export function blame(check: FilterCheck, events: readonly EveEvent[]): string {
  const type = check.match.event_type;
  const candidates = type === undefined ? events : events.filter(({ event_type }) => event_type === type);
  const name = type === undefined ? 'any event' : String(type);
  if (candidates.length === 0) return `${name}: there is none`;
  const conditions = conditionsOf(check.match).filter(({ key }) => key !== 'event_type');
  const broken = conditions.filter((condition) => !candidates.some((event) => condition.holds(event)));
  const [first] = broken;
  if (first === undefined)
    return conditions.length > 0 ? `${name}: count of events with these values` : `${name}: count`;
  const isAbsent = candidates.every((event) => findValue(event, first.key) === undefined);
  return `${name}: ${first.key.replace(/\[\d+\]/g, '[]')} ${isAbsent ? 'is absent' : 'differs'}`;
}

interface Condition {
  readonly key: string;
  holds(event: EveEvent): boolean;
}

function conditionsOf(match: FilterCheck['match']): Condition[] {
  return Object.entries(match).flatMap(([name, wanted]): Condition[] => {
    if (name === 'has-key') return keysOf(wanted).map((key) => presence(key, true));
    if (name === 'not-has-key') return keysOf(wanted).map((key) => presence(key, false));
    const operation = /\.?__(contains|find|startswith|endswith|len)$/.exec(name);
    const key = operation === null ? name : name.slice(0, operation.index);
    const holds = (event: EveEvent) => {
      const value = findValue(event, key);
      return value !== undefined && compare(key, value, operation?.[1], wanted);
    };
    return [{ key, holds }];
  });
}

function keysOf(wanted: unknown): string[] {
  return Array.isArray(wanted) ? wanted.map(String) : [String(wanted)];
}

function presence(key: string, isWanted: boolean): Condition {
  return { key, holds: (event) => (findValue(event, key) !== undefined) === isWanted };
}

function isCount(wanted: number | string, found: number): boolean {
  const match = /^\s*(>=|<=|>|<|==?)?\s*(\d+)\s*$/.exec(String(wanted));
  const number = Number(match?.[2]);
  switch (match?.[1]) {
    case '>':
      return found > number;
    case '<':
      return found < number;
    case '>=':
      return found >= number;
    case '<=':
      return found <= number;
    default:
      return found === number;
  }
}

function compare(key: string, value: unknown, operation: string | undefined, wanted: unknown): boolean {
  switch (operation) {
    case 'contains':
    case 'find':
      return Array.isArray(value) ? value.includes(wanted) : String(value).includes(String(wanted));
    case 'startswith':
      return String(value).startsWith(String(wanted));
    case 'endswith':
      return String(value).endsWith(String(wanted));
    case 'len':
      return (Array.isArray(value) || typeof value === 'string') && value.length === Number(wanted);
    default:
      return isSameValue(key, value, wanted);
  }
}

/** @param path `dns.answers[0].rrname` */
function findValue(event: unknown, path: string): unknown {
  let value: unknown = event;
  for (const part of path.split('.')) {
    const [, name = '', indexes = ''] = /^([^[]*)((?:\[\d+\])*)$/.exec(part) ?? [];
    value = memberOf(value, name);
    for (const [, index] of indexes.matchAll(/\[(\d+)\]/g))
      value = Array.isArray(value) ? value[Number(index)] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
