import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MoneyFigures, missingFigures } from './money-figures.ts';
import { pert, poisson, seededRandom, type ThreePoint } from './random.ts';
import { rangeOfLosses, simulateLosses, sumLosses, YEARS } from './simulate-loss.ts';

const figures = (fields: object) => MoneyFigures.parse(fields);
const point = (value: number): ThreePoint => ({ low: value, likely: value, high: value });
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const draw = (count: number, of: () => number) => Array.from({ length: count }, of);

describe('random numbers', () => {
  it('are the same for one seed and others for another', () => {
    const take = (seed: string) => draw(20, seededRandom(seed).next);
    expect(take('a')).toEqual(take('a'));
    expect(take('a')).not.toEqual(take('b'));
    expect(mean(draw(20_000, seededRandom('mean').next))).toBeCloseTo(0.5, 1);
  });

  it('of a PERT distribution have its mean and stay in its range', () => {
    const random = seededRandom('pert');
    const values = draw(20_000, () => pert({ low: 10, likely: 20, high: 90 }, random));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...values)).toBeLessThanOrEqual(90);
    // (low + 4 likely + high) / 6
    expect(mean(values)).toBeGreaterThan(29);
    expect(mean(values)).toBeLessThan(31);
  });

  it.each([0.3, 4, 700])('of a Poisson distribution have mean and variance %d', (rate) => {
    const random = seededRandom(`poisson ${rate}`);
    const values = draw(20_000, () => poisson(rate, random));
    const average = mean(values);
    expect(average / rate).toBeCloseTo(1, 1);
    expect(mean(values.map((value) => (value - average) ** 2)) / rate).toBeCloseTo(1, 1);
  });
});

describe('a loss in money', () => {
  it('is not made up: it says which figures it wants', () => {
    expect(missingFigures(null)).toHaveLength(2);
    expect(missingFigures(figures({ threatEventFrequency: point(1), primaryLoss: point(1) }))).toEqual([
      'which part of the attempts succeeds',
    ]);
    expect(
      missingFigures(figures({ lossEventFrequency: point(1), primaryLoss: point(1), secondaryLoss: point(9) })),
    ).toEqual(['after which part of the events others react']);
    expect(simulateLosses(figures({ primaryLoss: point(5) }), 'x')).toBeUndefined();
  });

  it('has the mean that follows from frequency, primary and secondary loss', () => {
    const losses = simulateLosses(
      figures({
        threatEventFrequency: point(4),
        vulnerability: point(0.5),
        primaryLoss: point(1000),
        secondaryProbability: point(0.25),
        secondaryLoss: point(8000),
      }),
      'mean',
    );
    // Two events a year, each 1,000 and in a quarter of cases 8,000 more.
    const range = rangeOfLosses(losses ?? new Float64Array(), 'EUR');
    expect(range.mean).toBeGreaterThan(5700);
    expect(range.mean).toBeLessThan(6300);
    expect(range.anyLoss).toBeCloseTo(1 - Math.exp(-2), 1);
  });

  it('is repeatable, in order, and its curve falls', () => {
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    const range = fc.tuple(part, part, part).map((three) => three.toSorted((a, b) => a - b));
    const of = (most: number) =>
      range.map(([low = 0, likely = 0, high = 0]) => ({ low: low * most, likely: likely * most, high: high * most }));
    fc.assert(
      fc.property(of(20), of(1e6), fc.string(), (lossEventFrequency, primaryLoss, seed) => {
        const given = figures({ lossEventFrequency, primaryLoss });
        const losses = simulateLosses(given, seed) ?? new Float64Array();
        expect(simulateLosses(given, seed)).toEqual(losses);
        const { p10, median, p90, p95, worst, curve } = rangeOfLosses(losses, 'EUR');
        const ordered = [p10, median, p90, p95, worst];
        expect(ordered).toEqual(ordered.toSorted((a, b) => a - b));
        expect(curve.map(({ loss }) => loss)).toEqual(curve.map(({ loss }) => loss).toSorted((a, b) => a - b));
        expect(losses.every((loss) => loss >= 0 && Number.isFinite(loss))).toBe(true);
      }),
      { numRuns: 8 },
    );
  });

  it('of several risks is their sum, year by year', () => {
    const one = new Float64Array(YEARS).fill(2);
    const other = new Float64Array(YEARS).fill(3);
    expect(sumLosses([one, other]).every((loss) => loss === 5)).toBe(true);
    expect(sumLosses([]).every((loss) => loss === 0)).toBe(true);
  });
});
