import { seededRandom } from '../random/random.ts';
import { type PointStore, RandomCutTree } from './random-cut-tree.ts';

export interface ForestOptions {
  /** Numbers of a point. */
  readonly dimensions: number;
  /** Points that are remembered at most. */
  readonly capacity: number;
  /** More trees give steadier scores, and cost as much more. */
  readonly trees: number;
  readonly seed?: number;
}

/**
 * Robust random cut forest over a stream: which points are unlike the others together, though no number of them may be unusual by
 * itself (Guha and others, ICML 2016). Memory is taken at the beginning: about 8 bytes × trees × capacity × dimensions.
 * The same points in the same order with the same seed give the same scores. Numbers of different units have to be brought to one scale first: a
 * dimension counts by its extent.
 */
export class RandomCutForest {
  readonly capacity: number;
  readonly dimensions: number;
  readonly #points: PointStore;
  readonly #trees: readonly RandomCutTree[];
  readonly #isHeld: Uint8Array;
  #size = 0;

  constructor({ dimensions, capacity, trees, seed = 1 }: ForestOptions) {
    this.capacity = capacity;
    this.dimensions = dimensions;
    // One slot more: a point that is only asked about is put in and taken out again.
    this.#points = { dimensions, data: new Float32Array((capacity + 1) * dimensions) };
    this.#trees = Array.from(
      { length: trees },
      (_, tree) => new RandomCutTree(this.#points, capacity + 1, seededRandom(seed * 7919 + tree)),
    );
    this.#isHeld = new Uint8Array(capacity);
  }

  /** Points that are remembered. */
  get size(): number {
    return this.#size;
  }

  /**
   * Remembers a point in a slot; one that was there goes.
   *
   * @param slot 0 to capacity − 1
   * @param point as many numbers as there are dimensions; one that is no number counts as 0
   */
  insert(slot: number, point: ArrayLike<number>): void {
    if (!(slot >= 0 && slot < this.capacity)) return;
    this.forget(slot);
    this.#put(slot, point);
    this.#isHeld[slot] = 1;
    this.#size++;
  }

  forget(slot: number): void {
    if (this.#isHeld[slot] !== 1) return;
    for (const tree of this.#trees) tree.forget(slot);
    this.#isHeld[slot] = 0;
    this.#size--;
  }

  /**
   * How unlike all that is remembered a point is: the mean collusive displacement over the trees, were it one of them.
   *
   * @param shares where given, it becomes how much each dimension has to do with it; the sum is the score
   * @returns 0 for an empty forest; at most the points that are remembered
   */
  score(point: ArrayLike<number>, shares?: Float64Array): number {
    shares?.fill(0);
    const asked = this.capacity;
    this.#put(asked, point);
    let sum = 0;
    for (const tree of this.#trees) {
      sum += tree.displacement(asked, shares);
      tree.forget(asked);
    }
    const count = this.#trees.length;
    if (shares !== undefined) for (let at = 0; at < shares.length; at++) shares[at] = (shares[at] ?? 0) / count;
    return sum / count;
  }

  /** Points that are remembered, each with its slot, as they were given. */
  *points(): Generator<readonly [slot: number, point: Float32Array]> {
    for (let slot = 0; slot < this.capacity; slot++) {
      if (this.#isHeld[slot] !== 1) continue;
      yield [slot, this.#points.data.slice(slot * this.dimensions, (slot + 1) * this.dimensions)];
    }
  }

  #put(slot: number, point: ArrayLike<number>): void {
    const base = slot * this.dimensions;
    for (let at = 0; at < this.dimensions; at++) {
      const value = point[at] ?? 0;
      this.#points.data[base + at] = Number.isFinite(value) ? value : 0;
    }
    for (const tree of this.#trees) tree.insert(slot);
  }
}
