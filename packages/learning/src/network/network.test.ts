import { describe, expect, it } from 'vitest';
import { type Matrix, matrixOf, rowOf } from '../data/matrix.ts';
import { seededRandom } from '../random/random.ts';
import { createActivations, type Network, runNetwork } from './network.ts';
import { quickAutoencoder, quickNetwork } from './quick-network.ts';
import { trainAutoencoder, trainClassifier } from './train-network.ts';

function ask(network: Network, matrix: Matrix, row: number): Float32Array {
  const activations = createActivations(network);
  activations[0]?.set(rowOf(matrix, row));
  return runNetwork(network, activations);
}

describe('A network', () => {
  it('learns a ring around the middle, which no straight line parts', () => {
    const random = seededRandom(1);
    const matrix = matrixOf(Array.from({ length: 800 }, () => [random.normal(), random.normal()]));
    const labels = Array.from({ length: 800 }, (_, row) => Number(Math.hypot(...rowOf(matrix, row)) > 1.2));
    const network = trainClassifier(matrix, labels, { hidden: [16, 8], epochs: 40, learningRate: 1e-2, seed: 2 });
    const right = labels.filter((label, row) => Number((ask(network, matrix, row)[0] ?? 0) > 0) === label).length;
    expect(right / labels.length).toBeGreaterThan(0.95);
    expect(trainClassifier(matrix, labels, { hidden: [16, 8], epochs: 1, seed: 2 })).toEqual(
      trainClassifier(matrix, labels, { hidden: [16, 8], epochs: 1, seed: 2 }),
    );
  });

  it('gives back what it has met better than what it has not (autoencoder)', () => {
    const random = seededRandom(3);
    const line = matrixOf(
      Array.from({ length: 500 }, () => {
        const along = random.normal();
        return [along, 2 * along, -along, 0.5 * along];
      }),
    );
    const network = trainAutoencoder(line, { hidden: [8, 1, 8], epochs: 60, learningRate: 5e-3, seed: 4 });
    const errorOf = (values: number[]) => {
      const output = ask(network, matrixOf([values]), 0);
      return values.reduce((sum, value, at) => sum + (value - (output[at] ?? 0)) ** 2, 0);
    };
    expect(errorOf([0.5, 1, -0.5, 0.25]) * 10).toBeLessThan(errorOf([0.5, -1, 0.5, -0.25]));
  });

  it('says the same by the quick way, for rows that are mostly nought', () => {
    const random = seededRandom(5);
    const sparse = matrixOf(
      Array.from({ length: 200 }, () => Array.from({ length: 12 }, () => (random.next() < 0.3 ? random.normal() : 0))),
    );
    const labels = Array.from({ length: 200 }, (_, row) => Number((rowOf(sparse, row)[0] ?? 0) > 0));
    const network = trainClassifier(sparse, labels, { hidden: [6, 4], epochs: 2, seed: 6 });
    const autoencoder = trainAutoencoder(sparse, { hidden: [6, 3, 6], epochs: 2, seed: 7 });
    const [quick, error] = [quickNetwork(network), quickAutoencoder(autoencoder)];
    for (let row = 0; row < 50; row++) {
      const values = rowOf(sparse, row);
      expect(quick(values)).toBeCloseTo(ask(network, sparse, row)[0] ?? Number.NaN, 4);
      const output = ask(autoencoder, sparse, row);
      expect(error(values)).toBeCloseTo(
        values.reduce((sum, value, at) => sum + (value - (output[at] ?? 0)) ** 2, 0),
        3,
      );
    }
  });
});
