import { parseCondition } from './condition.ts';
import { isMap } from './detection.ts';
import {
  type Bound,
  CORRELATION_TYPES,
  type Comparison,
  type CorrelationType,
  type RuleExpression,
  type SigmaCorrelationRule,
  type SigmaRuleInfo,
} from './rule.ts';
import { SigmaError } from './sigma-error.ts';

/* "Correlation section" of the Sigma correlation rules specification. */

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const COMPARISONS: readonly Comparison[] = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'];

/** @param content the whole document. @throws SigmaError with what is wrong */
export function readCorrelation(info: SigmaRuleInfo, content: Readonly<Record<string, unknown>>): SigmaCorrelationRule {
  const { correlation } = content;
  if (!isMap(correlation)) throw new SigmaError('correlation: it is no map');
  const type = CORRELATION_TYPES.find((each) => each === correlation.type);
  if (type === undefined) throw new SigmaError(`correlation: type '${String(correlation.type)}' is unknown`);
  const rules = textList(correlation.rules, 'rules');
  if (rules.length === 0) throw new SigmaError("correlation: 'rules' names no rule");
  const { bounds, expression, valueFields, percentile } = readCondition(correlation, type, rules);
  const generate = correlation.generate ?? content.generate;
  return {
    kind: 'correlation',
    info,
    type,
    rules,
    groupBy: textList(correlation['group-by'] ?? [], 'group-by'),
    aliases: readAliases(correlation.aliases),
    timespanMs: readTimespan(correlation.timespan ?? correlation.timeframe),
    bounds,
    expression,
    valueFields,
    percentile,
    isGenerating: generate === true,
  };
}

function isTemporal(type: CorrelationType): boolean {
  return type === 'temporal' || type === 'temporal_ordered';
}

interface ReadCondition {
  readonly bounds: readonly Bound[];
  readonly expression: RuleExpression | undefined;
  readonly valueFields: readonly string[];
  readonly percentile: number | undefined;
}

function readCondition(
  correlation: Readonly<Record<string, unknown>>,
  type: CorrelationType,
  rules: readonly string[],
): ReadCondition {
  const { condition } = correlation;
  const nothing = { bounds: [], expression: undefined, valueFields: [], percentile: undefined };
  if (isTemporal(type)) {
    if (condition === undefined || condition === null) return nothing;
    if (typeof condition === 'string') return { ...nothing, expression: readRuleExpression(condition, rules) };
  }
  if (!isMap(condition)) throw new SigmaError('correlation: it needs a condition');
  const { field, percentile, ...criteria } = condition;
  const bounds = Object.entries(criteria).map(([name, value]): Bound => {
    const comparison = COMPARISONS.find((each) => each === name);
    if (comparison === undefined) throw new SigmaError(`correlation: condition '${name}' is unknown`);
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new SigmaError(`correlation: condition '${name}' needs a number`);
    }
    return { comparison, value };
  });
  if (bounds.length === 0) throw new SigmaError('correlation: its condition compares with nothing');
  return {
    bounds,
    expression: undefined,
    valueFields: readValueFields(field ?? correlation.field, type),
    percentile: readPercentile(percentile, type),
  };
}

function readValueFields(field: unknown, type: CorrelationType): readonly string[] {
  if (!type.startsWith('value_')) return [];
  const fields = textList(field ?? [], 'field');
  if (fields.length === 0) throw new SigmaError(`correlation: ${type} needs a 'field' in its condition`);
  if (fields.length > 1 && type !== 'value_count') throw new SigmaError(`correlation: ${type} takes one field`);
  return fields;
}

function readPercentile(percentile: unknown, type: CorrelationType): number | undefined {
  if (percentile === undefined || percentile === null) return undefined;
  if (type !== 'value_percentile' || typeof percentile !== 'number' || percentile < 0 || percentile > 100) {
    throw new SigmaError("correlation: 'percentile' is a number from 0 to 100 of value_percentile");
  }
  return percentile;
}

/** Names are made ids, and looked for among `rules`, when all rules are known (`rule-names.ts`). */
function readRuleExpression(text: string, rules: readonly string[]): RuleExpression {
  const join = (kind: 'and' | 'or', items: readonly RuleExpression[]): RuleExpression => ({ kind, items });
  return parseCondition<RuleExpression>(text, {
    join,
    negate: (item) => ({ kind: 'not', item }),
    named: (rule) => ({ kind: 'rule', rule }),
    quantified(kind, pattern) {
      if (pattern !== undefined) throw new SigmaError('correlation: its condition may only say `of them`');
      return join(
        kind,
        rules.map((rule) => ({ kind: 'rule', rule })),
      );
    },
  });
}

function readTimespan(value: unknown): number {
  const match = /^(\d{1,9})([smhd])$/.exec(String(value ?? '').trim());
  const unit = UNIT_MS[match?.[2] ?? ''];
  const number = Number(match?.[1] ?? 0);
  if (unit === undefined || number === 0) {
    throw new SigmaError(`correlation: timespan '${String(value ?? '')}' is no number with s, m, h or d`);
  }
  return number * unit;
}

function readAliases(value: unknown): ReadonlyMap<string, ReadonlyMap<string, string>> {
  if (value === undefined || value === null) return new Map();
  if (!isMap(value)) throw new SigmaError("correlation: 'aliases' is no map");
  return new Map(
    Object.entries(value).map(([alias, fields]) => {
      if (!isMap(fields)) throw new SigmaError(`correlation: alias '${alias}' is no map`);
      const entries = Object.entries(fields).map(([rule, field]): [string, string] => {
        if (typeof field !== 'string') throw new SigmaError(`correlation: alias '${alias}' names no field`);
        return [rule, field];
      });
      return [alias, new Map(entries)];
    }),
  );
}

function textList(value: unknown, name: string): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  if (!list.every((each) => typeof each === 'string' && each !== '')) {
    throw new SigmaError(`correlation: '${name}' must list text`);
  }
  return list as string[];
}
