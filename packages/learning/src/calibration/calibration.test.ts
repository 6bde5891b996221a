import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random/random.ts';
import { fitIsotonic, valueOnCurve } from './isotonic.ts';
import { fitLogistic, logOdds, probabilityOf } from './logistic.ts';
import { fitTail, rarity } from './tail.ts';

describe('Calibration', () => {
  it('never falls as the score rises (isotonic)', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 1 })), { minLength: 1 });
    fc.assert(
      fc.property(rows, (pairs) => {
        const curve = fitIsotonic(
          pairs.map(([score]) => score),
          pairs.map(([, label]) => label),
        );
        let before = -1;
        for (let score = -1; score <= 51; score++) {
          const value = valueOnCurve(curve, score);
          expect(value).toBeGreaterThanOrEqual(before - 1e-12);
          expect(value).toBeLessThanOrEqual(1);
          before = value;
        }
      }),
    );
  });

  it('pools neighbours that are out of order', () => {
    expect(fitIsotonic([1, 2, 3, 4], [0, 1, 0, 1]).y).toEqual([0, 0.5, 1]);
  });

  it('finds the log-odds that made the labels (Platt)', () => {
    const random = seededRandom(1);
    const scores = Array.from({ length: 4000 }, () => random.normal() * 2);
    const labels = scores.map((score) => Number(random.next() < probabilityOf(1.5 * score - 1)));
    const model = fitLogistic([scores], labels, undefined, { regularisation: 0 });
    expect(model.weights[0]).toBeCloseTo(1.5, 0);
    expect(model.bias).toBeCloseTo(-1, 0);
    expect(probabilityOf(logOdds(model, [0]))).toBeCloseTo(probabilityOf(-1), 1);
  });

  it('gives no say to a member that speaks against the truth (stacking)', () => {
    const random = seededRandom(2);
    const good = Array.from({ length: 1000 }, () => random.normal());
    const labels = good.map((value) => Number(value + random.normal() / 2 > 0));
    const bad = labels.map((label) => random.normal() - label);
    const { weights } = fitLogistic([good, bad], labels, undefined, { isNonNegative: true });
    expect(weights[0]).toBeGreaterThan(1);
    expect(weights[1]).toBe(0);
  });

  it('says how rare a score is among normal rows, and tells rows beyond all of them apart', () => {
    const tail = fitTail(Array.from({ length: 999 }, (_, at) => at));
    expect(rarity(tail, 900)).toBeCloseTo(1, 1);
    expect(rarity(tail, 990)).toBeCloseTo(2, 1);
    expect(rarity(tail, -5)).toBeCloseTo(0, 2);
    expect(rarity(tail, 5000)).toBeGreaterThan(rarity(tail, 2000));
    expect(rarity(tail, 1e12)).toBeLessThanOrEqual(rarity(tail, 998) + 1);
  });
});
