import type { Random } from '../random/random.ts';

/** No node, no leaf. */
export const NONE = -1;

/** Where the points of a tree are kept: point after point, shared by all trees of a forest. */
export interface PointStore {
  readonly dimensions: number;
  readonly data: Float32Array;
}

/**
 * One tree of a robust random cut forest (Guha, Mishra, Roy and Schrijvers, "Robust random cut forest based anomaly detection
 * on streams", ICML 2016): a dimension is cut with a chance that follows its extent, so that a point far outside is cut off
 * early. Points come (algorithm 2 there) and go (algorithm 1) one at a time, and the tree is distributed as if it had been
 * grown from those that are in it. Nodes 0 to capacity − 1 are leaves, for the slots of the points; inner nodes follow.
 * All memory is taken at the beginning.
 */
export class RandomCutTree {
  readonly #points: PointStore;
  readonly #capacity: number;
  readonly #random: Random;
  readonly #parent: Int32Array;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #cutDimension: Int16Array;
  readonly #cutValue: Float64Array;
  /** Points below a node. */
  readonly #count: Int32Array;
  /** For each inner node the least and the greatest of each dimension; of a leaf it is the point itself. */
  readonly #boxes: Float32Array;
  /** For each slot the leaf that stands for its point: equal points share one. */
  readonly #leafOf: Int32Array;
  /** Inner nodes that are free, as a stack. */
  readonly #free: Int32Array;
  #freeCount: number;
  #root = NONE;

  /** @param capacity points at most */
  constructor(points: PointStore, capacity: number, random: Random) {
    const nodes = 2 * capacity;
    this.#points = points;
    this.#capacity = capacity;
    this.#random = random;
    this.#parent = new Int32Array(nodes).fill(NONE);
    this.#left = new Int32Array(nodes).fill(NONE);
    this.#right = new Int32Array(nodes).fill(NONE);
    this.#cutDimension = new Int16Array(nodes);
    this.#cutValue = new Float64Array(nodes);
    this.#count = new Int32Array(nodes);
    this.#boxes = new Float32Array(capacity * points.dimensions * 2);
    this.#leafOf = new Int32Array(capacity).fill(NONE);
    this.#free = Int32Array.from({ length: capacity }, (_, at) => nodes - 1 - at);
    this.#freeCount = capacity;
  }

  /** Takes the point of a slot, which the tree does not hold yet. */
  insert(slot: number): void {
    this.#count[slot] = 1;
    this.#leafOf[slot] = slot;
    this.#parent[slot] = NONE;
    if (this.#root === NONE) {
      this.#root = slot;
      return;
    }
    let node = this.#root;
    for (;;) {
      const cut = this.#cutOff(slot, node);
      if (cut !== undefined) {
        this.#splitAbove(node, slot, cut);
        return;
      }
      if (this.#isLeaf(node)) {
        // The same values: one leaf stands for both.
        this.#leafOf[slot] = node;
        this.#addAbove(node, 1);
        return;
      }
      this.#widen(node, slot);
      node =
        this.#at(slot, this.#cutDimension[node] ?? 0) <= (this.#cutValue[node] ?? 0)
          ? this.#leftOf(node)
          : this.#rightOf(node);
    }
  }

  /** Lets the point of a slot go. */
  forget(slot: number): void {
    const leaf = this.#leafOf[slot] ?? NONE;
    if (leaf === NONE) return;
    this.#leafOf[slot] = NONE;
    if ((this.#count[leaf] ?? 0) > 1) {
      this.#addAbove(leaf, -1);
      if (leaf === slot) this.#handOn(leaf);
      return;
    }
    const parent = this.#parent[leaf] ?? NONE;
    if (parent === NONE) {
      this.#root = NONE;
      return;
    }
    const sibling = this.#siblingOf(leaf);
    const above = this.#parent[parent] ?? NONE;
    this.#parent[sibling] = above;
    if (above === NONE) this.#root = sibling;
    else this.#replaceChild(above, parent, sibling);
    this.#free[this.#freeCount++] = parent;
    for (let node = above; node !== NONE; node = this.#parent[node] ?? NONE) {
      this.#count[node] = (this.#count[node] ?? 0) - 1;
      this.#fitBox(node);
    }
  }

  /**
   * Collusive displacement of a point of the tree (definition 4 of the paper): how many points would move up, for each of those
   * that go with it, if the point and its like were not there; the most over all of its ancestors.
   *
   * @param shares where given, the displacement is added to the dimensions that set the point apart there: to each by how far
   *   it lies outside of the others
   */
  displacement(slot: number, shares?: Float64Array): number {
    let most = 0;
    let where = NONE;
    let node = this.#leafOf[slot] ?? NONE;
    while (node !== NONE && (this.#parent[node] ?? NONE) !== NONE) {
      const moved = (this.#count[this.#siblingOf(node)] ?? 0) / Math.max(1, this.#count[node] ?? 1);
      if (moved > most) {
        most = moved;
        where = node;
      }
      node = this.#parent[node] ?? NONE;
    }
    if (shares !== undefined && where !== NONE) this.#addShares(slot, where, most, shares);
    return most;
  }

  /** @param where the node below which the point hangs when it is set apart */
  #addShares(slot: number, where: number, most: number, shares: Float64Array): void {
    const { dimensions } = this.#points;
    const others = this.#siblingOf(where);
    let total = 0;
    for (let dimension = 0; dimension < dimensions; dimension++) total += this.#gap(slot, others, dimension);
    if (total <= 0) {
      const cut = this.#cutDimension[this.#parent[where] ?? 0] ?? 0;
      shares[cut] = (shares[cut] ?? 0) + most;
      return;
    }
    for (let dimension = 0; dimension < dimensions; dimension++) {
      shares[dimension] = (shares[dimension] ?? 0) + (most * this.#gap(slot, others, dimension)) / total;
    }
  }

  #gap(slot: number, node: number, dimension: number): number {
    const here = this.#at(slot, dimension);
    return Math.max(0, here - this.#greatest(node, dimension), this.#least(node, dimension) - here);
  }

  /** Draws a cut of the box that would hold both. @returns it, where it parts the point from the node */
  #cutOff(slot: number, node: number): { readonly dimension: number; readonly value: number } | undefined {
    const { dimensions } = this.#points;
    let extent = 0;
    for (let dimension = 0; dimension < dimensions; dimension++) extent += this.#joinedExtent(slot, node, dimension);
    if (extent <= 0) return undefined;
    let drawn = this.#random.next() * extent;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      const length = this.#joinedExtent(slot, node, dimension);
      if (drawn >= length) {
        drawn -= length;
        continue;
      }
      const here = this.#at(slot, dimension);
      const least = this.#least(node, dimension);
      const value = Math.min(least, here) + drawn;
      const isApart = (here <= value && value < least) || (this.#greatest(node, dimension) <= value && value < here);
      return isApart ? { dimension, value } : undefined;
    }
    return undefined;
  }

  #joinedExtent(slot: number, node: number, dimension: number): number {
    const here = this.#at(slot, dimension);
    return Math.max(here, this.#greatest(node, dimension)) - Math.min(here, this.#least(node, dimension));
  }

  /** Puts a new inner node in the place of one, with that one and the leaf of the slot below it. */
  #splitAbove(node: number, slot: number, cut: { readonly dimension: number; readonly value: number }): void {
    const inner = this.#free[--this.#freeCount] ?? 0;
    const above = this.#parent[node] ?? NONE;
    const isLeft = this.#at(slot, cut.dimension) <= cut.value;
    this.#cutDimension[inner] = cut.dimension;
    this.#cutValue[inner] = cut.value;
    this.#left[inner] = isLeft ? slot : node;
    this.#right[inner] = isLeft ? node : slot;
    this.#parent[inner] = above;
    this.#parent[node] = inner;
    this.#parent[slot] = inner;
    this.#count[inner] = this.#count[node] ?? 0;
    if (above === NONE) this.#root = inner;
    else this.#replaceChild(above, node, inner);
    this.#fitBox(inner);
    for (let each = inner; each !== NONE; each = this.#parent[each] ?? NONE)
      this.#count[each] = (this.#count[each] ?? 0) + 1;
  }

  #addAbove(node: number, points: number): void {
    for (let each = node; each !== NONE; each = this.#parent[each] ?? NONE) {
      this.#count[each] = (this.#count[each] ?? 0) + points;
    }
  }

  /** The leaf of a slot that is to be used again stands for equal points: another of their slots takes its place. */
  #handOn(leaf: number): void {
    const heir = this.#leafOf.indexOf(leaf);
    for (let slot = heir; slot < this.#capacity && slot >= 0; slot++)
      if (this.#leafOf[slot] === leaf) this.#leafOf[slot] = heir;
    const parent = this.#parent[leaf] ?? NONE;
    this.#count[heir] = this.#count[leaf] ?? 0;
    this.#parent[heir] = parent;
    if (parent === NONE) this.#root = heir;
    else this.#replaceChild(parent, leaf, heir);
  }

  #replaceChild(parent: number, from: number, to: number): void {
    if (this.#left[parent] === from) this.#left[parent] = to;
    else this.#right[parent] = to;
  }

  #widen(node: number, slot: number): void {
    const { dimensions, data } = this.#points;
    const base = (node - this.#capacity) * dimensions * 2;
    const from = slot * dimensions;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      const here = data[from + dimension] ?? 0;
      if (here < (this.#boxes[base + dimension] ?? 0)) this.#boxes[base + dimension] = here;
      if (here > (this.#boxes[base + dimensions + dimension] ?? 0)) this.#boxes[base + dimensions + dimension] = here;
    }
  }

  #fitBox(node: number): void {
    const { dimensions } = this.#points;
    const base = (node - this.#capacity) * dimensions * 2;
    const left = this.#leftOf(node);
    const right = this.#rightOf(node);
    for (let dimension = 0; dimension < dimensions; dimension++) {
      this.#boxes[base + dimension] = Math.min(this.#least(left, dimension), this.#least(right, dimension));
      this.#boxes[base + dimensions + dimension] = Math.max(
        this.#greatest(left, dimension),
        this.#greatest(right, dimension),
      );
    }
  }

  #least(node: number, dimension: number): number {
    if (this.#isLeaf(node)) return this.#at(node, dimension);
    return this.#boxes[(node - this.#capacity) * this.#points.dimensions * 2 + dimension] ?? 0;
  }

  #greatest(node: number, dimension: number): number {
    if (this.#isLeaf(node)) return this.#at(node, dimension);
    const { dimensions } = this.#points;
    return this.#boxes[(node - this.#capacity) * dimensions * 2 + dimensions + dimension] ?? 0;
  }

  #at(slot: number, dimension: number): number {
    return this.#points.data[slot * this.#points.dimensions + dimension] ?? 0;
  }

  #isLeaf(node: number): boolean {
    return node < this.#capacity;
  }

  #leftOf(node: number): number {
    return this.#left[node] ?? NONE;
  }

  #rightOf(node: number): number {
    return this.#right[node] ?? NONE;
  }

  #siblingOf(node: number): number {
    const parent = this.#parent[node] ?? NONE;
    return this.#left[parent] === node ? this.#rightOf(parent) : this.#leftOf(parent);
  }
}
