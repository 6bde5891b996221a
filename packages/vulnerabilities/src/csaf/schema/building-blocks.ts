/** A JSON schema as data; the vocabulary is JSON Schema 2020-12. */
export type Schema = Readonly<Record<string, unknown>>;

export const TEXT: Schema = { type: 'string', minLength: 1 };
export const URI: Schema = { type: 'string', format: 'uri' };
export const DATE_TIME: Schema = { type: 'string', format: 'date-time' };

export function matching(pattern: string): Schema {
  return { type: 'string', minLength: 1, pattern };
}

export function oneOf(...values: readonly string[]): Schema {
  return { type: 'string', enum: values };
}

export function list(items: Schema, more: Schema = {}): Schema {
  return { type: 'array', minItems: 1, items, ...more };
}

/** Strings, each once. Ajv compares them by a table as long as the type of the items stands in the list itself. */
export function distinctTexts(least = 1): Schema {
  return list(TEXT, { minItems: least, uniqueItems: true });
}

/** Objects, each once: `uniqueItems` compares each with each, which a long list turns into hours (see `validate-schema.ts`). */
export function distinctObjects(items: Schema): Schema {
  return list(items, { distinctItems: true });
}

/** @param required names of members that must be there */
export function object(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
  more: Schema = {},
) {
  return { type: 'object', properties, required, ...more };
}
