import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Matrix, matrixOf, rowOf } from '../data/matrix.ts';
import { seededRandom } from '../random/random.ts';
import { type BoostedTrees, scoreRow } from './boosted-trees.ts';
import { flattenTrees } from './flat-trees.ts';
import { trainBoosting } from './train-boosting.ts';

const SMALL = { rounds: 20, maximumLeaves: 8, minimumRows: 5, learningRate: 0.3 };

/** Rows that are attacks where exactly one of two numbers is large: no single number tells. */
function crossed(seed: number, rows = 400): { matrix: Matrix; classes: number[] } {
  const random = seededRandom(seed);
  const values = Array.from({ length: rows }, () => [random.next(), random.next(), random.next()]);
  return { matrix: matrixOf(values), classes: values.map(([a = 0, b = 0]) => Number(a > 0.5 !== b > 0.5)) };
}

function oddsOf(trees: BoostedTrees, matrix: Matrix): number[] {
  const result = new Float64Array(trees.outputs);
  return Array.from({ length: matrix.rows }, (_, row) => {
    scoreRow(trees, rowOf(matrix, row), result);
    return result[0] ?? 0;
  });
}

const NUMBERS = [false, false, false];

describe('Gradient-boosted trees', () => {
  it('say the same laid flat, for whatever row comes', () => {
    const random = seededRandom(11);
    const values = Array.from({ length: 300 }, () => [random.next() * 10, random.below(9), random.next()]);
    const classes = values.map(([a = 0, b = 0]) => Number(a > 5 === b % 3 > 0));
    const isCategory = [false, true, false];
    const trees = trainBoosting({ matrix: matrixOf(values), isCategory, classes, classCount: 2 }, SMALL);
    const flat = flattenTrees(trees);
    const result = new Float64Array(1);
    const number = fc.oneof(fc.double(), fc.integer({ min: -2, max: 300 }));
    fc.assert(
      fc.property(fc.array(number, { minLength: 3, maxLength: 3 }), (row) => {
        scoreRow(trees, Float64Array.from(row), result);
        expect(flat(Float64Array.from(row))).toBe(result[0]);
      }),
    );
  });

  it('learn what two features tell together', () => {
    const { matrix, classes } = crossed(1);
    const trees = trainBoosting({ matrix, isCategory: NUMBERS, classes, classCount: 2 }, SMALL);
    const asked = crossed(2);
    const right = oddsOf(trees, asked.matrix).filter((odds, row) => Number(odds > 0) === asked.classes[row]).length;
    expect(right / asked.classes.length).toBeGreaterThan(0.93);
  });

  it('answer the same when a feature is put on another rising scale', () => {
    const { matrix, classes } = crossed(3);
    const stretched = { ...matrix, data: matrix.data.map((value, at) => (at % 3 === 0 ? Math.exp(5 * value) : value)) };
    const task = { isCategory: NUMBERS, classes, classCount: 2 };
    const plain = oddsOf(trainBoosting({ ...task, matrix }, SMALL), matrix);
    const other = oddsOf(trainBoosting({ ...task, matrix: stretched }, SMALL), stretched);
    for (const [row, odds] of plain.entries()) expect(other[row]).toBeCloseTo(odds, 9);
  });

  it('are the same for the same seed, also when each tree sees a part of the rows', () => {
    const { matrix, classes } = crossed(4);
    const task = { matrix, isCategory: NUMBERS, classes, classCount: 2 };
    const options = { ...SMALL, rowShare: 0.6, columnShare: 0.7, seed: 9 };
    expect(trainBoosting(task, options)).toEqual(trainBoosting(task, options));
    expect(oddsOf(trainBoosting(task, { ...options, seed: 10 }), matrix)).not.toEqual(
      oddsOf(trainBoosting(task, options), matrix),
    );
  });

  it('tell categories apart that have no order, and take one that they never saw', () => {
    const random = seededRandom(5);
    const values = Array.from({ length: 600 }, () => [random.below(12)]);
    const bad = new Set([1, 4, 7, 10]);
    const classes = values.map(([category = 0]) => Number(bad.has(category)));
    const trees = trainBoosting({ matrix: matrixOf(values), isCategory: [true], classes, classCount: 2 }, SMALL);
    const asked = matrixOf(Array.from({ length: 12 }, (_, category) => [category]));
    expect(oddsOf(trees, asked).map((odds) => odds > 0)).toEqual(
      Array.from({ length: 12 }, (_, category) => bad.has(category)),
    );
    expect(oddsOf(trees, matrixOf([[-1], [99], [Number.NaN]])).every(Number.isFinite)).toBe(true);
  });

  it('tell more than two classes apart', () => {
    const random = seededRandom(6);
    const values = Array.from({ length: 600 }, () => [random.next() * 3]);
    const classes = values.map(([value = 0]) => Math.floor(value));
    const task = { matrix: matrixOf(values), isCategory: [false], classes, classCount: 3 };
    const trees = trainBoosting(task, SMALL);
    const sums = new Float64Array(3);
    const best = [0.5, 1.5, 2.5].map((value) => {
      scoreRow(trees, Float64Array.of(value), sums);
      return sums.indexOf(Math.max(...sums));
    });
    expect(best).toEqual([0, 1, 2]);
  });

  it('give a number for every row, whatever it holds', () => {
    const { matrix, classes } = crossed(7);
    const trees = trainBoosting({ matrix, isCategory: NUMBERS, classes, classCount: 2 }, SMALL);
    const anything = fc.array(fc.double(), { minLength: 3, maxLength: 3 });
    fc.assert(fc.property(anything, (row) => Number.isFinite(oddsOf(trees, matrixOf([row]))[0])));
  });
});
