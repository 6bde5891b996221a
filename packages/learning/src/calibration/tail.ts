import type { Curve } from './isotonic.ts';
import { thinCurve, valueOnCurve } from './isotonic.ts';

/** Points that are kept of a tail: enough for its shape, few enough for a file. */
const POINTS = 200;

/**
 * How rare each score is among normal rows that the model has not seen: −log₁₀ of the share that scores at least as
 * high, as in conformal anomaly detection (Laxhammar and Falkman, 2011; Vovk, Gammerman and Shafer, 2005). It puts
 * scores of any scale on one: 1 is one normal row in ten, 3 one in a thousand.
 */
export function fitTail(normalScores: ArrayLike<number>): Curve {
  const sorted = Float64Array.from(normalScores).sort();
  const x: number[] = [];
  const y: number[] = [];
  for (let at = 0; at < sorted.length; at++) {
    const score = sorted[at] ?? 0;
    if (score === x.at(-1)) continue;
    x.push(score);
    y.push(-Math.log10((sorted.length - at + 1) / (sorted.length + 1)));
  }
  return thinTail({ x, y });
}

/** Half of the points for the last tenth, where the decision is made. */
function thinTail(curve: Curve): Curve {
  const first = curve.y.findIndex((value) => value > 1);
  if (first <= 0) return thinCurve(curve, POINTS);
  const body = thinCurve({ x: curve.x.slice(0, first), y: curve.y.slice(0, first) }, POINTS / 2);
  const end = thinCurve({ x: curve.x.slice(first), y: curve.y.slice(first) }, POINTS / 2);
  return { x: [...body.x, ...end.x], y: [...body.y, ...end.y] };
}

/**
 * @returns rarity of a score. Beyond every normal row it keeps rising, slower and slower, by at most one, so that rows
 *   far outside are still told apart.
 */
export function rarity(tail: Curve, score: number): number {
  const inside = valueOnCurve(tail, score);
  const last = tail.x.at(-1);
  if (last === undefined || score <= last) return inside;
  const scale = Math.abs(last - (tail.x[Math.floor(tail.x.length / 2)] ?? 0)) + 1e-12;
  const beyond = (score - last) / scale;
  return inside + beyond / (1 + beyond);
}
