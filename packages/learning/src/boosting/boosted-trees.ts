/**
 * Trees of one model, all nodes in a row. Inner nodes have `feature` ≥ 0; leaves have −1 and their value in `value`.
 * Plain arrays, so that a row is judged without an object being made (`npm run bench -- ml` guards it).
 */
export interface BoostedTrees {
  /** 1 for two classes and for numbers; as many as there are classes otherwise. */
  readonly outputs: number;
  /** Where each output begins, before any tree. */
  readonly start: Float64Array;
  /** First node of each tree; tree t adds to output t modulo `outputs`. */
  readonly roots: Int32Array;
  readonly feature: Int16Array;
  /** Numbers up to and including it go left. In a leaf: what the leaf adds. */
  readonly value: Float64Array;
  /** Left child; the right one follows it. */
  readonly left: Int32Array;
  /** Where the categories that go left begin in `categories`, −1 for numbers. */
  readonly categoriesAt: Int32Array;
  /** For each categorical node `CATEGORY_WORDS` words of 32 bits: a set bit goes left. */
  readonly categories: Uint32Array;
}

/** Categories that a column can have; what is beyond, and what was never seen, goes right. */
export const MAXIMUM_CATEGORIES = 256;
export const CATEGORY_WORDS = MAXIMUM_CATEGORIES / 32;

/**
 * Sums of the trees for one row, before any link function: log-odds for two classes, one number for each class else.
 *
 * @param row values of all features; categories as whole numbers, −1 for an unknown one; NaN goes left
 * @param result as long as `outputs`
 */
export function scoreRow(trees: BoostedTrees, row: Float64Array, result: Float64Array): void {
  const { roots, outputs, value, start } = trees;
  for (let output = 0; output < outputs; output++) result[output] = start[output] ?? 0;
  for (let tree = 0; tree < roots.length; tree++) {
    const output = outputs === 1 ? 0 : tree % outputs;
    result[output] = (result[output] ?? 0) + (value[leafOf(trees, roots[tree] ?? 0, row)] ?? 0);
  }
}

/** The leaf that a row falls into, from a root on. */
export function leafOf(trees: BoostedTrees, root: number, row: Float64Array): number {
  let node = root;
  for (;;) {
    if ((trees.feature[node] ?? -1) < 0) return node;
    node = stepFrom(trees, node, row);
  }
}

function hasCategory(categories: Uint32Array, at: number, category: number): boolean {
  if (!(category >= 0 && category < MAXIMUM_CATEGORIES)) return false;
  return (((categories[at + (category >>> 5)] ?? 0) >>> (category & 31)) & 1) === 1;
}

function stepFrom(trees: BoostedTrees, node: number, row: Float64Array): number {
  const at = trees.categoriesAt[node] ?? -1;
  const here = row[trees.feature[node] ?? 0] ?? 0;
  const goesRight = at < 0 ? here > (trees.value[node] ?? 0) : !hasCategory(trees.categories, at, here);
  return (trees.left[node] ?? 0) + (goesRight ? 1 : 0);
}
