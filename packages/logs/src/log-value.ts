/** What one field of an event holds. */
export type LogScalar = string | number | boolean | null;

/** One value, or several of the same name. */
export type LogValue = LogScalar | readonly LogScalar[];

/** Fields of an event by name. */
export type LogFields = Readonly<Record<string, LogValue>>;

/**
 * Sets a field; where the name is there already, both values are kept. A name of JavaScript's own (`__proto__`) is a field like
 * any other.
 */
export function addField(fields: Record<string, LogValue>, name: string, value: LogValue): void {
  const known = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const merged: LogValue = known === undefined ? value : [...asList(known), ...asList(value)];
  if (name === '__proto__') {
    Object.defineProperty(fields, name, { value: merged, enumerable: true, configurable: true, writable: true });
  } else {
    fields[name] = merged;
  }
}

function asList(value: LogValue): readonly LogScalar[] {
  return typeof value === 'object' && value !== null ? value : [value];
}
