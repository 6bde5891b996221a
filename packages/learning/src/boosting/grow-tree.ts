import type { Bins } from './bins.ts';
import { CATEGORY_WORDS } from './boosted-trees.ts';
import { findSplit, type Split } from './find-split.ts';
import { addToHistogram, createHistogram, type Histogram, subtractHistogram } from './histogram.ts';
import type { TreeWriter } from './tree-writer.ts';

export interface TreeOptions {
  readonly maximumLeaves: number;
  /** Fewest rows of a leaf. */
  readonly minimumRows: number;
  /** λ of the regularised objective: pulls leaf values to zero. */
  readonly regularisation: number;
  /** Smallest sum of second derivatives of a leaf. */
  readonly minimumHessian: number;
  readonly learningRate: number;
}

interface OpenLeaf {
  readonly node: number;
  /** Rows of the leaf in `order`. */
  readonly from: number;
  readonly to: number;
  readonly histogram: Histogram;
  readonly gradient: number;
  readonly hessian: number;
  /** What the leaf adds to its rows. */
  readonly value: number;
  readonly split: Split | undefined;
}

export interface Growth {
  readonly bins: Bins;
  readonly rows: number;
  readonly isCategory: readonly boolean[];
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  /** Columns that this tree may use. */
  readonly columns: readonly number[];
  readonly options: TreeOptions;
}

/**
 * Grows one tree, always at the leaf that gains most (best first, Shi 2007), and adds what each leaf says to the sums
 * of its rows.
 *
 * Values of leaves are −G / (H + λ): the Newton step of Friedman (2001) and of Chen and Guestrin (XGBoost, 2016).
 *
 * @param order rows of the tree; put in another order
 * @param take told rows of each leaf (from, to in `order`) and the leaf's value
 */
export function growTree(
  growth: Growth,
  order: Int32Array,
  writer: TreeWriter,
  take: (from: number, to: number, value: number) => void,
): void {
  const spare = new Int32Array(order.length);
  const open = [openRoot(growth, order, writer)];
  for (let leaves = 1; leaves < growth.options.maximumLeaves; leaves++) {
    const best = open.reduce((most, leaf) => ((leaf.split?.gain ?? 0) > (most.split?.gain ?? 0) ? leaf : most));
    if (best.split === undefined) break;
    open.splice(open.indexOf(best), 1, ...divide(growth, best, best.split, order, spare, writer));
  }
  for (const { node, from, to, value } of open) {
    writer.closeLeaf(node, value);
    take(from, to, value);
  }
}

function leafValue(gradient: number, hessian: number, { regularisation, learningRate }: TreeOptions): number {
  return (-gradient / (hessian + regularisation)) * learningRate;
}

function openRoot(growth: Growth, order: Int32Array, writer: TreeWriter): OpenLeaf {
  const histogram = createHistogram(growth.bins, growth.columns);
  addToHistogram(histogram, growth, order, 0, order.length);
  let gradient = 0;
  let hessian = 0;
  for (const row of order) {
    gradient += growth.gradient[row] ?? 0;
    hessian += growth.hessian[row] ?? 0;
  }
  return openLeaf(growth, writer.addRoot(), 0, order.length, histogram, gradient, hessian);
}

function openLeaf(
  growth: Growth,
  node: number,
  from: number,
  to: number,
  histogram: Histogram,
  gradient: number,
  hessian: number,
): OpenLeaf {
  const split =
    to - from < 2 * growth.options.minimumRows
      ? undefined
      : findSplit(growth, histogram, { gradient, hessian, count: to - from });
  const value = leafValue(gradient, hessian, growth.options);
  return { node, from, to, histogram, gradient, hessian, value, split };
}

/** Parts the rows of a leaf; only the smaller side is counted, the other is what is left (histogram subtraction). */
function divide(
  growth: Growth,
  leaf: OpenLeaf,
  split: Split,
  order: Int32Array,
  spare: Int32Array,
  writer: TreeWriter,
): OpenLeaf[] {
  const middle = partition(growth, leaf, split, order, spare);
  const left = writer.splitNode(leaf.node, split, growth.bins);
  const isLeftSmaller = middle - leaf.from <= leaf.to - middle;
  const smaller = createHistogram(growth.bins, growth.columns);
  if (isLeftSmaller) addToHistogram(smaller, growth, order, leaf.from, middle);
  else addToHistogram(smaller, growth, order, middle, leaf.to);
  const larger = subtractHistogram(leaf.histogram, smaller);
  const { gradient, hessian } = split;
  return [
    openLeaf(growth, left, leaf.from, middle, isLeftSmaller ? smaller : larger, gradient, hessian),
    openLeaf(
      growth,
      left + 1,
      middle,
      leaf.to,
      isLeftSmaller ? larger : smaller,
      leaf.gradient - gradient,
      leaf.hessian - hessian,
    ),
  ];
}

/** Rows that go left come first, both sides in the order that they had. @returns first row of the right side */
function partition(growth: Growth, leaf: OpenLeaf, split: Split, order: Int32Array, spare: Int32Array): number {
  const codes = growth.bins.codes.subarray(split.column * growth.rows, (split.column + 1) * growth.rows);
  let left = leaf.from;
  let right = 0;
  for (let at = leaf.from; at < leaf.to; at++) {
    const row = order[at] ?? 0;
    const bin = codes[row] ?? 0;
    const goesLeft =
      split.categories === undefined
        ? bin <= split.bin
        : bin < CATEGORY_WORDS * 32 && (((split.categories[bin >>> 5] ?? 0) >>> (bin & 31)) & 1) === 1;
    if (goesLeft) order[left++] = row;
    else spare[right++] = row;
  }
  order.set(spare.subarray(0, right), left);
  return left;
}
