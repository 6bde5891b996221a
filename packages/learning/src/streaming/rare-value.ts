import type { QuantileSketch } from './quantile-sketch.ts';

/** How values behave beyond the highest that are common: a share `share` is above `from`, and thins out by a power. */
export interface Tail {
  readonly from: number;
  readonly share: number;
  /** Index ξ of the tail: 0.1 falls off fast, 1 slowly. */
  readonly index: number;
}

/** Share of all values that the tail is made of. */
const TAIL_SHARE = 0.05;
/** Below it a tail is thinner than any that counts and bytes have; above it no mean exists. */
const LEAST_INDEX = 0.12;
const GREATEST_INDEX = 1;
/** Index that is taken before the data has much to say, and how many exceedances it weighs. */
const PRIOR_INDEX = 0.3;
const PRIOR_EXCEEDANCES = 5;

/**
 * Tail of what a sketch holds, by the estimator of Hill ("A simple general approach to inference about the tail of a
 * distribution", 1975): the mean logarithm of exceedance. Bins of the sketch are logarithmic, so that it can be read off them.
 *
 * @param floor least value from which a tail can begin
 */
export function tailOf(sketch: QuantileSketch, floor = 1): Tail {
  const from = Math.max(floor, sketch.quantile(1 - TAIL_SHARE));
  let weight = 0;
  let logs = 0;
  sketch.forEachAbove(from, (value, each) => {
    weight += each;
    logs += each * Math.log(value / from);
  });
  const index = (logs + PRIOR_INDEX * PRIOR_EXCEEDANCES) / (weight + PRIOR_EXCEEDANCES);
  // Half an exceedance more than was seen: never seen does not mean impossible (Krichevsky and Trofimov).
  const share = (weight + 0.5) / (sketch.weight + 1);
  return { from, share, index: Math.min(GREATEST_INDEX, Math.max(LEAST_INDEX, index)) };
}

/** Tail through two points: one value that is usual, and one that one in a hundred exceeds. */
export function tailThrough(high: number, index = PRIOR_INDEX): Tail {
  return { from: Math.max(high, 1), share: 0.01, index };
}

/** @returns share of values that are as high or higher; 1 below the tail where nothing more exact is known */
export function rarityOf({ from, share, index }: Tail, value: number): number {
  if (value <= from) return Math.min(1, Math.max(share, 0));
  return share * (value / from) ** (-1 / index);
}

/** @returns value that only a share `rarity` of all exceeds */
export function limitOf({ from, share, index }: Tail, rarity: number): number {
  if (rarity >= share) return from;
  return from * (share / rarity) ** index;
}
