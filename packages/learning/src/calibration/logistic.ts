/** Log-odds as a weighted sum. */
export interface LogisticModel {
  readonly weights: readonly number[];
  readonly bias: number;
}

export interface LogisticOptions {
  /** No weight falls below zero, so that a higher input never lowers the answer. */
  readonly isNonNegative?: boolean;
  /** Pulls weights to zero. */
  readonly regularisation?: number;
}

/**
 * Logistic regression by Newton's steps with halving. With one input it is Platt's calibration (1999, with the targets
 * kept at 0 and 1); with scores of several models and non-negative weights it is stacking (Wolpert, 1992; Breiman, 1996,
 * on why weights must not be negative).
 *
 * @param columns inputs, column after column
 */
export function fitLogistic(
  columns: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
  options: LogisticOptions = {},
): LogisticModel {
  const size = columns.length + 1;
  const total = sumOf(labels.length, (row) => weights?.[row] ?? 1);
  const task: Task = { columns, labels, weights, total, regularisation: options.regularisation ?? 1e-3 };
  let parameters = new Float64Array(size);
  let loss = lossOf(task, parameters);
  for (let iteration = 0; iteration < 100; iteration++) {
    const { gradient, hessian } = derivativesOf(task, parameters);
    // A weight that stands at zero and would fall is left out of this step.
    const held = parameters.map((value, at) =>
      options.isNonNegative === true && at < size - 1 && value <= 0 && (gradient[at] ?? 0) > 0 ? 1 : 0,
    );
    const step = solve(hessian, gradient, held, size);
    const found = shorten(task, parameters, step, loss, options.isNonNegative === true);
    if (found === undefined) break;
    const gain = loss - found.loss;
    parameters = found.parameters;
    loss = found.loss;
    if (gain < 1e-10) break;
  }
  return { weights: Array.from(parameters.subarray(0, size - 1)), bias: parameters[size - 1] ?? 0 };
}

/** @returns log-odds of one row */
export function logOdds({ weights, bias }: LogisticModel, inputs: ArrayLike<number>): number {
  let sum = bias;
  for (let at = 0; at < weights.length; at++) sum += (weights[at] ?? 0) * (inputs[at] ?? 0);
  return sum;
}

export function probabilityOf(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}

interface Task {
  readonly columns: readonly ArrayLike<number>[];
  readonly labels: ArrayLike<number>;
  readonly weights: ArrayLike<number> | undefined;
  readonly total: number;
  readonly regularisation: number;
}

function sumOf(count: number, termOf: (index: number) => number): number {
  let sum = 0;
  for (let index = 0; index < count; index++) sum += termOf(index);
  return sum;
}

function oddsOfRow({ columns }: Task, parameters: Float64Array, row: number): number {
  let sum = parameters[columns.length] ?? 0;
  for (let at = 0; at < columns.length; at++) sum += (parameters[at] ?? 0) * (columns[at]?.[row] ?? 0);
  return sum;
}

function lossOf(task: Task, parameters: Float64Array): number {
  const { labels, weights, total, regularisation } = task;
  const fit = sumOf(labels.length, (row) => {
    const odds = oddsOfRow(task, parameters, row);
    const wrong = labels[row] === 1 ? -odds : odds;
    return (weights?.[row] ?? 1) * (Math.max(wrong, 0) + Math.log1p(Math.exp(-Math.abs(wrong))));
  });
  return fit / total + regularisation * sumOf(parameters.length - 1, (at) => (parameters[at] ?? 0) ** 2);
}

function derivativesOf(task: Task, parameters: Float64Array): { gradient: Float64Array; hessian: Float64Array } {
  const { columns, labels, weights, total, regularisation } = task;
  const size = parameters.length;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const row = new Float64Array(size);
  for (let index = 0; index < labels.length; index++) {
    for (let at = 0; at < size; at++) row[at] = at < columns.length ? (columns[at]?.[index] ?? 0) : 1;
    const probability = probabilityOf(oddsOfRow(task, parameters, index));
    const weight = (weights?.[index] ?? 1) / total;
    const slope = weight * (probability - (labels[index] ?? 0));
    const bend = weight * Math.max(probability * (1 - probability), 1e-9);
    for (let a = 0; a < size; a++) {
      gradient[a] = (gradient[a] ?? 0) + slope * (row[a] ?? 0);
      for (let b = 0; b < size; b++) {
        hessian[a * size + b] = (hessian[a * size + b] ?? 0) + bend * (row[a] ?? 0) * (row[b] ?? 0);
      }
    }
  }
  for (let at = 0; at < size - 1; at++) {
    gradient[at] = (gradient[at] ?? 0) + 2 * regularisation * (parameters[at] ?? 0);
    hessian[at * size + at] = (hessian[at * size + at] ?? 0) + 2 * regularisation;
  }
  return { gradient, hessian };
}

/** Solves hessian × step = gradient by elimination; rows that are held stay at zero. */
function solve(hessian: Float64Array, gradient: Float64Array, held: Float64Array, size: number): Float64Array {
  const left = hessian.slice();
  const right = gradient.slice();
  for (let at = 0; at < size; at++) {
    if (held[at] !== 1) continue;
    for (let other = 0; other < size; other++) left[at * size + other] = left[other * size + at] = 0;
    left[at * size + at] = 1;
    right[at] = 0;
  }
  for (let pivot = 0; pivot < size; pivot++) {
    const scale = (left[pivot * size + pivot] ?? 0) + 1e-12;
    for (let row = pivot + 1; row < size; row++) {
      const factor = (left[row * size + pivot] ?? 0) / scale;
      if (factor === 0) continue;
      for (let column = pivot; column < size; column++) {
        left[row * size + column] = (left[row * size + column] ?? 0) - factor * (left[pivot * size + column] ?? 0);
      }
      right[row] = (right[row] ?? 0) - factor * (right[pivot] ?? 0);
    }
  }
  const step = new Float64Array(size);
  for (let row = size - 1; row >= 0; row--) {
    let rest = right[row] ?? 0;
    for (let column = row + 1; column < size; column++) rest -= (left[row * size + column] ?? 0) * (step[column] ?? 0);
    step[row] = rest / ((left[row * size + row] ?? 0) + 1e-12);
  }
  return step;
}

/** Goes along the step, half as far each time, until the loss falls. */
function shorten(
  task: Task,
  from: Float64Array,
  step: Float64Array,
  loss: number,
  isNonNegative: boolean,
): { parameters: Float64Array<ArrayBuffer>; loss: number } | undefined {
  for (let length = 1; length > 1e-6; length /= 2) {
    const parameters = Float64Array.from(from, (value, at) => {
      const moved = value - length * (step[at] ?? 0);
      return isNonNegative && at < from.length - 1 ? Math.max(0, moved) : moved;
    });
    const found = lossOf(task, parameters);
    if (found < loss) return { parameters, loss: found };
  }
  return undefined;
}
