import { type BoostedTrees, scoreRow } from '../../boosting/boosted-trees.ts';
import { type LogisticModel, logOdds, probabilityOf } from '../../calibration/logistic.ts';
import { besideEachOther, createMatrix, type Matrix, rowOf } from '../../data/matrix.ts';
import { scoreHistory, valueHistory } from './history.ts';

/** Judges a row by itself first, then by what the rows before it were like (stacked generalisation over time). */
export interface SequenceModel {
  readonly rowTrees: BoostedTrees;
  /** Numeric columns whose past is looked at. */
  readonly followed: readonly number[];
  readonly historyTrees: BoostedTrees;
  readonly calibration: LogisticModel;
}

/** Probability that each row is an attack; rows must be in the order in which they happened. */
export function judgeSequence(model: SequenceModel, matrix: Matrix): Float64Array {
  const history = historyOf(matrix, model.followed, outputsOf(model.rowTrees, matrix));
  return outputsOf(model.historyTrees, history).map((odds) => probabilityOf(logOdds(model.calibration, [odds])));
}

/** The row, what trees say of it alone, and what came before it. */
export function historyOf(matrix: Matrix, followed: readonly number[], rowOdds: Float64Array): Matrix {
  const alone = createMatrix(matrix.rows, 1);
  alone.data.set(rowOdds);
  return besideEachOther([matrix, alone, scoreHistory(rowOdds), valueHistory(matrix, followed)]);
}

/** Log-odds of each row. */
export function outputsOf(trees: BoostedTrees, matrix: Matrix): Float64Array {
  const result = new Float64Array(1);
  return Float64Array.from({ length: matrix.rows }, (_, row) => {
    scoreRow(trees, rowOf(matrix, row), result);
    return result[0] ?? 0;
  });
}
