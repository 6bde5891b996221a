import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { FACTS, type Fact, type FactType } from './event.ts';
import { TELEMETRY, type TelemetryRow, type TelemetryTable } from './telemetry.ts';

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

/** @returns any value that a zod type accepts, small arrays, hostile text included */
export function arbitraryOf<Type extends z.ZodType>(type: Type): Arbitrary<z.infer<Type>> {
  const root = z.toJSONSchema(type, { unrepresentable: 'any' }) as JsonSchema;
  return fromSchema(root, root.$defs ?? {}) as Arbitrary<z.infer<Type>>;
}

/** @returns any fact of a type */
export function arbitraryFact(type: FactType): Arbitrary<Fact> {
  return fc.record({
    id: fc.string({ minLength: 1 }),
    time: fc.nat(2 ** 31 - 1).map((seconds) => seconds * 1000),
    type: fc.constant(type),
    key: fc.string({ minLength: 1, unit: 'binary' }),
    source: fc.constantFrom('asset-inventory', 'device-verification', 'traffic-monitoring'),
    data: arbitraryOf<z.ZodType>(FACTS[type]),
  }) as Arbitrary<Fact>;
}

/** @returns any row of a table */
export function arbitraryRow<Table extends TelemetryTable>(table: Table): Arbitrary<TelemetryRow<Table>> {
  return arbitraryOf<z.ZodType>(TELEMETRY[table]) as Arbitrary<TelemetryRow<Table>>;
}

function fromSchema(schema: JsonSchema, definitions: Readonly<Record<string, JsonSchema>>): Arbitrary<unknown> {
  const recur = (inner: JsonSchema) => fromSchema(inner, definitions);
  if (schema.$ref !== undefined) return recur(definitions[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(recur));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (Array.isArray(schema.type)) return fc.oneof(...schema.type.map((type: string) => recur({ ...schema, type })));
  switch (schema.type) {
    case 'object':
      return schema.properties === undefined ? dictionaryOf(schema, recur) : recordOf(schema, recur);
    case 'array':
      return fc.array(recur(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 3 });
    case 'string':
      return textOf(schema);
    case 'integer':
      return integerOf(schema);
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      throw new Error(`No arbitrary for ${JSON.stringify(schema)}`);
  }
}

function recordOf(schema: JsonSchema, recur: (inner: JsonSchema) => Arbitrary<unknown>): Arbitrary<unknown> {
  const model = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, recur(inner)] as const),
  );
  return fc.record(model, { requiredKeys: [...(schema.required ?? [])], noNullPrototype: true });
}

function dictionaryOf(schema: JsonSchema, recur: (inner: JsonSchema) => Arbitrary<unknown>): Arbitrary<unknown> {
  const keys = schema.propertyNames === undefined ? fc.string() : (recur(schema.propertyNames) as Arbitrary<string>);
  const values = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
  return fc.dictionary(keys, recur(values), { maxKeys: 12, noNullPrototype: true });
}

function textOf({ pattern, format, maxLength = 40, minLength = 0 }: JsonSchema): Arbitrary<string> {
  if (format === 'ipv4') return fc.ipV4();
  if (format === 'ipv6') return fc.ipV6().filter((text) => z.ipv6().safeParse(text).success);
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.min(maxLength, 40), unit: 'binary' });
}

function integerOf({ minimum, exclusiveMinimum, maximum }: JsonSchema): Arbitrary<number> {
  const least = exclusiveMinimum === undefined ? (minimum ?? -(2 ** 40)) : exclusiveMinimum + 1;
  // Sums of a few of them must stay exact.
  return fc.integer({ min: Math.max(least, -(2 ** 40)), max: Math.min(maximum ?? 2 ** 40, 2 ** 40) });
}
