/** Mean squared distance of probability and truth (Brier, 1950); 0 is best. */
export function brierScore(probabilities: ArrayLike<number>, labels: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) sum += ((probabilities[row] ?? 0) - (labels[row] ?? 0)) ** 2;
  return labels.length === 0 ? 0 : sum / labels.length;
}

/** Rows with nearly the same probability. */
export interface CalibrationBin {
  /** Bounds of the bin, 0 to 1. */
  readonly from: number;
  readonly to: number;
  /** Rows, or the sum of their weights. */
  readonly rows: number;
  readonly meanProbability: number;
  readonly positiveShare: number;
}

/** Bins of equal width that have rows (a reliability table: Murphy and Winkler, 1977). */
export function reliability(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins = 10,
  weights?: ArrayLike<number>,
): readonly CalibrationBin[] {
  const sums = Array.from({ length: bins }, () => ({ rows: 0, probability: 0, positive: 0 }));
  for (let row = 0; row < labels.length; row++) {
    const probability = probabilities[row] ?? 0;
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.floor(probability * bins)))];
    if (bin === undefined) continue;
    const weight = weights?.[row] ?? 1;
    bin.rows += weight;
    bin.probability += weight * probability;
    bin.positive += weight * (labels[row] ?? 0);
  }
  return sums.flatMap(({ rows, probability, positive }, index) =>
    rows === 0
      ? []
      : [
          {
            from: index / bins,
            to: (index + 1) / bins,
            rows,
            meanProbability: probability / rows,
            positiveShare: positive / rows,
          },
        ],
  );
}

/** Mean gap of probability and share over the bins, by their rows (Naeini, Cooper and Hauskrecht, 2015). */
export function expectedCalibrationError(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins = 10,
  weights?: ArrayLike<number>,
): number {
  const table = reliability(probabilities, labels, bins, weights);
  const total = table.reduce((sum, bin) => sum + bin.rows, 0);
  const gap = table.reduce((sum, bin) => sum + bin.rows * Math.abs(bin.meanProbability - bin.positiveShare), 0);
  return total === 0 ? 0 : gap / total;
}
