/** Layers of a network whose neurons are all joined to the next layer (multi-layer perceptron). */
export interface Network {
  /** Neurons of each layer, the inputs first. */
  readonly sizes: readonly number[];
  /** For each layer but the first: weights, input after input for each neuron. */
  readonly weights: readonly Float32Array[];
  readonly biases: readonly Float32Array[];
}

/** Room for the values of all layers, made once and used for every row. */
export function createActivations({ sizes }: Network): Float32Array[] {
  return sizes.map((size) => new Float32Array(size));
}

/**
 * Values of the last layer for the row that stands in the first activation. Hidden layers let little through below zero
 * (leaky ReLU: Maas, Hannun and Ng, 2013), so that no neuron dies; the last one is linear, so a caller puts on it what
 * fits its question.
 */
export function runNetwork({ sizes, weights, biases }: Network, activations: readonly Float32Array[]): Float32Array {
  for (let layer = 1; layer < sizes.length; layer++) {
    const input = activations[layer - 1] ?? EMPTY;
    const output = activations[layer] ?? EMPTY;
    const isLast = layer === sizes.length - 1;
    runLayer(input, weights[layer - 1] ?? EMPTY, biases[layer - 1] ?? EMPTY, output, isLast);
  }
  return activations.at(-1) ?? EMPTY;
}

/** Share of a negative sum that a hidden neuron lets through. */
export const LEAK = 0.01;

const EMPTY = new Float32Array(0);

function runLayer(
  input: Float32Array,
  weights: Float32Array,
  biases: Float32Array,
  output: Float32Array,
  isLinear: boolean,
): void {
  const inputs = input.length;
  for (let neuron = 0; neuron < output.length; neuron++) {
    let sum = biases[neuron] ?? 0;
    const base = neuron * inputs;
    for (let from = 0; from < inputs; from++) sum += (weights[base + from] ?? 0) * (input[from] ?? 0);
    output[neuron] = isLinear || sum > 0 ? sum : LEAK * sum;
  }
}
