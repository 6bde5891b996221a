import { areaUnderCurve } from '../../metrics/binary.ts';
import { expectedCalibrationError } from '../../metrics/calibration.ts';
import type { ModelCard } from '../card.ts';
import type { Trial } from './train-blend.ts';

type Validation = ModelCard['validation'];

/** Means over the trials, each row by its weight. */
export function trialFigures(trials: readonly Trial[], threshold: number): Omit<Validation, 'scheme'> {
  const each = trials.map((trial) => figuresOf(trial, threshold));
  const mean = (figure: (figures: Figures) => number) =>
    // Sums of weights may be above one by the last digit.
    Math.min(1, each.reduce((sum, figures) => sum + figure(figures), 0) / Math.max(1, each.length));
  const precision = mean((figures) => figures.truePositive / (figures.truePositive + figures.falsePositive || 1));
  const recall = mean((figures) => figures.truePositive / (figures.truePositive + figures.falseNegative || 1));
  const falsePositiveRate = mean(
    (figures) => figures.falsePositive / (figures.falsePositive + figures.trueNegative || 1),
  );
  const normalPrecision = mean((figures) => figures.trueNegative / (figures.trueNegative + figures.falseNegative || 1));
  const rowsOf = (label: number) =>
    trials.reduce((sum, { labels }) => sum + labels.filter((own) => own === label).length, 0);
  return {
    accuracy: mean((figures) => figures.truePositive + figures.trueNegative),
    areaUnderCurve: mean((figures) => figures.areaUnderCurve),
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    falsePositiveRate,
    expectedCalibrationError: mean((figures) => figures.calibrationError),
    perClass: [
      { name: 'normal', rows: rowsOf(0), precision: normalPrecision, recall: 1 - falsePositiveRate },
      { name: 'attack', rows: rowsOf(1), precision, recall },
      ...unseenKinds(trials, threshold),
    ],
    notes: trials.map((trial, at) => {
      const { accuracy, areaUnderCurve: area, unseenArea } = each[at] ?? figuresOf(trial, threshold);
      const names = Array.from(trial.unseen).sort().join(', ');
      return `not learnt: ${names}: accuracy ${accuracy.toFixed(3)}, area under the curve ${area.toFixed(3)} (normal rows against these attacks alone: ${unseenArea.toFixed(3)})`;
    }),
  };
}

interface Figures {
  truePositive: number;
  falsePositive: number;
  trueNegative: number;
  falseNegative: number;
  readonly accuracy: number;
  readonly areaUnderCurve: number;
  readonly unseenArea: number;
  readonly calibrationError: number;
}

function figuresOf({ weights, labels, probabilities, isUnseen }: Trial, threshold: number): Figures {
  const counts = { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 };
  for (const [row, probability] of probabilities.entries()) {
    const weight = weights[row] ?? 0;
    if (labels[row] === 1) counts[probability >= threshold ? 'truePositive' : 'falseNegative'] += weight;
    else counts[probability >= threshold ? 'falsePositive' : 'trueNegative'] += weight;
  }
  const ofUnseen = weights.map((weight, row) => (labels[row] === 0 || isUnseen[row] ? weight : 0));
  return {
    ...counts,
    accuracy: counts.truePositive + counts.trueNegative,
    areaUnderCurve: areaUnderCurve(probabilities, labels, weights),
    unseenArea: areaUnderCurve(probabilities, labels, ofUnseen),
    calibrationError: expectedCalibrationError(probabilities, labels, 10, weights),
  };
}

/** Recall of each kind of attack, over the rows of types that the trial had not learnt. */
function unseenKinds(trials: readonly Trial[], threshold: number): Validation['perClass'] {
  const counts = new Map<string, { rows: number; found: number }>();
  for (const { kinds, isUnseen, probabilities } of trials) {
    for (const [row, kind] of kinds.entries()) {
      if (isUnseen[row] !== true) continue;
      const count = counts.get(kind) ?? { rows: 0, found: 0 };
      count.rows++;
      if ((probabilities[row] ?? 0) >= threshold) count.found++;
      counts.set(kind, count);
    }
  }
  return Array.from(counts, ([kind, { rows, found }]) => ({
    name: `${kind}, types not learnt`,
    rows,
    precision: null,
    recall: found / rows,
  })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
