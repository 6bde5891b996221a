import type { Matrix } from '../data/matrix.ts';
import { type Random, seededRandom, shuffledIndexes } from '../random/random.ts';
import { binColumns } from './bins.ts';
import type { BoostedTrees } from './boosted-trees.ts';
import { type Growth, growTree, type TreeOptions } from './grow-tree.ts';
import { createTreeWriter } from './tree-writer.ts';

export interface BoostingOptions extends Partial<TreeOptions> {
  readonly rounds?: number;
  /** Share of the rows that each tree sees (stochastic gradient boosting, Friedman 2002). */
  readonly rowShare?: number;
  /** Share of the columns that each tree may use. */
  readonly columnShare?: number;
  readonly seed?: number;
}

const DEFAULTS = {
  rounds: 150,
  rowShare: 1,
  columnShare: 1,
  seed: 1,
  maximumLeaves: 31,
  minimumRows: 20,
  regularisation: 1,
  minimumHessian: 1e-3,
  learningRate: 0.1,
};

export interface BoostingTask {
  readonly matrix: Matrix;
  /** For each column, whether its values are categories. */
  readonly isCategory: readonly boolean[];
  /** Class of each row, from 0. */
  readonly classes: ArrayLike<number>;
  /** 2 for two classes. */
  readonly classCount: number;
  /** How much each row counts; 1 where absent. */
  readonly weights?: ArrayLike<number> | undefined;
}

/**
 * Gradient-boosted trees for classes: Friedman, "Greedy function approximation" (2001), with second derivatives and
 * regularised leaves as in XGBoost (Chen and Guestrin, 2016), over histograms as in LightGBM (Ke and others, 2017).
 * Two classes share one sum of log-odds; more have one for each class under the soft maximum.
 *
 * @returns trees for `scoreRow`; the same for the same seed, rows and options
 */
export function trainBoosting(task: BoostingTask, options: BoostingOptions = {}): BoostedTrees {
  const chosen = { ...DEFAULTS, ...options };
  const { matrix, classCount } = task;
  const outputs = classCount === 2 ? 1 : classCount;
  const random = seededRandom(chosen.seed);
  const bins = binColumns(matrix, task.isCategory);
  const start = startOf(task, outputs);
  const sums = Array.from(start, (value) => new Float64Array(matrix.rows).fill(value));
  const gradient = new Float64Array(matrix.rows);
  const hessian = new Float64Array(matrix.rows);
  const writer = createTreeWriter();
  for (let round = 0; round < chosen.rounds; round++) {
    const sampled = sampleOf(matrix.rows, chosen.rowShare, random);
    const columns = columnsOf(matrix.columns, chosen.columnShare, random);
    const shares = outputs === 1 ? [] : softMaximum(sums);
    for (let output = 0; output < outputs; output++) {
      const sum = sums[output] ?? new Float64Array(0);
      derive(task, { output, share: shares[output] ?? logistic(sum), sampled }, gradient, hessian);
      const { isCategory } = task;
      const growth: Growth = { bins, rows: matrix.rows, isCategory, gradient, hessian, columns, options: chosen };
      const order = Int32Array.from({ length: matrix.rows }, (_, row) => row);
      growTree(growth, order, writer, (from, to, value) => {
        for (let at = from; at < to; at++) sum[order[at] ?? 0] = (sum[order[at] ?? 0] ?? 0) + value;
      });
    }
  }
  return writer.finish(outputs, start);
}

/** Log-odds of the first class against the rest, or logarithms of the shares of all classes. */
function startOf({ classes, classCount, weights, matrix }: BoostingTask, outputs: number): Float64Array {
  const sums = new Float64Array(classCount);
  let total = 0;
  for (let row = 0; row < matrix.rows; row++) {
    const weight = weights?.[row] ?? 1;
    sums[classes[row] ?? 0] = (sums[classes[row] ?? 0] ?? 0) + weight;
    total += weight;
  }
  // Half a row more for each class, since a class without rows has no logarithm.
  const shareOf = (label: number) => ((sums[label] ?? 0) + 0.5) / (total + classCount / 2);
  if (outputs === 1) return Float64Array.of(Math.log(shareOf(1) / shareOf(0)));
  return Float64Array.from({ length: classCount }, (_, label) => Math.log(shareOf(label)));
}

/** First and second derivatives of the logarithmic loss. Rows outside the sample have none, and so no say. */
function derive(
  { classes, weights, classCount }: BoostingTask,
  { output, share, sampled }: { output: number; share: Float64Array; sampled: Uint8Array | undefined },
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  const positive = classCount === 2 ? 1 : output;
  for (let row = 0; row < gradient.length; row++) {
    const weight = sampled === undefined || sampled[row] === 1 ? (weights?.[row] ?? 1) : 0;
    const probability = share[row] ?? 0;
    gradient[row] = weight * (probability - (classes[row] === positive ? 1 : 0));
    hessian[row] = weight * Math.max(probability * (1 - probability), 1e-12);
  }
}

function logistic(sums: Float64Array): Float64Array {
  return sums.map((sum) => 1 / (1 + Math.exp(-sum)));
}

function softMaximum(sums: readonly Float64Array[]): Float64Array[] {
  const rows = sums[0]?.length ?? 0;
  const shares = sums.map(() => new Float64Array(rows));
  for (let row = 0; row < rows; row++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (const sum of sums) largest = Math.max(largest, sum[row] ?? 0);
    let total = 0;
    for (const sum of sums) total += Math.exp((sum[row] ?? 0) - largest);
    for (const [output, sum] of sums.entries()) {
      const share = shares[output];
      if (share !== undefined) share[row] = Math.exp((sum[row] ?? 0) - largest) / total;
    }
  }
  return shares;
}

/** @returns 1 for rows of the sample; undefined where all are */
function sampleOf(rows: number, share: number, random: Random): Uint8Array | undefined {
  if (share >= 1) return undefined;
  return Uint8Array.from({ length: rows }, () => (random.next() < share ? 1 : 0));
}

function columnsOf(columns: number, share: number, random: Random): number[] {
  const count = Math.max(1, Math.round(columns * share));
  return Array.from(shuffledIndexes(columns, random).subarray(0, count)).sort((a, b) => a - b);
}
