import type { Matrix } from '../data/matrix.ts';
import { type Random, seededRandom, shuffle } from '../random/random.ts';
import { createActivations, LEAK, type Network, runNetwork } from './network.ts';

export interface NetworkOptions {
  /** Neurons of the hidden layers. */
  readonly hidden: readonly number[];
  readonly epochs?: number;
  readonly batchRows?: number;
  readonly learningRate?: number;
  /** Pulls weights to zero (decoupled weight decay, Loshchilov and Hutter, 2019). */
  readonly weightDecay?: number;
  readonly seed?: number;
  /** Told after each epoch, with the share that is done. */
  readonly progress?: (fraction: number) => void;
}

const DEFAULTS = { epochs: 20, batchRows: 64, learningRate: 2e-3, weightDecay: 1e-4, seed: 1 };

/**
 * Learns the probability of the second of two classes: put `1 / (1 + exp(−x))` on the single output.
 *
 * @param labels 0 or 1 for each row
 * @param weights how much each row counts; 1 where absent
 */
export function trainClassifier(
  inputs: Matrix,
  labels: ArrayLike<number>,
  options: NetworkOptions,
  weights?: ArrayLike<number>,
): Network {
  return train(inputs, 1, options, (row, output, error) => {
    const probability = 1 / (1 + Math.exp(-(output[0] ?? 0)));
    error[0] = (probability - (labels[row] ?? 0)) * (weights?.[row] ?? 1);
  });
}

/**
 * Learns to give back its own input through a narrow layer (autoencoder; Hinton and Salakhutdinov, 2006). Trained on
 * normal rows, it gives back badly what it has not met (Japkowicz, Myers and Gluck, 1995).
 */
export function trainAutoencoder(inputs: Matrix, options: NetworkOptions): Network {
  const { columns, data } = inputs;
  return train(inputs, columns, options, (row, output, error) => {
    const base = row * columns;
    for (let column = 0; column < columns; column++) {
      error[column] = ((output[column] ?? 0) - (data[base + column] ?? 0)) / Math.sqrt(columns);
    }
  });
}

/** Puts the derivative of the loss by each output of a row into `error`. */
type Loss = (row: number, output: Float32Array, error: Float32Array) => void;

function train(inputs: Matrix, outputs: number, options: NetworkOptions, loss: Loss): Network {
  const chosen = { ...DEFAULTS, ...options };
  const random = seededRandom(chosen.seed);
  const network = createNetwork([inputs.columns, ...chosen.hidden, outputs], random);
  const steps = createSteps(network);
  const activations = createActivations(network);
  const errors = createActivations(network);
  const order = Int32Array.from({ length: inputs.rows }, (_, row) => row);
  for (let epoch = 0; epoch < chosen.epochs; epoch++) {
    shuffle(order, random);
    // The step becomes shorter towards the end, along a cosine (Loshchilov and Hutter, 2017).
    const rate = chosen.learningRate * (0.05 + 0.95 * 0.5 * (1 + Math.cos((Math.PI * epoch) / chosen.epochs)));
    for (let from = 0; from < order.length; from += chosen.batchRows) {
      const to = Math.min(order.length, from + chosen.batchRows);
      for (let at = from; at < to; at++) {
        const row = order[at] ?? 0;
        activations[0]?.set(inputs.data.subarray(row * inputs.columns, (row + 1) * inputs.columns));
        runNetwork(network, activations);
        loss(row, activations.at(-1) ?? EMPTY, errors.at(-1) ?? EMPTY);
        propagate(network, activations, errors, steps);
      }
      step(network, steps, to - from, rate, chosen.weightDecay);
    }
    chosen.progress?.((epoch + 1) / chosen.epochs);
  }
  return network;
}

const EMPTY = new Float32Array(0);

/** Weights start small and at random, by the number of inputs (He and others, 2015). */
function createNetwork(sizes: readonly number[], random: Random): Network {
  const weights = sizes.slice(1).map((size, index) => {
    const inputs = sizes[index] ?? 1;
    return Float32Array.from({ length: size * inputs }, () => random.normal() * Math.sqrt(2 / inputs));
  });
  return { sizes, weights, biases: sizes.slice(1).map((size) => new Float32Array(size)) };
}

/** Derivatives of a batch, and what Adam remembers of earlier ones. */
interface Steps {
  readonly weights: readonly Moments[];
  readonly biases: readonly Moments[];
  taken: number;
}

interface Moments {
  readonly sum: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

function createSteps({ weights, biases }: Network): Steps {
  const momentsOf = ({ length }: Float32Array): Moments => ({
    sum: new Float32Array(length),
    first: new Float32Array(length),
    second: new Float32Array(length),
  });
  return { weights: weights.map(momentsOf), biases: biases.map(momentsOf), taken: 0 };
}

/** Carries the errors of the last layer back and adds up the derivatives (Rumelhart, Hinton and Williams, 1986). */
function propagate(
  { sizes, weights }: Network,
  activations: readonly Float32Array[],
  errors: readonly Float32Array[],
  steps: Steps,
): void {
  for (let layer = sizes.length - 1; layer > 0; layer--) {
    const input = activations[layer - 1] ?? EMPTY;
    const error = errors[layer] ?? EMPTY;
    const before = errors[layer - 1] ?? EMPTY;
    const matrix = weights[layer - 1] ?? EMPTY;
    const sums = steps.weights[layer - 1]?.sum ?? EMPTY;
    const biasSums = steps.biases[layer - 1]?.sum ?? EMPTY;
    const inputs = input.length;
    before.fill(0);
    for (let neuron = 0; neuron < error.length; neuron++) {
      const wrong = error[neuron] ?? 0;
      if (wrong === 0) continue;
      const base = neuron * inputs;
      biasSums[neuron] = (biasSums[neuron] ?? 0) + wrong;
      for (let from = 0; from < inputs; from++) {
        sums[base + from] = (sums[base + from] ?? 0) + wrong * (input[from] ?? 0);
        before[from] = (before[from] ?? 0) + wrong * (matrix[base + from] ?? 0);
      }
    }
    if (layer > 1)
      for (let from = 0; from < inputs; from++) if ((input[from] ?? 0) <= 0) before[from] = LEAK * (before[from] ?? 0);
  }
}

/** One step of Adam (Kingma and Ba, 2015), with the constants of the paper. */
function step(network: Network, steps: Steps, rows: number, rate: number, decay: number): void {
  steps.taken++;
  const firstScale = 1 / (1 - 0.9 ** steps.taken);
  const secondScale = 1 / (1 - 0.999 ** steps.taken);
  const move = (values: Float32Array, { sum, first, second }: Moments, shrink: number) => {
    for (let at = 0; at < values.length; at++) {
      const slope = (sum[at] ?? 0) / rows;
      const mean = 0.9 * (first[at] ?? 0) + 0.1 * slope;
      const spread = 0.999 * (second[at] ?? 0) + 0.001 * slope * slope;
      first[at] = mean;
      second[at] = spread;
      const value = values[at] ?? 0;
      values[at] = value - rate * ((mean * firstScale) / (Math.sqrt(spread * secondScale) + 1e-8) + shrink * value);
      sum[at] = 0;
    }
  };
  for (const [layer, moments] of steps.weights.entries()) move(network.weights[layer] ?? EMPTY, moments, decay);
  for (const [layer, moments] of steps.biases.entries()) move(network.biases[layer] ?? EMPTY, moments, 0);
}
