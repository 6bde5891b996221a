import { type BoostedTrees, MAXIMUM_CATEGORIES } from './boosted-trees.ts';

// Asked for every flow that ends: plain loops over typed arrays (`npm run bench -- ml`).

/** Numbers of a node that lie together, so that a step reads one line of the cache: feature, left child, categories, unused. */
const WIDTH = 4;

/**
 * Lays the nodes of trees with one output side by side.
 *
 * @returns a function from a row to the sum of its leaves: the same that `scoreRow` gives
 * @throws Error for trees with more outputs
 */
export function flattenTrees(trees: BoostedTrees): (row: Float64Array) => number {
  if (trees.outputs !== 1) throw new Error('Trees with several outputs are not laid flat.');
  const { roots, value, categories } = trees;
  const start = trees.start[0] ?? 0;
  const nodes = new Int32Array(trees.feature.length * WIDTH);
  for (let node = 0; node < trees.feature.length; node++) {
    nodes[node * WIDTH] = trees.feature[node] ?? -1;
    nodes[node * WIDTH + 1] = trees.left[node] ?? 0;
    nodes[node * WIDTH + 2] = trees.categoriesAt[node] ?? -1;
  }
  return (row) => {
    let sum = start;
    for (let tree = 0; tree < roots.length; tree++) {
      let node = roots[tree] as number;
      for (let feature = nodes[node * WIDTH] as number; feature >= 0; feature = nodes[node * WIDTH] as number) {
        const here = row[feature] as number;
        const at = nodes[node * WIDTH + 2] as number;
        let goesRight: boolean;
        if (at < 0) goesRight = here > (value[node] as number);
        else if (!(here >= 0 && here < MAXIMUM_CATEGORIES)) goesRight = true;
        else goesRight = (((categories[at + (here >>> 5)] as number) >>> (here & 31)) & 1) === 0;
        node = (nodes[node * WIDTH + 1] as number) + (goesRight ? 1 : 0);
      }
      sum += value[node] as number;
    }
    return sum;
  };
}
