import { datePartOf } from '../language/date-part.ts';
import type { FieldTest } from '../language/field-test.ts';
import { isInNetwork } from '../language/network.ts';
import type { Comparison } from '../language/rule.ts';
import { matchesPattern } from '../language/text-pattern.ts';

/** Values of a field: as written, and in lower case. */
export interface FieldValues {
  readonly count: number;
  /** Undefined for null. */
  text(index: number): string | undefined;
  lower(index: number): string;
}

/** @returns whether one of the values of a field passes. @param other values of the field that the test refers to */
export function testValues(test: FieldTest, values: FieldValues, other: FieldValues | undefined): boolean {
  if (test.kind === 'exists') return values.count > 0;
  if (test.kind === 'null') return !anyText(values, () => true);
  return anyText(values, (text, index) => passes(test, text, () => values.lower(index), other));
}

function anyText(values: FieldValues, passesOne: (text: string, index: number) => boolean): boolean {
  for (let index = 0; index < values.count; index++) {
    const text = values.text(index);
    if (text !== undefined && passesOne(text, index)) return true;
  }
  return false;
}

function passes(
  test: Exclude<FieldTest, { kind: 'exists' | 'null' }>,
  text: string,
  lower: () => string,
  other: FieldValues | undefined,
): boolean {
  switch (test.kind) {
    case 'text':
      return matchesPattern(test.pattern, test.isCased ? text : lower());
    case 'regex':
      return test.regex.test(text);
    case 'network':
      return isInNetwork(test.network, text);
    case 'compare': {
      const number = test.part === undefined ? numberOf(text) : datePartOf(text, test.part);
      return number !== undefined && compare(number, test.comparison, test.value);
    }
    case 'field':
      return other !== undefined && fieldPasses(test, text, other);
  }
}

function fieldPasses(test: Extract<FieldTest, { kind: 'field' }>, text: string, other: FieldValues): boolean {
  const own = test.isCased ? text : text.toLowerCase();
  return anyText(other, (each, index) => {
    const wanted = test.isCased ? each : other.lower(index);
    switch (test.position) {
      case 'equal':
        return own === wanted;
      case 'contains':
        return own.includes(wanted);
      case 'start':
        return own.startsWith(wanted);
      case 'end':
        return own.endsWith(wanted);
    }
  });
}

function numberOf(text: string): number | undefined {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(number) ? undefined : number;
}

export function compare(left: number, comparison: Comparison, right: number): boolean {
  switch (comparison) {
    case 'lt':
      return left < right;
    case 'lte':
      return left <= right;
    case 'gt':
      return left > right;
    case 'gte':
      return left >= right;
    case 'eq':
      return left === right;
    case 'neq':
      return left !== right;
  }
}
