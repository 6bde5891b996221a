import type { Network } from './network.ts';
import type { Comparison } from './rule.ts';
import type { SigmaRegex } from './sigma-regex.ts';
import { describePattern, type TextPattern } from './text-pattern.ts';

export const DATE_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type DatePart = (typeof DATE_PARTS)[number];

export type Position = 'equal' | 'contains' | 'start' | 'end';

/** What is asked of the values of one field; true when one of them fits. */
export type FieldTest =
  /** Text of a caseless pattern is in lower case. */
  | { readonly kind: 'text'; readonly pattern: TextPattern; readonly isCased: boolean }
  /** It has no value, or the value null. */
  | { readonly kind: 'null' }
  | { readonly kind: 'exists' }
  | {
      readonly kind: 'compare';
      readonly comparison: Comparison;
      readonly value: number;
      /** Of a date, instead of the value itself. */
      readonly part: DatePart | undefined;
    }
  | { readonly kind: 'regex'; readonly regex: SigmaRegex }
  | { readonly kind: 'network'; readonly network: Network }
  | { readonly kind: 'field'; readonly other: string; readonly position: Position; readonly isCased: boolean };

/** @returns text that is the same for tests that mean the same */
export function testKey(test: FieldTest): string {
  switch (test.kind) {
    case 'text':
      return `text ${test.isCased} ${describePattern(test.pattern)}`;
    case 'null':
    case 'exists':
      return test.kind;
    case 'compare':
      return `compare ${test.part ?? ''} ${test.comparison} ${test.value}`;
    case 'regex':
      return `regex ${test.regex.key}`;
    case 'network':
      return `network ${test.network.text}`;
    case 'field':
      return `field ${test.position} ${test.isCased} ${test.other}`;
  }
}
