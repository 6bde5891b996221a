import { trainBoosting } from '../../boosting/train-boosting.ts';
import { fitLogistic } from '../../calibration/logistic.ts';
import { type Matrix, selectRows } from '../../data/matrix.ts';
import type { Feature } from '../../data/table.ts';
import { blockFolds, partsOf } from '../../validation/folds.ts';
import { historyOf, outputsOf, type SequenceModel } from './sequence.ts';

export interface SequenceTask {
  readonly features: readonly Feature[];
  /** Rows in the order in which they happened. */
  readonly matrix: Matrix;
  readonly isAttack: Uint8Array;
  /** Names of the numeric columns whose past is looked at. */
  readonly followed: readonly string[];
  /** Rows of a block that stays together in cross-validation. */
  readonly blockRows: number;
  readonly folds: number;
  readonly seed: number;
  readonly progress?: (fraction: number, what: string) => void;
}

/** @returns the model, and for each row the probability by a model that has not seen its block */
export function trainSequence(task: SequenceTask): { model: SequenceModel; crossValidated: Float64Array } {
  const { matrix, isAttack, folds, seed } = task;
  const parts = blockFolds(matrix.rows, task.blockRows, folds, seed);
  const odds = new Float64Array(matrix.rows);
  for (let fold = 0; fold < folds; fold++) {
    task.progress?.(fold / (folds + 1), `block ${fold + 1} of ${folds}`);
    const { training, testing } = partsOf(parts, fold);
    const learnt = learn(task, selectRows(matrix, training), pick(isAttack, training), seed + fold + 1);
    // Asked alone, as they would be in a file of their own.
    const asked = selectRows(matrix, testing);
    const found = outputsOf(learnt.historyTrees, historyOf(asked, learnt.followed, outputsOf(learnt.rowTrees, asked)));
    for (const [at, row] of testing.entries()) odds[row] = found[at] ?? 0;
  }
  task.progress?.(folds / (folds + 1), 'learning from all rows');
  const calibration = fitLogistic([odds], isAttack, undefined, { isNonNegative: true });
  const model = { ...learn(task, matrix, isAttack, seed), calibration };
  const [weight = 1] = calibration.weights;
  const crossValidated = odds.map((value) => 1 / (1 + Math.exp(-(value * weight + calibration.bias))));
  return { model, crossValidated };
}

/** Parts in which the rows are judged for the second stage by trees that have not seen them. */
const INNER_FOLDS = 4;

function learn(
  { features, followed, blockRows }: SequenceTask,
  matrix: Matrix,
  isAttack: Uint8Array,
  seed: number,
): Omit<SequenceModel, 'calibration'> {
  const columns = followed.map((name) => features.findIndex((feature) => feature.name === name));
  const isCategory = features.map(({ kind }) => kind === 'category');
  const learnRows = (rows: Matrix, classes: Uint8Array) =>
    trainBoosting(
      { matrix: rows, isCategory, classes, classCount: 2 },
      { rounds: 120, learningRate: 0.08, maximumLeaves: 12, minimumRows: 30, regularisation: 5, seed },
    );
  const parts = blockFolds(matrix.rows, blockRows, INNER_FOLDS, seed);
  const odds = new Float64Array(matrix.rows);
  for (let fold = 0; fold < INNER_FOLDS; fold++) {
    const { training, testing } = partsOf(parts, fold);
    const found = outputsOf(
      learnRows(selectRows(matrix, training), pick(isAttack, training)),
      selectRows(matrix, testing),
    );
    for (const [at, row] of testing.entries()) odds[row] = found[at] ?? 0;
  }
  const history = historyOf(matrix, columns, odds);
  const historyTrees = trainBoosting(
    {
      matrix: history,
      isCategory: Array.from({ length: history.columns }, (_, column) => isCategory[column] ?? false),
      classes: isAttack,
      classCount: 2,
    },
    {
      rounds: 150,
      learningRate: 0.05,
      maximumLeaves: 8,
      minimumRows: 40,
      regularisation: 10,
      columnShare: 0.5,
      seed,
    },
  );
  return { rowTrees: learnRows(matrix, isAttack), followed: columns, historyTrees };
}

function pick(values: Uint8Array, indexes: Int32Array): Uint8Array {
  return Uint8Array.from(indexes, (row) => values[row] ?? 0);
}
