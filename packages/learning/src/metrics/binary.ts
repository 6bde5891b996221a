/** Rows by truth and answer. */
export interface BinaryCounts {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly trueNegative: number;
  readonly falseNegative: number;
}

/** Answers are positive from the threshold on. */
export function countAnswers(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  threshold: number,
): BinaryCounts {
  const counts = { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 };
  for (let row = 0; row < labels.length; row++) {
    const isPositive = (probabilities[row] ?? 0) >= threshold;
    if (labels[row] === 1) counts[isPositive ? 'truePositive' : 'falseNegative']++;
    else counts[isPositive ? 'falsePositive' : 'trueNegative']++;
  }
  return counts;
}

export interface BinaryMetrics {
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Share of the negative rows that are called positive. */
  readonly falsePositiveRate: number;
}

/** Shares of counts; one without rows below the line is 0. */
export function metricsOf({ truePositive, falsePositive, trueNegative, falseNegative }: BinaryCounts): BinaryMetrics {
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  const rows = truePositive + falsePositive + trueNegative + falseNegative;
  return {
    accuracy: share(truePositive + trueNegative, rows),
    precision: share(truePositive, truePositive + falsePositive),
    recall: share(truePositive, truePositive + falseNegative),
    f1: share(2 * truePositive, 2 * truePositive + falsePositive + falseNegative),
    falsePositiveRate: share(falsePositive, falsePositive + trueNegative),
  };
}

/**
 * Area under the receiver operating characteristic: how likely a positive row scores above a negative one, equal scores
 * counted half (Mann and Whitney, 1947; Hanley and McNeil, 1982).
 *
 * @param weights how much each row counts; 1 where absent
 * @returns 0.5 where one of the classes has no rows
 */
export function areaUnderCurve(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  const order = Array.from({ length: scores.length }, (_, index) => index);
  order.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let negativesBelow = 0;
  let positives = 0;
  let area = 0;
  for (let from = 0; from < order.length; ) {
    const score = scores[order[from] ?? 0] ?? 0;
    let negative = 0;
    let positive = 0;
    for (; from < order.length && (scores[order[from] ?? 0] ?? 0) === score; from++) {
      const row = order[from] ?? 0;
      if (labels[row] === 1) positive += weights?.[row] ?? 1;
      else negative += weights?.[row] ?? 1;
    }
    area += positive * (negativesBelow + negative / 2);
    negativesBelow += negative;
    positives += positive;
  }
  return positives === 0 || negativesBelow === 0 ? 0.5 : area / (positives * negativesBelow);
}
