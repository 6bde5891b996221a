/**
 * What JSON.stringify makes of NUL and of half a surrogate pair. PostgreSQL keeps neither in `jsonb`, so one such value
 * from the wire would stop everything that is stored with it. (An escaped backslash before `u0000` is found, too: the
 * slow way then finds nothing to do.)
 */
const SUSPECT = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/** @param json text of a JSON document */
export function maySayUnstorable(json: string): boolean {
  return SUSPECT.test(json);
}

/** Whether every text in a JSON value can be kept by any store. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, child]) => isStorable(name) && isStorable(child));
}

/** @returns the same JSON value with the replacement character U+FFFD in the place of what no store keeps */
export function storable<Value>(value: Value): Value {
  return replaceIn(value) as Value;
}

function replaceIn(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\ufffd').toWellFormed();
  if (Array.isArray(value)) return value.map(replaceIn);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [replaceIn(name), replaceIn(child)]));
}
