import type { Matrix } from '../data/matrix.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

export interface PrincipalComponents {
  readonly mean: Float64Array;
  /** Component after component, each as long as the mean. */
  readonly components: Float64Array;
  readonly count: number;
}

/**
 * Directions along which rows differ most (Pearson, 1901; Hotelling, 1933).
 *
 * @param count components that are kept, at most the columns
 */
export function fitPrincipalComponents(matrix: Matrix, count: number): PrincipalComponents {
  const { rows, columns, data } = matrix;
  const mean = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      mean[column] = (mean[column] ?? 0) + (data[row * columns + column] ?? 0) / rows;
    }
  }
  const { vectors } = symmetricEigen(covariance(matrix, mean), columns);
  const kept = Math.min(count, columns);
  return { mean, components: vectors.slice(0, kept * columns), count: kept };
}

function covariance({ rows, columns, data }: Matrix, mean: Float64Array): Float64Array {
  const sums = new Float64Array(columns * columns);
  const centred = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      centred[column] = (data[row * columns + column] ?? 0) - (mean[column] ?? 0);
    }
    for (let a = 0; a < columns; a++) {
      const value = (centred[a] ?? 0) / Math.max(1, rows - 1);
      if (value === 0) continue;
      for (let b = a; b < columns; b++)
        sums[a * columns + b] = (sums[a * columns + b] ?? 0) + value * (centred[b] ?? 0);
    }
  }
  for (let a = 0; a < columns; a++) for (let b = 0; b < a; b++) sums[a * columns + b] = sums[b * columns + a] ?? 0;
  return sums;
}

/**
 * Squared distance of a row to the plane of the components: what normal rows do not explain (the Q statistic of
 * Jackson and Mudholkar, 1979).
 */
export function reconstructionError(model: PrincipalComponents, row: Float64Array): number {
  const { mean, components, count } = model;
  let total = 0;
  for (let column = 0; column < mean.length; column++) {
    const centred = (row[column] ?? 0) - (mean[column] ?? 0);
    total += centred * centred;
  }
  // Components stand at right angles, so what they explain can be taken away (Pythagoras).
  for (let component = 0; component < count; component++) {
    const base = component * mean.length;
    let along = 0;
    for (let column = 0; column < mean.length; column++) {
      along += ((row[column] ?? 0) - (mean[column] ?? 0)) * (components[base + column] ?? 0);
    }
    total -= along * along;
  }
  return Math.max(0, total);
}
