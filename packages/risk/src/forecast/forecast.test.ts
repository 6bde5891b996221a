import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../money/random.ts';
import { type DayForecast, FARTHEST_DAY, forecastSeries, LEAST_DAYS, QUANTILES } from './forecast-series.ts';
import { median } from './return-to-usual.ts';
import { scoreForecast, trackRecords } from './score.ts';

/** Risk that keeps returning to 10 %: what was above it tends to fall, so that "it stays as it is" can be beaten. */
function returning(days: number, seed: string): readonly number[] {
  const random = seededRandom(seed);
  const values: number[] = [];
  let log = Math.log1p(10);
  for (let day = 0; day < days; day++) {
    log += 0.6 * (Math.log1p(10) - log) + 0.2 * normal(random);
    values.push(Math.min(100, Math.expm1(log)));
  }
  return values;
}

function backtest(values: readonly number[], from: number) {
  const scored = [];
  for (let end = from; end < values.length; end += 4) {
    for (const each of forecastSeries(values.slice(0, end))) {
      const actual = values[end + each.days - 1];
      if (actual !== undefined) scored.push({ days: each.days, ...scoreForecast(each, actual) });
    }
  }
  return trackRecords(scored);
}

const of = (forecasts: readonly DayForecast[], days: number) => forecasts.find((each) => each.days === days);

describe('a forecast of risk', () => {
  it('is not given with less than two weeks of history', () => {
    expect(forecastSeries(returning(LEAST_DAYS - 1, 'short'))).toEqual([]);
    expect(forecastSeries(returning(60, 'long'))).toHaveLength(FARTHEST_DAY);
  });

  it('covers what comes about as often as it promises, and beats "it stays as it is" where that can be beaten', () => {
    const records = backtest(returning(150, 'returning'), 50);
    for (const { coverage, count } of records) {
      expect(count).toBeGreaterThan(20);
      expect(coverage).toBeGreaterThan(0.6);
    }
    const [sum, naive] = [records, records].map((all, side) =>
      all.reduce((total, each) => total + (side === 0 ? each.crps : each.naiveCrps), 0),
    );
    expect(sum).toBeLessThan(naive ?? 0);
  });

  it('is not carried away by one day that is far out', () => {
    const values = [...returning(60, 'outlier')];
    const before = of(forecastSeries(values), 1)?.quantiles[3] ?? 0;
    const after = of(forecastSeries([...values, 95]), 1)?.quantiles[3] ?? 0;
    expect(before).toBeGreaterThan(7);
    expect(after).toBeLessThan(95 / 3);
  });

  it('follows a lasting change within a week', () => {
    const values = [...returning(60, 'change'), 40, 41, 39, 40, 41, 40, 40];
    expect(of(forecastSeries(values), 1)?.quantiles[3]).toBeGreaterThan(30);
  });

  it('says of what never moves that it stays', () => {
    expect(of(forecastSeries(Array.from({ length: 40 }, () => 12)), 7)?.quantiles.map(Math.round)).toEqual(
      QUANTILES.map(() => 12),
    );
  });

  it('stays between 0 and 100 and its quantiles rise, whatever came', () => {
    const value = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 0, maxLength: 80 }), (values) => {
        for (const { quantiles, naive } of forecastSeries(values)) {
          for (const told of [quantiles, naive]) {
            expect(told.every((each) => each >= 0 && each <= 100)).toBe(true);
            expect(told).toEqual(told.toSorted((a, b) => a - b));
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a score', () => {
  it('is least for whoever says what they believe', () => {
    const random = seededRandom('proper');
    const actuals = Array.from({ length: 4000 }, () => 50 + 10 * normal(random));
    const normals = [-1.645, -1.282, -0.674, 0, 0.674, 1.282, 1.645];
    const crpsOf = (spread: number, middle = 50) => {
      const quantiles = normals.map((each) => middle + each * spread);
      const scores = actuals.map((actual) => scoreForecast({ quantiles, naive: quantiles }, actual).crps);
      return scores.reduce((sum, each) => sum + each, 0) / scores.length;
    };
    expect(crpsOf(10)).toBeLessThan(crpsOf(3));
    expect(crpsOf(10)).toBeLessThan(crpsOf(30));
    expect(crpsOf(10)).toBeLessThan(crpsOf(10, 58));
  });

  it('tells records by distance, and no skill where nothing could be wrong', () => {
    const sure = { quantiles: QUANTILES.map(() => 5), naive: QUANTILES.map(() => 5) };
    expect(trackRecords([{ days: 2, ...scoreForecast(sure, 5) }])).toEqual([
      { days: 2, count: 1, coverage: 1, crps: 0, naiveCrps: 0, skill: null },
    ]);
    expect(trackRecords([])).toEqual([]);
  });
});

describe('a median', () => {
  it('is the middle, or the mean of both', () => {
    expect([median([3, 1, 2]), median([4, 1]), median([])]).toEqual([2, 2.5, 0]);
  });
});
