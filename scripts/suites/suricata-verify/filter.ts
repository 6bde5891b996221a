/** An event as EVE JSON has it. */
export type EveEvent = Readonly<Record<string, unknown>>;

/** A check of a case: so many events have these values. */
export interface FilterCheck {
  readonly count: number | string;
  readonly match: Readonly<Record<string, unknown>>;
}

/** @returns number of events that satisfy the check, and whether it is the wanted one */
export function evaluateFilter(check: FilterCheck, events: readonly EveEvent[]): { found: number; isMet: boolean } {
  const found = events.filter((event) => matchesAll(event, check.match)).length;
  return { found, isMet: isCount(check.count, found) };
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

function matchesAll(event: EveEvent, match: FilterCheck['match']): boolean {
  return Object.entries(match).every(([key, wanted]) => {
    if (key === 'has-key') return findValue(event, String(wanted)) !== undefined;
    if (key === 'not-has-key') return findValue(event, String(wanted)) === undefined;
    const operation = /\.?__(contains|find|startswith|endswith|len)$/.exec(key);
    const value = findValue(event, operation === null ? key : key.slice(0, operation.index));
    return value !== undefined && compare(value, operation?.[1], wanted);
  });
}

function compare(value: unknown, operation: string | undefined, wanted: unknown): boolean {
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
      return isEqual(value, wanted);
  }
}

function isEqual(value: unknown, wanted: unknown): boolean {
  if (typeof wanted === 'object' && wanted !== null) return JSON.stringify(value) === JSON.stringify(wanted);
  return value === wanted || String(value) === String(wanted);
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
