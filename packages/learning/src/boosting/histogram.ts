import type { Bins } from './bins.ts';

/** Sums of each bin of each column that a tree may use. */
export interface Histogram {
  /** For every bin: sum of gradients, sum of second derivatives, rows. */
  readonly sums: Float64Array;
  /** Where each column of the tree begins in `sums`, in bins. */
  readonly offsets: Int32Array;
}

export function createHistogram({ counts }: Bins, columns: readonly number[]): Histogram {
  const offsets = new Int32Array(columns.length + 1);
  for (const [index, column] of columns.entries()) {
    offsets[index + 1] = (offsets[index] ?? 0) + (counts[column] ?? 0);
  }
  return { sums: new Float64Array((offsets.at(-1) ?? 0) * 3), offsets };
}

interface Gradients {
  readonly bins: Bins;
  readonly rows: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  readonly columns: readonly number[];
}

/** Adds rows `from` to `to` of `order`. This loop is where training spends its time: plain on purpose. */
export function addToHistogram(
  { sums, offsets }: Histogram,
  { bins, rows, gradient, hessian, columns }: Gradients,
  order: Int32Array,
  from: number,
  to: number,
): void {
  for (let index = 0; index < columns.length; index++) {
    const base = (columns[index] ?? 0) * rows;
    const offset = offsets[index] ?? 0;
    const { codes } = bins;
    for (let at = from; at < to; at++) {
      const row = order[at] ?? 0;
      const bin = (offset + (codes[base + row] ?? 0)) * 3;
      sums[bin] = (sums[bin] ?? 0) + (gradient[row] ?? 0);
      sums[bin + 1] = (sums[bin + 1] ?? 0) + (hessian[row] ?? 0);
      sums[bin + 2] = (sums[bin + 2] ?? 0) + 1;
    }
  }
}

/** What is left of a node when one of its children is taken away. */
export function subtractHistogram(whole: Histogram, part: Histogram): Histogram {
  const sums = new Float64Array(whole.sums.length);
  for (let at = 0; at < sums.length; at++) sums[at] = (whole.sums[at] ?? 0) - (part.sums[at] ?? 0);
  return { sums, offsets: whole.offsets };
}
