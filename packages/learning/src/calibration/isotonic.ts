/** A step-free, never falling curve through points, straight between them. */
export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * Isotonic regression by pooling neighbours that are out of order (Ayer and others, 1955; for probabilities of
 * classifiers Zadrozny and Elkan, 2002).
 *
 * @param scores any scale; a higher one must not mean a lower probability
 * @param labels 0 or 1
 * @param weights how much each row counts
 */
export function fitIsotonic(scores: ArrayLike<number>, labels: ArrayLike<number>, weights?: ArrayLike<number>): Curve {
  const order = Array.from({ length: scores.length }, (_, index) => index);
  order.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  const blocks: { score: number; weight: number; positive: number }[] = [];
  for (const index of order) {
    const weight = weights?.[index] ?? 1;
    if (weight <= 0) continue;
    const block = { score: (scores[index] ?? 0) * weight, weight, positive: (labels[index] ?? 0) * weight };
    blocks.push(block);
    for (let last = blocks.at(-2); last !== undefined; last = blocks.at(-2)) {
      const top = blocks[blocks.length - 1];
      if (top === undefined || last.positive / last.weight < top.positive / top.weight) break;
      last.score += top.score;
      last.weight += top.weight;
      last.positive += top.positive;
      blocks.pop();
    }
  }
  return {
    x: blocks.map(({ score, weight }) => score / weight),
    y: blocks.map(({ positive, weight }) => positive / weight),
  };
}

/** Value of the curve; beyond its ends the value of the end. 0 for a curve without points. */
export function valueOnCurve({ x, y }: Curve, at: number): number {
  const last = x.length - 1;
  if (last < 0) return 0;
  if (at <= (x[0] ?? 0)) return y[0] ?? 0;
  if (at >= (x[last] ?? 0)) return y[last] ?? 0;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((x[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  const width = (x[high] ?? 0) - (x[low] ?? 0);
  const share = width === 0 ? 0 : (at - (x[low] ?? 0)) / width;
  return (y[low] ?? 0) + share * ((y[high] ?? 0) - (y[low] ?? 0));
}

/** The same curve with at most so many points, evenly chosen; both ends stay. */
export function thinCurve({ x, y }: Curve, points: number): Curve {
  if (x.length <= points) return { x, y };
  const chosen = Array.from({ length: points }, (_, index) => Math.round((index * (x.length - 1)) / (points - 1)));
  return { x: chosen.map((index) => x[index] ?? 0), y: chosen.map((index) => y[index] ?? 0) };
}
