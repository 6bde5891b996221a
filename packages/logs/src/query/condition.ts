/** A condition over one event, as a tree; the same shape as a condition of the event store. */
export type LogCondition =
  | { readonly kind: 'and' | 'or'; readonly items: readonly LogCondition[] }
  | { readonly kind: 'not'; readonly item: LogCondition }
  /** @param field name within a column that holds a JSON object */
  | { readonly kind: 'test'; readonly column: string; readonly field?: string; readonly test: LogTest };

export type LogTest =
  | { readonly operator: 'equals'; readonly value: string | number | boolean }
  /** The text with anything between and around its parts. */
  | { readonly operator: 'like'; readonly parts: readonly string[] }
  | { readonly operator: 'less' | 'at-most' | 'more' | 'at-least'; readonly value: string | number }
  | { readonly operator: 'present' };

export type LogRow = Readonly<Record<string, unknown>>;

/** @returns whether a row fits; what the store answers with the same condition */
export function fitsCondition(condition: LogCondition, row: LogRow): boolean {
  return fits(condition, row, new Map());
}

function fits(condition: LogCondition, row: LogRow, parsed: Map<string, LogRow>): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.items.every((item) => fits(item, row, parsed));
    case 'or':
      return condition.items.some((item) => fits(item, row, parsed));
    case 'not':
      return !fits(condition.item, row, parsed);
    case 'test': {
      const { column, field, test } = condition;
      const value = field === undefined ? row[column] : objectIn(row, column, parsed)[field];
      return fitsTest(value, test);
    }
  }
}

function objectIn(row: LogRow, column: string, parsed: Map<string, LogRow>): LogRow {
  const known = parsed.get(column);
  if (known !== undefined) return known;
  let object: LogRow = {};
  try {
    const value: unknown = JSON.parse(String(row[column]));
    if (typeof value === 'object' && value !== null) object = value as LogRow;
  } catch {
    // No JSON: it has no fields.
  }
  parsed.set(column, object);
  return object;
}

function fitsTest(value: unknown, test: LogTest): boolean {
  if (value === undefined || value === null) return false;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  switch (test.operator) {
    case 'present':
      return text !== '';
    case 'equals':
      if (typeof value === 'number' && typeof test.value !== 'boolean') return value === Number(test.value);
      return text.toLowerCase() === String(test.value).toLowerCase();
    case 'like':
      return fitsParts(text.toLowerCase(), test.parts);
    default:
      return compares(typeof test.value === 'string' ? compareText(text, test.value) : Number(text) - test.value, test);
  }
}

function compareText(left: string, right: string): number {
  const a = left.toLowerCase();
  const b = right.toLowerCase();
  return a < b ? -1 : a > b ? 1 : 0;
}

function compares(difference: number, { operator }: LogTest): boolean {
  if (Number.isNaN(difference)) return false;
  if (operator === 'less') return difference < 0;
  if (operator === 'at-most') return difference <= 0;
  return operator === 'more' ? difference > 0 : difference >= 0;
}

/** Every part in order, the first at the beginning and the last at the end. */
function fitsParts(text: string, parts: readonly string[]): boolean {
  const lower = parts.map((part) => part.toLowerCase());
  const first = lower[0] ?? '';
  const last = lower.at(-1) ?? '';
  if (lower.length === 1) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of lower.slice(1, -1)) {
    const place = text.indexOf(part, at);
    if (place < 0) return false;
    at = place + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
