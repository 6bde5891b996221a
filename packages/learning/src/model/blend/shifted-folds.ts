import { seededRandom, shuffle, shuffledIndexes } from '../../random/random.ts';

/** One trial: what is learnt from, what is asked, and how much each row that is asked counts (sum 1). */
export interface ShiftedFold {
  readonly training: Int32Array;
  readonly testing: Int32Array;
  readonly weights: Float64Array;
  /** Attacks of which no row is learnt. */
  readonly unseen: ReadonlySet<string>;
}

/** What the trials imagine the future to be. */
export interface Expectation {
  /** Share of attacks among the rows to come. */
  readonly attackShare: number;
  /** Share of the attacks that are of types which training has not met. */
  readonly unseenShare: number;
}

/**
 * Trials on attacks that were not learnt. In each, a part of the normal rows is asked, attack types are kept from
 * learning altogether (in even trials half of those of each category, in odd ones a whole category), and a fifth of the
 * rows of the others is asked too. Types count by the square root of their rows. Random folds would ask for what was just learnt, and say nothing of new attacks
 * (leave-one-group-out, as for domains: Gulrajani and Lopez-Paz, "In search of lost domain generalization", 2021).
 *
 * @param types name of the attack of each row, or `normal`
 * @param categories kind of each attack
 */
export function shiftedFolds(
  types: readonly string[],
  categories: readonly string[],
  expectation: Expectation,
  count: number,
  seed: number,
): ShiftedFold[] {
  const random = seededRandom(seed);
  const normal = shuffledIndexes(types.length, random).filter((row) => types[row] === 'normal');
  const attacks = shuffledIndexes(types.length, random).filter((row) => types[row] !== 'normal');
  const orders = typesOfCategories(types, categories, seed);
  return Array.from({ length: count }, (_, fold) => {
    const unseen = new Set(
      fold % 2 === 0 ? orders.flatMap((names) => halfOf(names, fold / 2)) : orders[(fold >> 1) % orders.length],
    );
    const isNormalAsked = (_: number, at: number) => at % count === fold;
    const known = attacks.filter((row) => !unseen.has(types[row] ?? ''));
    const isKnownAsked = (_: number, at: number) => at % 5 === fold % 5;
    const training = Int32Array.from([
      ...normal.filter((row, at) => !isNormalAsked(row, at)),
      ...known.filter((row, at) => !isKnownAsked(row, at)),
    ]);
    const testing = Int32Array.from([
      ...normal.filter(isNormalAsked),
      ...known.filter(isKnownAsked),
      ...attacks.filter((row) => unseen.has(types[row] ?? '')),
    ]);
    return { training: training.sort(), testing, weights: weigh(testing, types, unseen, expectation), unseen };
  });
}

/** For each category its types in an order by chance. */
function typesOfCategories(types: readonly string[], categories: readonly string[], seed: number): string[][] {
  const byCategory = new Map<string, Set<string>>();
  for (const [row, type] of types.entries()) {
    if (type === 'normal') continue;
    const category = categories[row] ?? '';
    byCategory.set(category, (byCategory.get(category) ?? new Set()).add(type));
  }
  return Array.from(byCategory.keys())
    .sort()
    .map((category, at) => {
      const names = Array.from(byCategory.get(category) ?? []).sort();
      const order = Int32Array.from(names, (_, index) => index);
      shuffle(order, seededRandom(seed + at + 1));
      return Array.from(order, (index) => names[index] ?? '');
    });
}

/** Half of the names, another half in each fold: a window that moves around the circle. */
function halfOf(names: readonly string[], fold: number): string[] {
  const half = Math.floor(names.length / 2);
  const first = Math.round((fold * names.length) / 2.5) % Math.max(1, names.length);
  return Array.from({ length: half }, (_, at) => names[(first + at) % names.length] ?? '');
}

function weigh(
  testing: Int32Array,
  types: readonly string[],
  unseen: ReadonlySet<string>,
  { attackShare, unseenShare }: Expectation,
): Float64Array {
  const counts = new Map<string, number>();
  for (const row of testing) counts.set(types[row] ?? '', (counts.get(types[row] ?? '') ?? 0) + 1);
  const totals = { seen: 0, unseen: 0 };
  for (const [type, count] of counts) {
    if (type !== 'normal') totals[unseen.has(type) ? 'unseen' : 'seen'] += Math.sqrt(count);
  }
  const weightOf = (type: string) => {
    const count = counts.get(type) ?? 1;
    if (type === 'normal') return (1 - attackShare) / count;
    const isUnseen = unseen.has(type);
    const share = attackShare * (isUnseen ? unseenShare : 1 - unseenShare);
    return (share * Math.sqrt(count)) / (totals[isUnseen ? 'unseen' : 'seen'] * count);
  };
  return Float64Array.from(testing, (row) => weightOf(types[row] ?? ''));
}
