import type { Table, Truth } from '../data/table.ts';
import { areaUnderCurve, type BinaryCounts, type BinaryMetrics, countAnswers, metricsOf } from '../metrics/binary.ts';
import { brierScore, type CalibrationBin, expectedCalibrationError, reliability } from '../metrics/calibration.ts';
import { type ClassMetrics, type ConfusionMatrix, confusionMatrix, metricsPerClass } from '../metrics/classes.ts';
import type { Answers } from './judge-model.ts';
import { judgeTable } from './judge-model.ts';
import type { DetectionModel } from './model.ts';

/** How a model does on rows whose truth is known. */
export interface Evaluation extends BinaryMetrics {
  readonly rows: number;
  readonly attacks: number;
  readonly threshold: number;
  readonly areaUnderCurve: number;
  readonly brierScore: number;
  readonly expectedCalibrationError: number;
  readonly reliability: readonly CalibrationBin[];
  readonly counts: BinaryCounts;
  /** Normal and attack. */
  readonly classes: readonly ClassMetrics[];
  readonly confusion: ConfusionMatrix;
  /** Kinds of attacks; the same as above for a model that tells none apart. */
  readonly kindClasses: readonly ClassMetrics[];
  readonly kindConfusion: ConfusionMatrix;
  /** For each attack by name, how many of its rows were called an attack. */
  readonly types: readonly { readonly type: string; readonly rows: number; readonly found: number }[];
}

/** Asks the model for every row and compares with the truth. */
export function evaluateModel(
  model: DetectionModel,
  table: Table,
  truth: Truth,
  progress?: (fraction: number) => void,
): Evaluation {
  return compare(judgeTable(model, table, progress), truth, model.threshold);
}

/** Compares answers with the truth. */
export function compare({ probabilities, kinds }: Answers, truth: Truth, threshold: number): Evaluation {
  const { isAttack } = truth;
  const counts = countAnswers(probabilities, isAttack, threshold);
  const twoClasses = (values: ArrayLike<boolean>) => Array.from(values, (is) => (is ? 'attack' : 'normal'));
  const confusion = confusionMatrix(
    twoClasses(Array.from(isAttack, (label) => label === 1)),
    twoClasses(Array.from(probabilities, (probability) => probability >= threshold)),
  );
  const tellsKinds = kinds.some((kind) => kind !== 'normal' && kind !== 'attack');
  const kindConfusion = tellsKinds ? confusionMatrix(truth.categories, kinds) : confusion;
  return {
    ...metricsOf(counts),
    rows: isAttack.length,
    attacks: counts.truePositive + counts.falseNegative,
    threshold,
    areaUnderCurve: areaUnderCurve(probabilities, isAttack),
    brierScore: brierScore(probabilities, isAttack),
    expectedCalibrationError: expectedCalibrationError(probabilities, isAttack),
    reliability: reliability(probabilities, isAttack),
    counts,
    classes: metricsPerClass(confusion),
    confusion,
    kindClasses: metricsPerClass(kindConfusion),
    kindConfusion,
    types: foundByType(truth, probabilities, threshold),
  };
}

function foundByType({ types, isAttack }: Truth, probabilities: Float64Array, threshold: number) {
  const counts = new Map<string, { rows: number; found: number }>();
  for (const [row, type] of types.entries()) {
    if (isAttack[row] !== 1) continue;
    const count = counts.get(type) ?? { rows: 0, found: 0 };
    count.rows++;
    if ((probabilities[row] ?? 0) >= threshold) count.found++;
    counts.set(type, count);
  }
  return Array.from(counts, ([type, count]) => ({ type, ...count })).sort((a, b) => b.rows - a.rows);
}
