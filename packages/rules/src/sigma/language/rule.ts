import type { FieldTest } from './field-test.ts';

export const SIGMA_LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type SigmaLevel = (typeof SIGMA_LEVELS)[number];

/** Which logs a rule is for, or which log an event is from; what is not told fits all. */
export interface SigmaLogsource {
  readonly product?: string;
  readonly category?: string;
  readonly service?: string;
}

/** What people read of a rule: "Components" of the Sigma rules specification. */
export interface SigmaRuleInfo {
  /** Its `id`, else its `name`, else file and number of the document. Unique among loaded rules. */
  readonly id: string;
  /** Other name by which correlation rules and filters may refer to it. */
  readonly name: string | undefined;
  readonly title: string;
  readonly description: string;
  readonly level: SigmaLevel;
  readonly status: string;
  readonly author: string;
  /** For example `attack.t1059.001`. */
  readonly tags: readonly string[];
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  /** Fields that a person wants to see. */
  readonly fields: readonly string[];
  readonly file: string;
  /** Undefined of correlation rules, which have none. */
  readonly logsource: SigmaLogsource | undefined;
}

/** When a rule matches, as a tree. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly items: readonly Expression[] }
  | { readonly kind: 'not'; readonly item: Expression }
  /** @param field undefined: anywhere in the event */
  | { readonly kind: 'test'; readonly field: string | undefined; readonly test: FieldTest };

/** A rule over single events. */
export interface SigmaRule {
  readonly kind: 'rule';
  readonly info: SigmaRuleInfo;
  readonly logsource: SigmaLogsource;
  readonly expression: Expression;
}

export const CORRELATION_TYPES = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_min',
  'value_max',
  'value_median',
  'value_percentile',
] as const;
export type CorrelationType = (typeof CORRELATION_TYPES)[number];

export type Comparison = 'lt' | 'lte' | 'gt' | 'gte' | 'eq' | 'neq';

export interface Bound {
  readonly comparison: Comparison;
  readonly value: number;
}

/** Which of the rules of a temporal correlation must have matched. */
export type RuleExpression =
  | { readonly kind: 'and' | 'or'; readonly items: readonly RuleExpression[] }
  | { readonly kind: 'not'; readonly item: RuleExpression }
  | { readonly kind: 'rule'; readonly rule: string };

/** A rule over what other rules matched: Sigma correlation rules specification. */
export interface SigmaCorrelationRule {
  readonly kind: 'correlation';
  readonly info: SigmaRuleInfo;
  readonly type: CorrelationType;
  /** Rules by id or name, in order. */
  readonly rules: readonly string[];
  readonly groupBy: readonly string[];
  /** Alias → rule → field. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly timespanMs: number;
  /** All of these must hold. */
  readonly bounds: readonly Bound[];
  readonly expression: RuleExpression | undefined;
  /** Fields whose values are counted or added up. */
  readonly valueFields: readonly string[];
  /** Of `value_percentile`: which one, 0 to 100; undefined where the share of a value among all is meant. */
  readonly percentile: number | undefined;
  /** Whether the rules that it refers to also tell on their own. */
  readonly isGenerating: boolean;
}

/** Takes events out of rules: Sigma filters specification. */
export interface SigmaFilter {
  readonly kind: 'filter';
  readonly info: SigmaRuleInfo;
  readonly logsource: SigmaLogsource;
  /** Rules by id or name; undefined: every rule of its log source. */
  readonly rules: readonly string[] | undefined;
  readonly expression: Expression;
}
