import type { Matrix } from '../data/matrix.ts';
import { MAXIMUM_CATEGORIES } from './boosted-trees.ts';

/** Most bins of a column: numbers of bins fit a byte. */
const MAXIMUM_BINS = 255;

/** Columns cut into few steps, so that a split is found by adding up a histogram (Ke and others, LightGBM, 2017). */
export interface Bins {
  /** Bin of each row, column after column: rows of column c begin at c × rows. */
  readonly codes: Uint8Array;
  /** Bins of each column. */
  readonly counts: readonly number[];
  /** Upper bound of each bin of a numeric column; empty for categories. */
  readonly bounds: readonly Float64Array[];
}

/**
 * @param isCategory for each column, whether its values are categories (whole numbers from 0; −1 is unknown)
 */
export function binColumns(matrix: Matrix, isCategory: readonly boolean[]): Bins {
  const { rows, columns, data } = matrix;
  const codes = new Uint8Array(rows * columns);
  const counts: number[] = [];
  const bounds: Float64Array[] = [];
  const values = new Float64Array(rows);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) values[row] = data[row * columns + column] ?? 0;
    const into = codes.subarray(column * rows, (column + 1) * rows);
    if (isCategory[column]) {
      bounds.push(new Float64Array(0));
      counts.push(binCategories(values, into));
    } else {
      const cuts = cutsOf(values);
      bounds.push(cuts);
      counts.push(cuts.length);
      for (let row = 0; row < rows; row++) into[row] = binOf(cuts, values[row] ?? 0);
    }
  }
  return { codes, counts, bounds };
}

/** Categories keep their number; unknown ones and those beyond the limit share the last bin, which never goes left. */
function binCategories(values: Float64Array, into: Uint8Array): number {
  let largest = -1;
  for (const value of values) if (value > largest && value < MAXIMUM_CATEGORIES - 2) largest = value;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? -1;
    into[row] = value >= 0 && value <= largest ? value : largest + 1;
  }
  return largest + 2;
}

/** Upper bounds of the bins: half-way between neighbouring values, by quantiles when there are many values. */
function cutsOf(values: Float64Array): Float64Array {
  const sorted = Float64Array.from(values).sort();
  const distinct: number[] = [];
  for (const value of sorted) if (!Number.isNaN(value) && value !== distinct.at(-1)) distinct.push(value);
  if (distinct.length <= MAXIMUM_BINS) return boundsBetween(distinct);
  const chosen: number[] = [];
  for (let bin = 1; bin <= MAXIMUM_BINS; bin++) {
    const value = sorted[Math.floor((bin * (sorted.length - 1)) / MAXIMUM_BINS)] ?? 0;
    if (value !== chosen.at(-1)) chosen.push(value);
  }
  return boundsBetween(chosen);
}

function boundsBetween(values: readonly number[]): Float64Array {
  return Float64Array.from(values, (value, index) => {
    const next = values[index + 1];
    return next === undefined ? Number.POSITIVE_INFINITY : value + (next - value) / 2;
  });
}

/** First bin whose bound is not below the value; NaN goes to the first. */
function binOf(bounds: Float64Array, value: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value > (bounds[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
