import { seededRandom, shuffle, shuffledIndexes } from '../random/random.ts';

/** Number of the part that each row belongs to, from 0. */
export type Folds = Int32Array;

/** Every fold has each class in its share (Kohavi, 1995). */
export function stratifiedFolds(classes: ArrayLike<number>, count: number, seed: number): Folds {
  const folds = new Int32Array(classes.length);
  const next = new Map<number, number>();
  for (const row of shuffledIndexes(classes.length, seededRandom(seed))) {
    const label = classes[row] ?? 0;
    const fold = next.get(label) ?? label % count;
    folds[row] = fold;
    next.set(label, (fold + 1) % count);
  }
  return folds;
}

/** Rows of one group stay together, so that nothing of a group is learnt and then asked. */
export function groupedFolds(groups: ArrayLike<number>, count: number, seed: number): Folds {
  const names = Array.from(new Set(Array.from(groups)));
  shuffle(names, seededRandom(seed));
  const foldOf = new Map(names.map((name, index) => [name, index % count]));
  return Int32Array.from(groups, (group) => foldOf.get(group) ?? 0);
}

/**
 * Blocks of rows that follow each other stay together: neighbours in time are alike, and rows drawn at random would be
 * answered by their neighbours (Bergmeir and Benítez, 2012).
 */
export function blockFolds(rows: number, blockRows: number, count: number, seed: number): Folds {
  return groupedFolds(
    Int32Array.from({ length: rows }, (_, row) => Math.floor(row / blockRows)),
    count,
    seed,
  );
}

/** Rows inside and outside of one fold. */
export function partsOf(folds: Folds, fold: number): { training: Int32Array; testing: Int32Array } {
  const indexes = Int32Array.from(folds, (_, row) => row);
  return {
    training: indexes.filter((row) => folds[row] !== fold),
    testing: indexes.filter((row) => folds[row] === fold),
  };
}
