import { QUANTILES } from './forecast-series.ts';

/** How right a forecast was. */
export interface ForecastScore {
  /** Continuous ranked probability score, in per cent points; the less the better. */
  readonly crps: number;
  readonly naiveCrps: number;
  /** The value lay in the 80 % range. */
  readonly isCovered: boolean;
}

/** Forecasts of one distance, how right they were. */
export interface TrackRecord {
  readonly days: number;
  readonly count: number;
  /** Part that lay in the 80 % range; 0.8 is as promised. */
  readonly coverage: number;
  readonly crps: number;
  readonly naiveCrps: number;
  /** 1 - crps / naive: above 0 it is better than "it stays as it is"; null where that was never wrong. */
  readonly skill: number | null;
}

/**
 * @param actual what came
 * @returns scores of a forecast and of the naive one: the continuous ranked probability score as twice the mean quantile loss, a proper score
 * (Gneiting and Raftery, "Strictly proper scoring rules, prediction, and estimation", JASA 102, 2007, §4.2 and §6.1)
 */
export function scoreForecast(
  { quantiles, naive }: { readonly quantiles: readonly number[]; readonly naive: readonly number[] },
  actual: number,
): ForecastScore {
  const [low = 0, high = 0] = [quantiles[1], quantiles[quantiles.length - 2]];
  return {
    crps: crpsOf(quantiles, actual),
    naiveCrps: crpsOf(naive, actual),
    // What cannot be told apart on paper is no miss.
    isCovered: actual >= low - 1e-9 && actual <= high + 1e-9,
  };
}

function crpsOf(quantiles: readonly number[], actual: number): number {
  const losses = QUANTILES.map((level, index) => {
    const error = actual - (quantiles[index] ?? 0);
    return error >= 0 ? level * error : (level - 1) * error;
  });
  return (2 * losses.reduce((sum, loss) => sum + loss, 0)) / QUANTILES.length;
}

/** @returns one record for each distance of which a forecast was scored */
export function trackRecords(scored: readonly (ForecastScore & { readonly days: number })[]): readonly TrackRecord[] {
  return [...Map.groupBy(scored, ({ days }) => days)]
    .sort(([a], [b]) => a - b)
    .map(([days, scores]) => {
      const mean = (of: (score: ForecastScore) => number) =>
        scores.reduce((sum, score) => sum + of(score), 0) / scores.length;
      const crps = mean((score) => score.crps);
      const naiveCrps = mean((score) => score.naiveCrps);
      return {
        days,
        count: scores.length,
        coverage: mean(({ isCovered }) => Number(isCovered)),
        crps,
        naiveCrps,
        skill: naiveCrps === 0 ? null : 1 - crps / naiveCrps,
      };
    });
}
