import type { Occurrence } from './group.ts';

/** Of one event, later rules of the list first, so that it is never two steps of an order. */
export function byTime(a: Occurrence, b: Occurrence): number {
  return a.timeMs - b.timeMs || a.event - b.event || b.rule - a.rule;
}

/** @returns how many of the rules of a correlation came in its order, one event after another */
export function longestOrder(occurrences: readonly Occurrence[], rules: number): number {
  const lengths = new Array<number>(rules).fill(0);
  for (const { rule } of [...occurrences].sort(byTime)) {
    const before = lengths.slice(0, rule).reduce((most, each) => Math.max(most, each), 0);
    lengths[rule] = Math.max(lengths[rule] ?? 0, before + 1);
  }
  return lengths.reduce((most, each) => Math.max(most, each), 0);
}
