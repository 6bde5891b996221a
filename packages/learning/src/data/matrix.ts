/** Rows of numbers, one after the other. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Value of row r and column c at r × columns + c. */
  readonly data: Float64Array;
}

export function createMatrix(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float64Array(rows * columns) };
}

/** @param rows each as long as the first */
export function matrixOf(rows: readonly (readonly number[])[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  const matrix = createMatrix(rows.length, columns);
  for (const [index, row] of rows.entries()) matrix.data.set(row, index * columns);
  return matrix;
}

/** A row as a view: writing to it writes to the matrix. */
export function rowOf({ data, columns }: Matrix, row: number): Float64Array {
  return data.subarray(row * columns, (row + 1) * columns);
}

/** The rows of these indexes, copied, in their order. */
export function selectRows(matrix: Matrix, indexes: ArrayLike<number>): Matrix {
  const selected = createMatrix(indexes.length, matrix.columns);
  for (let to = 0; to < indexes.length; to++) {
    selected.data.set(rowOf(matrix, indexes[to] ?? 0), to * matrix.columns);
  }
  return selected;
}

/** Columns of matrices of as many rows, side by side. */
export function besideEachOther(matrices: readonly Matrix[]): Matrix {
  const rows = matrices[0]?.rows ?? 0;
  const joined = createMatrix(
    rows,
    matrices.reduce((sum, { columns }) => sum + columns, 0),
  );
  let first = 0;
  for (const matrix of matrices) {
    for (let row = 0; row < rows; row++) joined.data.set(rowOf(matrix, row), row * joined.columns + first);
    first += matrix.columns;
  }
  return joined;
}
