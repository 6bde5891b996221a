import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderCurve, countAnswers, metricsOf } from './binary.ts';
import { brierScore, expectedCalibrationError } from './calibration.ts';
import { confusionMatrix, metricsPerClass } from './classes.ts';

const scored = fc.array(fc.record({ score: fc.integer({ min: 0, max: 8 }), label: fc.integer({ min: 0, max: 1 }) }), {
  minLength: 2,
  maxLength: 40,
});

describe('Figures of a model', () => {
  it('counts as by hand', () => {
    const counts = countAnswers([0.9, 0.4, 0.6, 0.1, 0.5], [1, 1, 0, 0, 1], 0.5);
    expect(counts).toEqual({ truePositive: 2, falsePositive: 1, trueNegative: 1, falseNegative: 1 });
    const { accuracy, precision, recall, f1, falsePositiveRate } = metricsOf(counts);
    expect(accuracy).toBeCloseTo(3 / 5);
    expect(precision).toBeCloseTo(2 / 3);
    expect(recall).toBeCloseTo(2 / 3);
    expect(f1).toBeCloseTo(2 / 3);
    expect(falsePositiveRate).toBeCloseTo(1 / 2);
  });

  it('has an area under the curve that is the share of pairs in the right order, ties half', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const attacks = rows.filter(({ label }) => label === 1);
        const normal = rows.filter(({ label }) => label === 0);
        fc.pre(attacks.length > 0 && normal.length > 0);
        let right = 0;
        for (const a of attacks) for (const n of normal) right += a.score > n.score ? 1 : a.score === n.score ? 0.5 : 0;
        const area = areaUnderCurve(
          rows.map(({ score }) => score),
          rows.map(({ label }) => label),
        );
        expect(area).toBeCloseTo(right / (attacks.length * normal.length), 10);
      }),
    );
  });

  it('counts a row of weight two like two rows', () => {
    const area = areaUnderCurve([1, 3, 2], [0, 1, 0], [1, 1, 2]);
    expect(area).toBeCloseTo(areaUnderCurve([1, 3, 2, 2], [0, 1, 0, 0]), 10);
    expect(areaUnderCurve([2, 2, 1], [1, 0, 1], [3, 1, 1])).toBeCloseTo(1.5 / 4, 10);
  });

  it('gives the score of Brier and the calibration error of a small example', () => {
    expect(brierScore([1, 0, 0.5], [1, 0, 1])).toBeCloseTo(0.25 / 3);
    // Two rows said 0.25 and one is an attack; two said 0.75 and both are.
    expect(expectedCalibrationError([0.25, 0.25, 0.75, 0.75], [0, 1, 1, 1], 4)).toBeCloseTo(0.25);
  });

  it('shows per class how much is found and how much of the answers is right', () => {
    const matrix = confusionMatrix(['normal', 'dos', 'dos', 'probe'], ['normal', 'dos', 'normal', 'dos']);
    expect(matrix.classes).toEqual(['normal', 'dos', 'probe']);
    expect(matrix.counts).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [0, 1, 0],
    ]);
    expect(metricsPerClass(matrix)).toEqual([
      { name: 'normal', rows: 1, precision: 0.5, recall: 1, f1: 2 / 3 },
      { name: 'dos', rows: 2, precision: 0.5, recall: 0.5, f1: 0.5 },
      { name: 'probe', rows: 1, precision: 0, recall: 0, f1: 0 },
    ]);
  });
});
