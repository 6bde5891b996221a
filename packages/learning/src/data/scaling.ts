import { type Curve, thinCurve, valueOnCurve } from '../calibration/isotonic.ts';
import { createMatrix, type Matrix, rowOf } from './matrix.ts';
import type { Feature } from './table.ts';

/**
 * Turns rows of any units into numbers of one size, as normal rows have them: `log` by logarithms, `rank` by the place
 * among normal values (so that only order counts). Categories become one column each, the unknown one included.
 */
export interface Scaling {
  readonly kind: 'log' | 'rank';
  /** Columns of the row that are numbers, and those that are categories with how many there are. */
  readonly numbers: readonly number[];
  readonly categories: readonly { readonly column: number; readonly count: number }[];
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  /** For `rank`: share of normal values up to a value. */
  readonly ranks: readonly Curve[];
}

/** Values further out than so many deviations stay there: one wild value must not drown the others. */
const LIMIT = 10;
const RANK_POINTS = 300;
/** Share that stands for what no normal row had. */
const OUTSIDE = 1e-7;

/** @param normal rows that tell what is usual @param vocabularySizes categories of each column */
export function fitScaling(
  kind: Scaling['kind'],
  normal: Matrix,
  features: readonly Feature[],
  vocabularySizes: readonly number[],
): Scaling {
  const numbers = features.flatMap((feature, index) => (feature.kind === 'number' ? [index] : []));
  const categories = features.flatMap((feature, column) =>
    feature.kind === 'category' ? [{ column, count: vocabularySizes[column] ?? 0 }] : [],
  );
  const ranks = kind === 'log' ? [] : numbers.map((column) => ranksOf(normal, column));
  const mean = new Float64Array(numbers.length);
  const deviation = new Float64Array(numbers.length);
  for (const [at, column] of numbers.entries()) {
    let sum = 0;
    let squares = 0;
    for (let row = 0; row < normal.rows; row++) {
      const value = transform(kind, ranks[at], normal.data[row * normal.columns + column] ?? 0);
      sum += value;
      squares += value * value;
    }
    mean[at] = sum / normal.rows;
    const variance = squares / normal.rows - (sum / normal.rows) ** 2;
    // A column that never changes keeps its own unit: any other value is far out.
    deviation[at] = variance < 1e-12 ? 1 : Math.sqrt(variance);
  }
  return { kind, numbers, categories, mean, deviation, ranks };
}

/** Columns of a scaled row. */
export function scaledWidth({ numbers, categories }: Scaling): number {
  return numbers.length + categories.reduce((sum, { count }) => sum + count + 1, 0);
}

/** Scales a row: first the numbers, then a one for each category. */
export function scaleRow(scaling: Scaling, row: Float64Array, into: Float64Array): void {
  scaleNumbers(scaling, row, into);
  let at = scaling.numbers.length;
  into.fill(0, at);
  for (const { column, count } of scaling.categories) {
    const category = row[column] ?? -1;
    into[at + (category >= 0 && category < count ? category : count)] = 1;
    at += count + 1;
  }
}

/** Scales the numbers alone. */
export function scaleNumbers(
  { kind, numbers, mean, deviation, ranks }: Scaling,
  row: Float64Array,
  into: Float64Array,
): void {
  for (let at = 0; at < numbers.length; at++) {
    const value = transform(kind, ranks[at], row[numbers[at] ?? 0] ?? 0);
    const scaled = (value - (mean[at] ?? 0)) / (deviation[at] ?? 1);
    into[at] = Math.min(LIMIT, Math.max(-LIMIT, scaled));
  }
}

export function scaleMatrix(scaling: Scaling, matrix: Matrix): Matrix {
  const scaled = createMatrix(matrix.rows, scaledWidth(scaling));
  for (let row = 0; row < matrix.rows; row++) scaleRow(scaling, rowOf(matrix, row), rowOf(scaled, row));
  return scaled;
}

function transform(kind: Scaling['kind'], ranks: Curve | undefined, value: number): number {
  if (kind === 'log' || ranks === undefined) return value < 0 ? -Math.log1p(-value) : Math.log1p(value);
  const first = ranks.x[0] ?? 0;
  const last = ranks.x.at(-1) ?? 0;
  if (value < first) return normalQuantile(OUTSIDE);
  if (value > last) return normalQuantile(1 - OUTSIDE);
  return normalQuantile(valueOnCurve(ranks, value));
}

/** Of each value the share of rows below it and half of those that have it. */
function ranksOf(matrix: Matrix, column: number): Curve {
  const values = Float64Array.from(
    { length: matrix.rows },
    (_, row) => matrix.data[row * matrix.columns + column] ?? 0,
  );
  values.sort();
  const x: number[] = [];
  const y: number[] = [];
  for (let from = 0; from < values.length; ) {
    let to = from;
    while (to < values.length && values[to] === values[from]) to++;
    x.push(values[from] ?? 0);
    y.push((from + to) / 2 / values.length);
    from = to;
  }
  return thinCurve({ x, y }, RANK_POINTS);
}

/**
 * Value below which a share of the normal distribution lies: Acklam's rational approximation (2003), relative error
 * below 1.2e-9.
 *
 * @param share between 0 and 1, both excluded
 */
export function normalQuantile(share: number): number {
  if (share < 0.02425) return tailQuantile(Math.sqrt(-2 * Math.log(share)));
  if (share > 1 - 0.02425) return -tailQuantile(Math.sqrt(-2 * Math.log(1 - share)));
  const q = share - 0.5;
  const r = q * q;
  const above =
    ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
    2.506628277459239;
  const below =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
    1;
  return (above * q) / below;
}

function tailQuantile(q: number): number {
  const above =
    ((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
      4.374664141464968) *
      q +
    2.938163982698783;
  const below =
    (((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1;
  return above / below;
}
