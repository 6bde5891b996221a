import { z } from 'zod';
import { readIdentifier } from './identifier.ts';

/** Schemas by the `type` of an object. */
export type SchemasByType = Readonly<Record<string, z.ZodType>>;

/**
 * An object of one of several types. Unlike a union it tells the problems of the one type that the object says it is.
 *
 * @param schemas of the types of the specification
 * @param open schema for other types where the vocabulary is an open one; otherwise they are problems
 */
export function objectByType<Shape>(schemas: SchemasByType, open?: z.ZodType): z.ZodType<Shape> {
  const known = new Map(Object.entries(schemas));
  return z.looseObject({ type: z.string() }).superRefine((value, context) => {
    const schema = known.get(value.type) ?? open;
    if (schema === undefined) {
      const message = `"${value.type}" is no type that CACAO 2.0 knows here: ${[...known.keys()].join(', ')}`;
      context.addIssue({ code: 'custom', message, path: ['type'] });
      return;
    }
    for (const { message, path } of schema.safeParse(value).error?.issues ?? []) {
      context.addIssue({ code: 'custom', message, path: [...path] });
    }
  }) as unknown as z.ZodType<Shape>;
}

/** A dictionary whose keys are identifiers and whose values are objects of the type that the key names. */
export function dictionaryById<Value>(value: z.ZodType<Value>): z.ZodType<Readonly<Record<string, Value>>> {
  return z
    .custom<Readonly<Record<string, Value>>>(isDictionary, 'Must be an object')
    .superRefine((dictionary, context) => {
      for (const [id, entry] of Object.entries(dictionary)) {
        const parts = readIdentifier(id);
        if (parts === undefined) {
          const message = 'The name of an entry must be object-type--UUID (CACAO 2.0 §10.10)';
          context.addIssue({ code: 'custom', message, path: [id] });
          continue;
        }
        const type: unknown = isDictionary(entry) ? entry.type : undefined;
        if (typeof type === 'string' && type !== parts.type) {
          const message = `Is of type "${type}", its identifier says "${parts.type}"`;
          context.addIssue({ code: 'custom', message, path: [id, 'type'] });
        }
        for (const { message, path } of value.safeParse(entry).error?.issues ?? []) {
          context.addIssue({ code: 'custom', message, path: [id, ...path] });
        }
      }
    });
}

/** A dictionary with keys of another form. @param key says what they must be like */
export function dictionaryOf<Value>(
  key: { readonly pattern: RegExp; readonly message: string },
  value: z.ZodType<Value>,
): z.ZodType<Readonly<Record<string, Value>>> {
  return z
    .custom<Readonly<Record<string, Value>>>(isDictionary, 'Must be an object')
    .superRefine((dictionary, context) => {
      for (const [name, entry] of Object.entries(dictionary)) {
        if (!key.pattern.test(name)) context.addIssue({ code: 'custom', message: key.message, path: [name] });
        for (const { message, path } of value.safeParse(entry).error?.issues ?? []) {
          context.addIssue({ code: 'custom', message, path: [name, ...path] });
        }
      }
    });
}

/** @returns whether it is a JSON object */
export function isDictionary(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
