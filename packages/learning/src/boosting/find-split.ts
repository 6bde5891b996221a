import { CATEGORY_WORDS } from './boosted-trees.ts';
import type { Growth } from './grow-tree.ts';
import type { Histogram } from './histogram.ts';

export interface Split {
  readonly column: number;
  /** Last bin that goes left, for numbers. */
  readonly bin: number;
  /** Categories that go left, as bits; undefined for numbers. */
  readonly categories: Uint32Array | undefined;
  readonly gain: number;
  /** Sums of the left side. */
  readonly gradient: number;
  readonly hessian: number;
}

interface Sums {
  readonly gradient: number;
  readonly hessian: number;
  readonly count: number;
}

/** Rare categories are drawn to the mean of all, so that they do not split by chance (Prokhorenkova and others, 2018). */
const CATEGORY_SMOOTHING = 10;
/** Bins of one row in a category: too few to be sorted by what they say. */
const MINIMUM_CATEGORY_ROWS = 2;

/**
 * The split that gains most: ½ [G²ₗ/(Hₗ+λ) + G²ᵣ/(Hᵣ+λ) − G²/(H+λ)] (Chen and Guestrin, 2016, equation 7).
 *
 * @returns undefined where no split gains
 */
export function findSplit(growth: Growth, histogram: Histogram, whole: Sums): Split | undefined {
  let best: Split | undefined;
  for (const [index, column] of growth.columns.entries()) {
    const first = histogram.offsets[index] ?? 0;
    const count = (histogram.offsets[index + 1] ?? 0) - first;
    const found = growth.isCategory[column]
      ? splitCategories(growth, histogram.sums, first, count, whole, best?.gain ?? MINIMUM_GAIN)
      : splitNumbers(growth, histogram.sums, first, count, whole, best?.gain ?? MINIMUM_GAIN);
    if (found !== undefined) best = { ...found, column };
  }
  return best;
}

const MINIMUM_GAIN = 1e-6;

type Found = Omit<Split, 'column'>;

function splitNumbers(
  growth: Growth,
  sums: Float64Array,
  first: number,
  count: number,
  whole: Sums,
  atLeast: number,
): Found | undefined {
  let gradient = 0;
  let hessian = 0;
  let rows = 0;
  let gain = atLeast;
  let found: Found | undefined;
  for (let bin = 0; bin < count - 1; bin++) {
    const at = (first + bin) * 3;
    gradient += sums[at] ?? 0;
    hessian += sums[at + 1] ?? 0;
    rows += sums[at + 2] ?? 0;
    if ((sums[at + 2] ?? 0) === 0) continue;
    const here = gainOf(growth, gradient, hessian, rows, whole);
    if (here > gain) {
      gain = here;
      found = { bin, categories: undefined, gain, gradient, hessian };
    }
  }
  return found;
}

/** Categories in the order of their mean gradient, then cut like numbers: the best of all groupings (Fisher, 1958). */
function splitCategories(
  growth: Growth,
  sums: Float64Array,
  first: number,
  count: number,
  whole: Sums,
  atLeast: number,
): Found | undefined {
  const order: number[] = [];
  // The last bin holds what is unknown and always goes right.
  for (let bin = 0; bin < count - 1; bin++) {
    if ((sums[(first + bin) * 3 + 2] ?? 0) >= MINIMUM_CATEGORY_ROWS) order.push(bin);
  }
  const meanOf = (bin: number) =>
    (sums[(first + bin) * 3] ?? 0) / ((sums[(first + bin) * 3 + 1] ?? 0) + CATEGORY_SMOOTHING);
  order.sort((a, b) => meanOf(a) - meanOf(b) || a - b);
  let gradient = 0;
  let hessian = 0;
  let rows = 0;
  let gain = atLeast;
  let taken = 0;
  let found: Omit<Found, 'categories'> | undefined;
  for (let index = 0; index < order.length; index++) {
    const at = (first + (order[index] ?? 0)) * 3;
    gradient += sums[at] ?? 0;
    hessian += sums[at + 1] ?? 0;
    rows += sums[at + 2] ?? 0;
    const here = gainOf(growth, gradient, hessian, rows, whole);
    if (here > gain) {
      gain = here;
      taken = index + 1;
      found = { bin: -1, gain, gradient, hessian };
    }
  }
  return found === undefined ? undefined : { ...found, categories: bitsOf(order.slice(0, taken)) };
}

function bitsOf(categories: readonly number[]): Uint32Array {
  const bits = new Uint32Array(CATEGORY_WORDS);
  for (const category of categories) bits[category >>> 5] = (bits[category >>> 5] ?? 0) | (1 << (category & 31));
  return bits;
}

function gainOf({ options }: Growth, gradient: number, hessian: number, rows: number, whole: Sums): number {
  if (rows < options.minimumRows || whole.count - rows < options.minimumRows) return 0;
  const rest = whole.hessian - hessian;
  if (hessian < options.minimumHessian || rest < options.minimumHessian) return 0;
  const right = whole.gradient - gradient;
  const λ = options.regularisation;
  const apart = (gradient * gradient) / (hessian + λ) + (right * right) / (rest + λ);
  return (apart - (whole.gradient * whole.gradient) / (whole.hessian + λ)) / 2;
}
