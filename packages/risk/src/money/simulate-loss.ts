import { type MoneyFigures, missingFigures } from './money-figures.ts';
import { pert, poisson, type Random, seededRandom } from './random.ts';

/** Years that are simulated. */
export const YEARS = 10_000;
/** Probabilities of the exceedance curve that stand in a table, from often to seldom. */
const EXCEEDANCES = [0.9, 0.75, 0.5, 0.25, 0.2, 0.1, 0.05, 0.02, 0.01] as const;

/** Loss of a year as a range. */
export interface LossRange {
  readonly currency: string;
  readonly mean: number;
  /** In 10, 50, 90 and 95 of 100 years it is at most this. */
  readonly p10: number;
  readonly median: number;
  readonly p90: number;
  readonly p95: number;
  readonly worst: number;
  /** That a year has any loss. */
  readonly anyLoss: number;
  /** Loss exceedance curve: with this probability a year costs more than this. */
  readonly curve: readonly { readonly probability: number; readonly loss: number }[];
}

/**
 * Draws years by Monte-Carlo as O-RA (The Open Group, C20A, §5) has it: frequency and losses from PERT distributions, events of a year
 * from a Poisson distribution with that frequency, each with its primary loss and, in the part of cases that is stated, a
 * secondary one.
 *
 * @param seed the same seed and figures give the same years
 * @returns loss of each year; undefined where figures are missing
 */
export function simulateLosses(figures: MoneyFigures, seed: string): Float64Array | undefined {
  if (missingFigures(figures).length > 0) return undefined;
  const random = seededRandom(seed);
  return Float64Array.from({ length: YEARS }, () => lossOfYear(figures, random));
}

function lossOfYear(figures: MoneyFigures, random: Random): number {
  const { lossEventFrequency, threatEventFrequency, vulnerability } = figures;
  const { primaryLoss, secondaryProbability, secondaryLoss } = figures;
  const frequency =
    lossEventFrequency !== null
      ? pert(lossEventFrequency, random)
      : threatEventFrequency !== null && vulnerability !== null
        ? pert(threatEventFrequency, random) * pert(vulnerability, random)
        : 0;
  const chance = secondaryProbability === null ? 0 : pert(secondaryProbability, random);
  let loss = 0;
  for (let events = poisson(frequency, random); events > 0; events--) {
    if (primaryLoss !== null) loss += pert(primaryLoss, random);
    if (secondaryLoss !== null && random.next() < chance) loss += pert(secondaryLoss, random);
  }
  return loss;
}

/** @param losses of years, as `simulateLosses` gives them */
export function rangeOfLosses(losses: Float64Array, currency: string): LossRange {
  const sorted = losses.toSorted();
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
  return {
    currency,
    mean: losses.reduce((sum, loss) => sum + loss, 0) / Math.max(1, losses.length),
    p10: at(0.1),
    median: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    worst: sorted.at(-1) ?? 0,
    anyLoss: losses.reduce((count, loss) => count + (loss > 0 ? 1 : 0), 0) / Math.max(1, losses.length),
    curve: EXCEEDANCES.map((probability) => ({ probability, loss: at(1 - probability) })),
  };
}

/** @returns losses of all risks together, year by year; risks are taken for independent of one another */
export function sumLosses(all: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(YEARS);
  for (const losses of all) for (let year = 0; year < YEARS; year++) sum[year] = (sum[year] ?? 0) + (losses[year] ?? 0);
  return sum;
}
