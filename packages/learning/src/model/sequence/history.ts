import { createMatrix, type Matrix } from '../../data/matrix.ts';

// What the rows before a row tell. Only rows before it and itself are looked at, so that the same can be said of a flow
// at the moment when it ends. At the start of a file there is less history, and windows are shorter.

/** Rows that windows over scores reach back, itself included. */
const SCORE_WINDOWS = [2, 4, 8, 16, 24, 32, 48];
/** Rows that windows over values reach back, itself included. */
const VALUE_WINDOWS = [3, 8, 20];
const RANGE_WINDOWS = [4, 12, 30];
/** Log-odds above which a row counts as remarkable, for three patiences. */
const LEVELS = [-1, 0, 2];
/** Rows after which “long ago” is always the same. */
const LONG_AGO = 200;

/** Largest and mean log-odds and how many were positive, over each window; rows since one was above each level. */
export function scoreHistory(odds: ArrayLike<number>): Matrix {
  const rows = odds.length;
  const history = createMatrix(rows, SCORE_WINDOWS.length * 3 + LEVELS.length + 2);
  const since = new Float64Array(LEVELS.length + 1).fill(-LONG_AGO);
  for (let row = 0; row < rows; row++) {
    let at = row * history.columns;
    for (const window of SCORE_WINDOWS) {
      const { largest, mean, positive } = overWindow(odds, row, window);
      history.data[at++] = largest;
      history.data[at++] = mean;
      history.data[at++] = positive;
    }
    for (const [index, level] of LEVELS.entries()) {
      if ((odds[row] ?? 0) > level) since[index] = row;
      history.data[at++] = Math.min(LONG_AGO, row - (since[index] ?? 0));
    }
    // Two in a row are more than one by chance.
    if (row > 0 && (odds[row] ?? 0) > 0 && (odds[row - 1] ?? 0) > 0) since[LEVELS.length] = row;
    history.data[at++] = Math.min(LONG_AGO, row - (since[LEVELS.length] ?? 0));
    history.data[at] = Math.min(row, LONG_AGO);
  }
  return history;
}

function overWindow(odds: ArrayLike<number>, row: number, window: number) {
  let largest = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let positive = 0;
  const first = Math.max(0, row - window + 1);
  for (let at = first; at <= row; at++) {
    const value = odds[at] ?? 0;
    if (value > largest) largest = value;
    sum += value;
    if (value > 0) positive++;
  }
  return { largest, mean: sum / (row - first + 1), positive };
}

/**
 * For each column: change since the row before, and over each window the mean, the distance to it, the deviation, the
 * greatest and the least.
 *
 * @param columns numeric columns that are followed
 */
export function valueHistory(matrix: Matrix, columns: readonly number[]): Matrix {
  const perColumn = 1 + VALUE_WINDOWS.length * 3 + RANGE_WINDOWS.length * 2;
  const history = createMatrix(matrix.rows, columns.length * perColumn);
  const values = new Float64Array(matrix.rows);
  for (const [index, column] of columns.entries()) {
    for (let row = 0; row < matrix.rows; row++)
      values[row] = signedLog(matrix.data[row * matrix.columns + column] ?? 0);
    for (let row = 0; row < matrix.rows; row++) {
      let at = row * history.columns + index * perColumn;
      const here = values[row] ?? 0;
      history.data[at++] = here - (values[Math.max(0, row - 1)] ?? 0);
      for (const window of VALUE_WINDOWS) {
        const { mean, deviation } = spread(values, Math.max(0, row - window + 1), row);
        history.data[at++] = mean;
        history.data[at++] = here - mean;
        history.data[at++] = deviation;
      }
      for (const window of RANGE_WINDOWS) {
        const range = values.subarray(Math.max(0, row - window + 1), row + 1);
        history.data[at++] = greatest(range);
        history.data[at++] = least(range);
      }
    }
  }
  return history;
}

function spread(values: Float64Array, first: number, last: number): { mean: number; deviation: number } {
  const count = last - first + 1;
  let sum = 0;
  for (let at = first; at <= last; at++) sum += values[at] ?? 0;
  const mean = sum / count;
  let squares = 0;
  for (let at = first; at <= last; at++) squares += ((values[at] ?? 0) - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / count) };
}

function greatest(values: Float64Array): number {
  let found = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > found) found = value;
  return found;
}

function least(values: Float64Array): number {
  let found = Number.POSITIVE_INFINITY;
  for (const value of values) if (value < found) found = value;
  return found;
}

function signedLog(value: number): number {
  return value < 0 ? -Math.log1p(-value) : Math.log1p(value);
}
