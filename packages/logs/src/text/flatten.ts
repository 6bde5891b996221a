import { addField, type LogValue } from '../log-value.ts';

const MAXIMUM_DEPTH = 12;
const MAXIMUM_FIELDS = 1000;

/** @returns the leaves of a JSON object by their names with dots between; lists of objects as several values of one name */
export function flattenJson(value: object): Record<string, LogValue> {
  const fields: Record<string, LogValue> = {};
  let count = 0;
  const add = (name: string, item: unknown, depth: number): void => {
    if (count >= MAXIMUM_FIELDS) return;
    if (typeof item !== 'object' || item === null) {
      if (item === null || ['string', 'number', 'boolean'].includes(typeof item)) {
        count++;
        addField(fields, name, item as LogValue);
      }
      return;
    }
    if (depth >= MAXIMUM_DEPTH) {
      count++;
      addField(fields, name, JSON.stringify(item));
      return;
    }
    if (Array.isArray(item)) for (const each of item) add(name, each, depth + 1);
    else for (const [key, inner] of Object.entries(item)) add(name === '' ? key : `${name}.${key}`, inner, depth + 1);
  };
  add('', value, 0);
  return fields;
}
