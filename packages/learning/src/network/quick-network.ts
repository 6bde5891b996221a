import { LEAK, type Network } from './network.ts';

// Asked for every flow that ends: plain loops over typed arrays (`npm run bench -- ml`). Most inputs of a row are the noughts of
// categories that it does not have; they cost nothing here.

/** Values of the hidden layers and of the last, for an input most of which is nought. */
interface Pass {
  readonly layers: readonly Float64Array[];
  /** Runs the input through the layers up to a place, the last of all included. */
  readonly run: (input: Float64Array, upTo: number) => void;
}

function createPass({ sizes, weights, biases }: Network): Pass {
  const layers = sizes.slice(1).map((size) => new Float64Array(size));
  const first = transposed(weights[0] ?? new Float32Array(0), sizes[0] ?? 0, sizes[1] ?? 0);
  const wide = weights.map((layer) => Float64Array.from(layer));
  const shifts = biases.map((layer) => Float64Array.from(layer));
  const last = layers.length - 1;
  return {
    layers,
    run(input, upTo) {
      for (let layer = 0; layer <= upTo; layer++) {
        const output = layers[layer] as Float64Array;
        output.set(shifts[layer] as Float64Array);
        if (layer === 0) addColumns(first, input, output);
        else addRows(wide[layer] as Float64Array, layers[layer - 1] as Float64Array, output);
        if (layer < last) rectify(output);
      }
    },
  };
}

/** @returns a function from a scaled row to the first value of the last layer: the same as `runNetwork`, within rounding */
export function quickNetwork(network: Network): (input: Float64Array) => number {
  const { layers, run } = createPass(network);
  const last = layers.length - 1;
  return (input) => {
    run(input, last);
    return layers[last]?.[0] ?? 0;
  };
}

/**
 * Squared distance of what an autoencoder gives back from the row, without making what it gives back: with weights W and biases b
 * of the last layer over h, |Wh + b − x|² = hᵀ(WᵀW)h + 2(Wᵀb)·h + |b|² − 2x·(Wh + b) + |x|², and x has few values.
 *
 * @returns a function from a scaled row to the distance: the same as of `runNetwork`, within rounding
 */
export function quickAutoencoder(network: Network): (input: Float64Array) => number {
  const { layers, run } = createPass(network);
  const last = layers.length - 1;
  if (last < 1) throw new Error('An autoencoder has a hidden layer.');
  const weights = Float64Array.from(network.weights[last] ?? []);
  const biases = Float64Array.from(network.biases[last] ?? []);
  const hidden = layers[last - 1] as Float64Array;
  const size = hidden.length;
  const { squares, shifts, constant } = productsOf(weights, biases, size);
  return (input) => {
    run(input, last - 1);
    let sum = constant;
    for (let a = 0; a < size; a++) {
      let row = 2 * (shifts[a] as number);
      for (let b = 0; b < size; b++) row += (squares[a * size + b] as number) * (hidden[b] as number);
      sum += row * (hidden[a] as number);
    }
    for (let at = 0; at < input.length; at++) {
      const value = input[at] as number;
      if (value === 0) continue;
      let given = biases[at] as number;
      for (let a = 0; a < size; a++) given += (weights[at * size + a] as number) * (hidden[a] as number);
      sum += value * (value - 2 * given);
    }
    return Math.max(0, sum);
  };
}

function productsOf(weights: Float64Array, biases: Float64Array, size: number) {
  const squares = new Float64Array(size * size);
  const shifts = new Float64Array(size);
  let constant = 0;
  for (let output = 0; output < biases.length; output++) {
    const bias = biases[output] ?? 0;
    constant += bias * bias;
    for (let a = 0; a < size; a++) {
      const weight = weights[output * size + a] ?? 0;
      shifts[a] = (shifts[a] ?? 0) + weight * bias;
      for (let b = 0; b < size; b++) {
        squares[a * size + b] = (squares[a * size + b] ?? 0) + weight * (weights[output * size + b] ?? 0);
      }
    }
  }
  return { squares, shifts, constant };
}

/** Input after input the weights to all neurons, where the network has neuron after neuron those of all inputs. */
function transposed(weights: Float32Array, inputs: number, neurons: number): Float64Array {
  const columns = new Float64Array(weights.length);
  for (let neuron = 0; neuron < neurons; neuron++) {
    for (let input = 0; input < inputs; input++) {
      columns[input * neurons + neuron] = weights[neuron * inputs + input] ?? 0;
    }
  }
  return columns;
}

function addColumns(columns: Float64Array, input: Float64Array, output: Float64Array): void {
  const neurons = output.length;
  for (let at = 0; at < input.length; at++) {
    const value = input[at] as number;
    if (value === 0) continue;
    const base = at * neurons;
    for (let neuron = 0; neuron < neurons; neuron++) {
      output[neuron] = (output[neuron] as number) + value * (columns[base + neuron] as number);
    }
  }
}

function addRows(weights: Float64Array, input: Float64Array, output: Float64Array): void {
  const inputs = input.length;
  for (let neuron = 0; neuron < output.length; neuron++) {
    let sum = output[neuron] as number;
    const base = neuron * inputs;
    for (let from = 0; from < inputs; from++) sum += (weights[base + from] as number) * (input[from] as number);
    output[neuron] = sum;
  }
}

function rectify(values: Float64Array): void {
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (!(value > 0)) values[at] = LEAK * value;
  }
}
