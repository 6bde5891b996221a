import { detectionAlgebra, parseCondition } from './condition.ts';
import { joinExpressions, readItem } from './modifiers.ts';
import type { Expression } from './rule.ts';
import { SigmaError } from './sigma-error.ts';
import type { RuleValue } from './transformations.ts';

/* "Detection" of the Sigma rules specification: search identifiers, and the condition over them. */

/** Keys of a detection that are no search identifiers. */
const NO_IDENTIFIERS = new Set(['condition', 'timeframe']);
const MAXIMUM_DEPTH = 20;

export type Placeholders = ReadonlyMap<string, readonly string[]>;

/**
 * @param detection as YAML gives it
 * @param ignored keys beside the condition that are no search identifiers
 * @returns the whole of it as one expression; several conditions are joined with "or"
 * @throws SigmaError with what is wrong
 */
export function readDetection(
  detection: unknown,
  placeholders: Placeholders,
  ignored: ReadonlySet<string> = NO_IDENTIFIERS,
): Expression {
  if (!isMap(detection)) throw new SigmaError('detection: it is no map');
  const identifiers = new Map<string, Expression>();
  for (const [name, definition] of Object.entries(detection)) {
    if (name === 'condition' || ignored.has(name)) continue;
    identifiers.set(name, readDefinition(definition, placeholders, name, 0));
  }
  const conditions = Array.isArray(detection.condition) ? detection.condition : [detection.condition];
  const algebra = detectionAlgebra(identifiers);
  return joinExpressions(
    'or',
    conditions.map((condition) => {
      if (typeof condition !== 'string') throw new SigmaError('condition: it is missing');
      return parseCondition(condition, algebra);
    }),
  );
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readDefinition(definition: unknown, placeholders: Placeholders, name: string, depth: number): Expression {
  if (depth > MAXIMUM_DEPTH) throw new SigmaError(`${name}: it is nested too deep`);
  if (isMap(definition)) return readMap(definition, placeholders, name);
  if (!Array.isArray(definition)) return readItem('', [scalarOf(definition, name)], placeholders);
  if (definition.length === 0) throw new SigmaError(`${name}: it is empty`);
  return joinExpressions(
    'or',
    definition.map((item) => readDefinition(item, placeholders, name, depth + 1)),
  );
}

function readMap(map: Readonly<Record<string, unknown>>, placeholders: Placeholders, name: string): Expression {
  const entries = Object.entries(map);
  if (entries.length === 0) throw new SigmaError(`${name}: it is empty`);
  return joinExpressions(
    'and',
    entries.map(([key, value]) => {
      const values = Array.isArray(value) ? value : [value];
      if (values.length === 0) throw new SigmaError(`${name}: '${key}' has no value`);
      return readItem(
        key,
        values.map((each) => scalarOf(each, key)),
        placeholders,
      );
    }),
  );
}

function scalarOf(value: unknown, key: string): RuleValue {
  if (value === undefined) return null;
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  if (typeof value === 'bigint') return value.toString();
  throw new SigmaError(`'${key}': a value must be text, a number, true, false or null`);
}
