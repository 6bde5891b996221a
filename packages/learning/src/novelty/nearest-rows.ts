import type { Matrix } from '../data/matrix.ts';

/** Rows to compare with, numbers and categories apart. */
export interface ReferenceRows {
  readonly numbers: Matrix;
  /** Whole numbers; −1 equals nothing. */
  readonly categories: Int16Array;
  readonly categoryColumns: number;
}

/** Squared distance of two different categories: that of two corners of a one-of-many coding. */
const MISMATCH = 2;

/**
 * Distance to the k-th nearest row: a density estimate that asks nothing of the shape of the data (Loftsgaarden and
 * Quesenberry, 1965), and a plain and strong measure of novelty (Ramaswamy, Rastogi and Shim, 2000).
 *
 * @param k 1 for the nearest
 * @returns Euclidean distance; infinity where there are fewer rows
 */
export function distanceToNearest(
  { numbers, categories, categoryColumns }: ReferenceRows,
  row: Float64Array,
  rowCategories: Int16Array,
  k: number,
): number {
  const { rows, columns, data } = numbers;
  const nearest = new Float64Array(k).fill(Number.POSITIVE_INFINITY);
  let limit = Number.POSITIVE_INFINITY;
  for (let other = 0; other < rows; other++) {
    let distance = 0;
    const categoryBase = other * categoryColumns;
    for (let column = 0; column < categoryColumns; column++) {
      const own = rowCategories[column] ?? -1;
      if (own < 0 || own !== categories[categoryBase + column]) distance += MISMATCH;
    }
    const base = other * columns;
    // Stops as soon as the row cannot be among the nearest any more.
    for (let column = 0; column < columns && distance < limit; column++) {
      const apart = (row[column] ?? 0) - (data[base + column] ?? 0);
      distance += apart * apart;
    }
    if (distance < limit) limit = insert(nearest, distance);
  }
  return Math.sqrt(limit);
}

/** Puts a distance in its place. @returns the greatest that is kept */
function insert(nearest: Float64Array, distance: number): number {
  let at = nearest.length - 1;
  while (at > 0 && (nearest[at - 1] ?? 0) > distance) {
    nearest[at] = nearest[at - 1] ?? 0;
    at--;
  }
  nearest[at] = distance;
  return nearest.at(-1) ?? 0;
}
