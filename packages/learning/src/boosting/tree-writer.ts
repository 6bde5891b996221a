import type { Bins } from './bins.ts';
import { type BoostedTrees, CATEGORY_WORDS } from './boosted-trees.ts';
import type { Split } from './find-split.ts';

/** Collects the nodes of all trees as they grow. */
export interface TreeWriter {
  readonly addRoot: () => number;
  /** @returns left child; the right one follows it */
  readonly splitNode: (node: number, split: Split, bins: Bins) => number;
  readonly closeLeaf: (node: number, value: number) => void;
  readonly finish: (outputs: number, start: Float64Array) => BoostedTrees;
}

export function createTreeWriter(): TreeWriter {
  const roots: number[] = [];
  const feature: number[] = [];
  const value: number[] = [];
  const left: number[] = [];
  const categoriesAt: number[] = [];
  const categories: number[] = [];
  const add = () => {
    feature.push(-1);
    value.push(0);
    left.push(-1);
    categoriesAt.push(-1);
    return feature.length - 1;
  };
  return {
    addRoot() {
      const node = add();
      roots.push(node);
      return node;
    },
    splitNode(node, split, { bounds }) {
      const child = add();
      add();
      feature[node] = split.column;
      left[node] = child;
      if (split.categories === undefined) value[node] = bounds[split.column]?.[split.bin] ?? 0;
      else {
        categoriesAt[node] = categories.length;
        categories.push(...split.categories.subarray(0, CATEGORY_WORDS));
      }
      return child;
    },
    closeLeaf(node, leafValue) {
      value[node] = leafValue;
    },
    finish: (outputs, start) => ({
      outputs,
      start,
      roots: Int32Array.from(roots),
      feature: Int16Array.from(feature),
      value: Float64Array.from(value),
      left: Int32Array.from(left),
      categoriesAt: Int32Array.from(categoriesAt),
      categories: Uint32Array.from(categories),
    }),
  };
}
