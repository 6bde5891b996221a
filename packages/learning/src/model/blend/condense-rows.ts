import { createMatrix, type Matrix, rowOf, selectRows } from '../../data/matrix.ts';
import type { Feature } from '../../data/table.ts';

/** Rows that share one representative. */
const GROUP = 3;

/**
 * Puts neighbours in the place of rows: each result stands for two or three different rows of the same categories, and
 * is their mean (of logarithms), so that a model file holds no row of its data (microaggregation; Domingo-Ferrer and
 * Mateo-Sanz, 2002). A row without a neighbour of its categories is left out.
 */
export function condenseRows(matrix: Matrix, features: readonly Feature[]): Matrix {
  const columns = features.map((_, column) => column);
  const isCategory = (column: number) => features[column]?.kind === 'category';
  const numbers = columns.filter((column) => !isCategory(column));
  const scaled = logarithms(matrix, numbers);
  const groups = groupsOf(matrix, columns.filter(isCategory), scaled).flatMap((rows) => neighbours(scaled, rows));
  const condensed = createMatrix(groups.length, matrix.columns);
  for (const [to, rows] of groups.entries()) {
    const into = rowOf(condensed, to);
    into.set(rowOf(matrix, rows[0] ?? 0));
    for (const [at, column] of numbers.entries()) {
      const mean = rows.reduce((sum, row) => sum + (scaled.data[row * scaled.columns + at] ?? 0), 0) / rows.length;
      into[column] = mean < 0 ? -Math.expm1(-mean) : Math.expm1(mean);
    }
  }
  return condensed;
}

function logarithms(matrix: Matrix, columns: readonly number[]): Matrix {
  const scaled = createMatrix(matrix.rows, columns.length);
  for (let row = 0; row < matrix.rows; row++) {
    for (const [at, column] of columns.entries()) {
      const value = matrix.data[row * matrix.columns + column] ?? 0;
      scaled.data[row * columns.length + at] = value < 0 ? -Math.log1p(-value) : Math.log1p(value);
    }
  }
  return scaled;
}

/** Different rows, together with those of the same categories. */
function groupsOf(matrix: Matrix, categories: readonly number[], scaled: Matrix): number[][] {
  const groups = new Map<string, Map<string, number>>();
  for (let row = 0; row < matrix.rows; row++) {
    const key = categories.map((column) => matrix.data[row * matrix.columns + column]).join();
    const group = groups.get(key) ?? new Map<string, number>();
    groups.set(key, group);
    const values = rowOf(scaled, row).join();
    if (!group.has(values)) group.set(values, row);
  }
  return Array.from(groups.values(), (group) => Array.from(group.values()));
}

/** Takes rows in their order, each with the nearest that are left. */
function neighbours(scaled: Matrix, rows: readonly number[]): number[][] {
  const left = rows.slice();
  const own = selectRows(scaled, rows);
  const placeOf = new Map(rows.map((row, place) => [row, place]));
  const groups: number[][] = [];
  while (left.length >= 2) {
    const group = [left.pop() ?? 0];
    while (group.length < GROUP && left.length > 0) {
      const at = nearestAt(own, placeOf.get(group[0] ?? 0) ?? 0, left, placeOf);
      group.push(left[at] ?? 0);
      left[at] = left.at(-1) ?? 0;
      left.pop();
    }
    groups.push(group);
  }
  const [alone] = left;
  if (alone !== undefined) groups.at(-1)?.push(alone);
  return groups;
}

function nearestAt(own: Matrix, from: number, left: readonly number[], placeOf: ReadonlyMap<number, number>): number {
  const { columns, data } = own;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [at, row] of left.entries()) {
    const place = placeOf.get(row) ?? 0;
    let distance = 0;
    for (let column = 0; column < columns && distance < least; column++) {
      const apart = (data[from * columns + column] ?? 0) - (data[place * columns + column] ?? 0);
      distance += apart * apart;
    }
    if (distance < least) {
      least = distance;
      best = at;
    }
  }
  return best;
}
