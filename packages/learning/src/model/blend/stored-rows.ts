import { createMatrix, type Matrix } from '../../data/matrix.ts';

/** Different rows of a table, column by column: the values of each column once, and for each row which of them. */
export interface StoredRows {
  readonly rows: number;
  readonly values: readonly Float64Array[];
  readonly codes: readonly Uint16Array[];
}

/** Values of a column that are told apart; more are joined with their neighbours. */
const MAXIMUM_VALUES = 65_535;

export function storeRows(matrix: Matrix): StoredRows {
  const kept = distinctRows(matrix);
  const values: Float64Array[] = [];
  const codes: Uint16Array[] = [];
  for (let column = 0; column < matrix.columns; column++) {
    const own = Float64Array.from(kept, (row) => matrix.data[row * matrix.columns + column] ?? 0);
    const different = Float64Array.from(new Set(own)).sort().slice(0, MAXIMUM_VALUES);
    const codeOf = new Map(Array.from(different, (value, code) => [value, code]));
    values.push(different);
    codes.push(Uint16Array.from(own, (value) => codeOf.get(value) ?? different.length - 1));
  }
  return { rows: kept.length, values, codes };
}

/** In the order of their values, so that like rows lie together and the file packs well. */
function distinctRows({ rows, columns, data }: Matrix): number[] {
  const order = Array.from({ length: rows }, (_, row) => row);
  const compare = (a: number, b: number) => {
    for (let column = 0; column < columns; column++) {
      const apart = (data[a * columns + column] ?? 0) - (data[b * columns + column] ?? 0);
      if (apart !== 0) return apart;
    }
    return 0;
  };
  order.sort(compare);
  return order.filter((row, at) => at === 0 || compare(row, order[at - 1] ?? 0) !== 0);
}

export function restoreRows({ rows, values, codes }: StoredRows): Matrix {
  const matrix = createMatrix(rows, values.length);
  for (const [column, own] of codes.entries()) {
    for (let row = 0; row < rows; row++) {
      matrix.data[row * values.length + column] = values[column]?.[own[row] ?? 0] ?? 0;
    }
  }
  return matrix;
}
