/* Members of records from outside: what has another type than expected reads as absent. */

export type JsonRecord = Readonly<Record<string, unknown>>;

export function recordOf(value: unknown): JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : {};
}

/** @param most longer lists are cut there */
export function recordsOf(value: unknown, most = 20_000): readonly JsonRecord[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, most).filter((one): one is JsonRecord => typeof one === 'object' && one !== null);
}

export function textsOf(value: unknown, most = 1000): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, most).filter((one): one is string => typeof one === 'string' && one.trim() !== '');
}

/** @returns without spaces around it; empty where there is no text */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** @returns milliseconds since the epoch; a time without zone is UTC, as the CVE schema has it */
export function instantOf(value: unknown): number | undefined {
  const text = textOf(value);
  if (text === '') return undefined;
  const milliseconds = Date.parse(/[zZ]$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
