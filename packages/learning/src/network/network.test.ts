import { describe, expect, it } from 'vitest';
import { type Matrix, matrixOf, rowOf } from '../data/matrix.ts';
import { seededRandom } from '../random/random.ts';
import { createActivations, type Network, runNetwork } from './network.ts';
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
});
