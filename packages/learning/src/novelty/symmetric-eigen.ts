/**
 * Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations (Golub and Van Loan, Matrix Computations,
 * §8.5): slow for large matrices, exact and short for the few hundred columns of a table.
 *
 * @param matrix size × size values; overwritten
 * @returns the greatest eigenvalue first; vector v is the row v of `vectors`
 */
export function symmetricEigen(matrix: Float64Array, size: number): { values: Float64Array; vectors: Float64Array } {
  const vectors = new Float64Array(size * size);
  for (let at = 0; at < size; at++) vectors[at * size + at] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    if (largestOff(matrix, size) < 1e-11) break;
    for (let p = 0; p < size - 1; p++) for (let q = p + 1; q < size; q++) rotate(matrix, vectors, size, p, q);
  }
  const order = Array.from({ length: size }, (_, index) => index);
  order.sort((a, b) => (matrix[b * size + b] ?? 0) - (matrix[a * size + a] ?? 0));
  const sorted = new Float64Array(size * size);
  for (const [to, from] of order.entries()) sorted.set(vectors.subarray(from * size, (from + 1) * size), to * size);
  return { values: Float64Array.from(order, (index) => matrix[index * size + index] ?? 0), vectors: sorted };
}

function largestOff(matrix: Float64Array, size: number): number {
  let largest = 0;
  for (let p = 0; p < size - 1; p++) {
    for (let q = p + 1; q < size; q++) largest = Math.max(largest, Math.abs(matrix[p * size + q] ?? 0));
  }
  return largest;
}

function rotate(matrix: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const off = matrix[p * size + q] ?? 0;
  if (Math.abs(off) < 1e-14) return;
  const half = ((matrix[q * size + q] ?? 0) - (matrix[p * size + p] ?? 0)) / (2 * off);
  const tangent = (half >= 0 ? 1 : -1) / (Math.abs(half) + Math.sqrt(half * half + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let at = 0; at < size; at++) {
    const a = matrix[at * size + p] ?? 0;
    const b = matrix[at * size + q] ?? 0;
    matrix[at * size + p] = cosine * a - sine * b;
    matrix[at * size + q] = sine * a + cosine * b;
  }
  for (let at = 0; at < size; at++) {
    turn(matrix, p * size + at, q * size + at, cosine, sine);
    turn(vectors, p * size + at, q * size + at, cosine, sine);
  }
}

function turn(values: Float64Array, at: number, other: number, cosine: number, sine: number): void {
  const a = values[at] ?? 0;
  const b = values[other] ?? 0;
  values[at] = cosine * a - sine * b;
  values[other] = sine * a + cosine * b;
}
