import { limitOf, rarityOf, type Tail, tailOf, tailThrough } from '@sphinx/learning';
import type { MeasureId } from '../traffic/measures.ts';
import type { Baseline } from './baseline.ts';

/** What a number is compared with: the device's own past, its kind, the whole site, or hospitals in general. */
export type Basis = 'itself' | 'kind' | 'site' | 'hospitals';

/** What is usual of one measure of one device. */
export interface Norm {
  readonly basis: Basis;
  /** Hours that it was learnt from; 0 for hospitals in general. */
  readonly hours: number;
  /** Half of the hours have no more; undefined where it was not learnt. */
  readonly usual: number | undefined;
  /** One hour in a hundred has more. */
  readonly high: number;
  readonly tail: Tail;
}

/** @param floor least value of which anybody is told: the tail begins at half of it at the earliest */
export function learntNorm(basis: Basis, baseline: Baseline, measure: MeasureId, floor: number): Norm {
  const { hours } = baseline;
  const from = Math.max(1, floor / 2);
  const sketch = baseline.sketchOf(measure);
  // Never anything but nothing: half an hour in all of them, as for anything that was not seen yet.
  if (sketch === undefined)
    return { basis, hours, usual: 0, high: 0, tail: { ...tailThrough(from), share: 0.5 / (hours + 1) } };
  return { basis, hours, usual: sketch.quantile(0.5), high: sketch.quantile(0.99), tail: tailOf(sketch, from) };
}

export function priorNorm(high: number): Norm {
  return { basis: 'hospitals', hours: 0, usual: undefined, high, tail: tailThrough(high) };
}

/** @returns value from which somebody is told */
export function limitOfNorm(norm: Norm, rarity: number, floor: number): number {
  return Math.max(floor, limitOf(norm.tail, rarity));
}

/** @returns share of comparable hours with as much or more */
export function rarityOfNorm(norm: Norm, value: number): number {
  return rarityOf(norm.tail, value);
}
