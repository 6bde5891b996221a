/** Values further back say nothing of how risk moves now. */
const WINDOW = 60;
/** Pairs of days below which a slope is luck. */
const LEAST_PAIRS = 20;
const SAME = 1e-6;

/** What a value is expected to be some days later: `start + part × value`. */
export interface Return {
  readonly start: number;
  /** Part of what it is above or below the usual that is left then: 1 all of it, 0 none. */
  readonly part: number;
}

/**
 * How a series returns to what is usual: a straight line from each value to that of some days later, as the median of the slopes of all
 * pairs (Theil 1950; Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 63, 1968). Up to 29 % of days that are
 * far out do not carry it away. Each distance has a line of its own (direct forecasts), so that no error adds up.
 *
 * @param values of days that follow one another
 * @param end only values before this place are known
 * @param days distance, 1 or more
 */
export function returnToUsual(values: readonly number[], end: number, days: number): Return {
  const first = Math.max(0, end - WINDOW);
  const slopes: number[] = [];
  for (let one = first; one + days < end; one++) {
    const [from, to] = [values[one] as number, values[one + days] as number];
    for (let other = one + 1; other + days < end; other++) {
      const run = (values[other] as number) - from;
      if (Math.abs(run) > SAME) slopes.push(((values[other + days] as number) - to) / run);
    }
  }
  // Risk neither swings about the usual nor runs away from it.
  const part = slopes.length < LEAST_PAIRS ? 1 : Math.min(1, Math.max(0, median(slopes)));
  const rests: number[] = [];
  for (let one = first; one + days < end; one++)
    rests.push((values[one + days] as number) - part * (values[one] as number));
  return { start: median(rests), part };
}

/** @returns 0 of nothing */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2;
}
