import type { SigmaCorrelationRule } from '../language/rule.ts';
import type { Occurrence } from './group.ts';
import { longestOrder } from './order.ts';

/** @returns the number that the bounds of a correlation are compared with; undefined where no event has one */
export function aggregate(rule: SigmaCorrelationRule, occurrences: readonly Occurrence[]): number | undefined {
  switch (rule.type) {
    case 'event_count':
      return occurrences.length;
    case 'temporal':
      return new Set(occurrences.map((each) => each.rule)).size;
    case 'temporal_ordered':
      return longestOrder(occurrences, rule.rules.length);
    case 'value_count':
      return new Set(occurrences.flatMap(({ value }) => (value === undefined ? [] : [value.toLowerCase()]))).size;
    case 'value_percentile':
      return rule.percentile === undefined
        ? shareOfLast(occurrences)
        : percentileOf(numbersOf(occurrences), rule.percentile);
    default:
      return ofNumbers(rule.type, numbersOf(occurrences));
  }
}

function ofNumbers(
  type: 'value_sum' | 'value_avg' | 'value_min' | 'value_max' | 'value_median',
  numbers: readonly number[],
) {
  if (numbers.length === 0) return undefined;
  const sum = numbers.reduce((total, each) => total + each, 0);
  switch (type) {
    case 'value_sum':
      return sum;
    case 'value_avg':
      return sum / numbers.length;
    case 'value_min':
      return numbers.reduce((least, each) => Math.min(least, each));
    case 'value_max':
      return numbers.reduce((most, each) => Math.max(most, each));
    case 'value_median':
      return percentileOf(numbers, 50);
  }
}

function numbersOf(occurrences: readonly Occurrence[]): readonly number[] {
  return occurrences.flatMap(({ value }) => {
    const number = value === undefined || value.trim() === '' ? Number.NaN : Number(value);
    return Number.isFinite(number) ? [number] : [];
  });
}

/** Between the two values nearest to it, in proportion. */
function percentileOf(numbers: readonly number[], percentile: number): number | undefined {
  if (numbers.length === 0) return undefined;
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = ((sorted.length - 1) * percentile) / 100;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

/** How often the latest value is among all, in per cent: how rare it is. */
function shareOfLast(occurrences: readonly Occurrence[]): number | undefined {
  const last = occurrences.at(-1)?.value?.toLowerCase();
  if (last === undefined) return undefined;
  const all = occurrences.filter(({ value }) => value !== undefined);
  const same = all.filter(({ value }) => value?.toLowerCase() === last);
  return (same.length * 100) / all.length;
}
