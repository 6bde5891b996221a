import type { Matrix } from '../data/matrix.ts';
import { type Random, seededRandom } from '../random/random.ts';

/** Trees that cut at random; a row that is soon alone is unlike the others. Nodes in a row, like boosted trees. */
export interface IsolationForest {
  /** Rows that each tree was grown from. */
  readonly sampleRows: number;
  readonly roots: Int32Array;
  /** Column that is cut; −1 in a leaf. */
  readonly feature: Int16Array;
  /** Values below it go left. In a leaf: expected length of the path beyond it. */
  readonly value: Float64Array;
  readonly left: Int32Array;
}

export interface IsolationOptions {
  readonly trees?: number;
  readonly sampleRows?: number;
  readonly seed?: number;
}

/**
 * Liu, Ting and Zhou, "Isolation Forest" (2008): each tree from a small sample without replacement, cut at a random
 * value of a random column down to the depth log₂ of the sample.
 */
export function trainIsolationForest(matrix: Matrix, options: IsolationOptions = {}): IsolationForest {
  const random = seededRandom(options.seed ?? 1);
  const sampleRows = Math.min(options.sampleRows ?? 256, matrix.rows);
  const maximumDepth = Math.ceil(Math.log2(Math.max(2, sampleRows)));
  const nodes: Nodes = { feature: [], value: [], left: [] };
  const roots: number[] = [];
  const pool = Int32Array.from({ length: matrix.rows }, (_, row) => row);
  for (let tree = 0; tree < (options.trees ?? 200); tree++) {
    const rows = drawFrom(pool, sampleRows, random);
    const root = addNode(nodes);
    roots.push(root);
    grow(matrix, nodes, root, rows, maximumDepth, random);
  }
  return {
    sampleRows,
    roots: Int32Array.from(roots),
    feature: Int16Array.from(nodes.feature),
    value: Float64Array.from(nodes.value),
    left: Int32Array.from(nodes.left),
  };
}

/** @returns 2^(−mean path length / expected path length): near 1 is unlike the rest, 0.5 and below is usual */
export function isolationScore(
  { roots, feature, value, left, sampleRows }: IsolationForest,
  row: Float64Array,
): number {
  let total = 0;
  for (let tree = 0; tree < roots.length; tree++) {
    let node = roots[tree] ?? 0;
    let depth = 0;
    for (let column = feature[node] ?? -1; column >= 0; column = feature[node] ?? -1) {
      node = (left[node] ?? 0) + ((row[column] ?? 0) < (value[node] ?? 0) ? 0 : 1);
      depth++;
    }
    total += depth + (value[node] ?? 0);
  }
  return 2 ** (-total / roots.length / Math.max(expectedPath(sampleRows), 1e-9));
}

/** Mean length of an unsuccessful search in a binary tree of so many rows: equation 1 of the paper. */
export function expectedPath(rows: number): number {
  if (rows <= 1) return 0;
  if (rows === 2) return 1;
  const harmonic = Math.log(rows - 1) + 0.5772156649;
  return 2 * harmonic - (2 * (rows - 1)) / rows;
}

interface Nodes {
  readonly feature: number[];
  readonly value: number[];
  readonly left: number[];
}

function addNode({ feature, value, left }: Nodes): number {
  feature.push(-1);
  value.push(0);
  left.push(-1);
  return feature.length - 1;
}

function drawFrom(pool: Int32Array, count: number, random: Random): Int32Array {
  for (let at = 0; at < count; at++) {
    const other = at + random.below(pool.length - at);
    const kept = pool[at] ?? 0;
    pool[at] = pool[other] ?? 0;
    pool[other] = kept;
  }
  return pool.slice(0, count);
}

function grow(matrix: Matrix, nodes: Nodes, node: number, rows: Int32Array, depth: number, random: Random): void {
  const cut = depth <= 0 || rows.length <= 1 ? undefined : chooseCut(matrix, rows, random);
  if (cut === undefined) {
    nodes.value[node] = expectedPath(rows.length);
    return;
  }
  const child = addNode(nodes);
  addNode(nodes);
  nodes.feature[node] = cut.column;
  nodes.value[node] = cut.value;
  nodes.left[node] = child;
  const isLeft = (row: number) => (matrix.data[row * matrix.columns + cut.column] ?? 0) < cut.value;
  grow(matrix, nodes, child, rows.filter(isLeft), depth - 1, random);
  grow(
    matrix,
    nodes,
    child + 1,
    rows.filter((row) => !isLeft(row)),
    depth - 1,
    random,
  );
}

/** A random value between the least and the greatest of a random column that has more than one value. */
function chooseCut(matrix: Matrix, rows: Int32Array, random: Random): { column: number; value: number } | undefined {
  for (let tries = 0; tries < matrix.columns; tries++) {
    const column = random.below(matrix.columns);
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    for (const row of rows) {
      const value = matrix.data[row * matrix.columns + column] ?? 0;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    if (greatest > least) return { column, value: least + (greatest - least) * (1 - random.next()) };
  }
  return undefined;
}
