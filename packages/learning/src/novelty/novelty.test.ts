import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatrix, matrixOf, rowOf } from '../data/matrix.ts';
import { condenseRows } from '../model/blend/condense-rows.ts';
import { seededRandom } from '../random/random.ts';
import { isolationScore, trainIsolationForest } from './isolation-forest.ts';
import { distanceToNearest } from './nearest-rows.ts';
import { fitPrincipalComponents, reconstructionError } from './principal-components.ts';
import { quickComponents } from './quick-components.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

function cloud(rows: number, columns: number, seed: number) {
  const random = seededRandom(seed);
  return matrixOf(Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal())));
}

describe('An isolation forest', () => {
  it('finds a row far from all others the most unusual', () => {
    const matrix = cloud(500, 4, 1);
    const forest = trainIsolationForest(matrix, { trees: 100, seed: 3 });
    const far = isolationScore(forest, Float64Array.of(9, -9, 9, -9));
    const scores = Array.from({ length: matrix.rows }, (_, row) => isolationScore(forest, rowOf(matrix, row)));
    expect(Math.max(...scores)).toBeLessThan(far);
    expect(far).toBeGreaterThan(0.7);
    expect(trainIsolationForest(matrix, { trees: 100, seed: 3 })).toEqual(forest);
  });

  it('takes rows that are all the same', () => {
    const forest = trainIsolationForest(createMatrix(20, 3), { trees: 5 });
    expect(isolationScore(forest, new Float64Array(3))).toBeCloseTo(0.5, 1);
  });
});

describe('Principal components', () => {
  it('explain a plane entirely, and what leaves it by its distance', () => {
    const random = seededRandom(2);
    const plane = matrixOf(
      Array.from({ length: 200 }, () => {
        const [a, b] = [random.normal(), random.normal()];
        return [a + 1, b, a + b];
      }),
    );
    const model = fitPrincipalComponents(plane, 2);
    for (let row = 0; row < 20; row++) expect(reconstructionError(model, rowOf(plane, row))).toBeCloseTo(0, 8);
    // (1, 1, −1)/√3 stands on the plane; two units along it are a squared distance of four.
    const off = Float64Array.of(1 + 2 / Math.sqrt(3), 2 / Math.sqrt(3), -2 / Math.sqrt(3));
    expect(reconstructionError(model, off)).toBeCloseTo(4, 6);
  });

  it('say the same by the quick way', () => {
    const random = seededRandom(9);
    const rows = matrixOf(
      Array.from({ length: 100 }, () => Array.from({ length: 8 }, () => (random.next() < 0.4 ? random.normal() : 0))),
    );
    const model = fitPrincipalComponents(rows, 3);
    const quick = quickComponents(model);
    for (let row = 0; row < 50; row++) {
      expect(quick(rowOf(rows, row))).toBeCloseTo(reconstructionError(model, rowOf(rows, row)), 8);
    }
  });

  it('stand on vectors that a symmetric matrix only stretches', () => {
    const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(values, (upper) => {
        const matrix = new Float64Array(16);
        let next = 0;
        for (let a = 0; a < 4; a++)
          for (let b = a; b < 4; b++) matrix[a * 4 + b] = matrix[b * 4 + a] = upper[next++] ?? 0;
        const eigen = symmetricEigen(matrix.slice(), 4);
        for (let vector = 0; vector < 4; vector++) {
          for (let row = 0; row < 4; row++) {
            let product = 0;
            for (let column = 0; column < 4; column++) {
              product += (matrix[row * 4 + column] ?? 0) * (eigen.vectors[vector * 4 + column] ?? 0);
            }
            expect(product).toBeCloseTo((eigen.values[vector] ?? 0) * (eigen.vectors[vector * 4 + row] ?? 0), 7);
          }
        }
      }),
    );
  });
});

describe('The distance to the nearest rows', () => {
  it('is that of a plain search, categories counted', () => {
    const numbers = cloud(60, 3, 4);
    const categories = Int16Array.from({ length: 60 }, (_, row) => row % 4);
    const asked = Float64Array.of(0.2, -0.4, 0.1);
    for (const k of [1, 3, 5]) {
      const all = Array.from({ length: 60 }, (_, row) => {
        const squares = rowOf(numbers, row).reduce((sum, value, at) => sum + (value - (asked[at] ?? 0)) ** 2, 0);
        return Math.sqrt(squares + (categories[row] === 2 ? 0 : 2));
      }).sort((a, b) => a - b);
      const found = distanceToNearest({ numbers, categories, categoryColumns: 1 }, asked, Int16Array.of(2), k);
      expect(found).toBeCloseTo(all[k - 1] ?? 0, 10);
    }
  });
});

describe('Rows that a model keeps to compare with', () => {
  it('are means of two or three rows of the same categories, and none of the rows themselves', () => {
    const random = seededRandom(8);
    const features = ['number', 'number', 'category'].map((kind) => ({
      name: kind,
      kind: kind as 'number' | 'category',
      meaning: kind,
    }));
    const rows = Array.from({ length: 100 }, (_, row) => [
      random.next() * 100,
      random.next() * 9,
      row === 7 ? 5 : row % 3,
    ]);
    const condensed = condenseRows(matrixOf(rows), features);
    expect(condensed.rows).toBeLessThanOrEqual(50);
    expect(condensed.rows).toBeGreaterThanOrEqual(33);
    const known = new Set(rows.map((row) => row.join()));
    for (let row = 0; row < condensed.rows; row++) {
      expect(known.has(rowOf(condensed, row).join())).toBe(false);
      // The row that is alone in its category is left out.
      expect([0, 1, 2]).toContain(rowOf(condensed, row)[2]);
    }
  });
});
