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
  /** Where it is known: how attacks of types that training has met, and has not met, are spread over categories. */
  readonly mix?: { readonly seen: CategoryMix; readonly unseen: CategoryMix } | undefined;
  /** Share of the normal rows to come that are unlike those of training; 0 where absent. */
  readonly shiftedNormalShare?: number | undefined;
}

/** Weight of each category. */
export type CategoryMix = Readonly<Record<string, number>>;

/** Part of the normal rows that a trial keeps from learning because they lie together. */
const SLICE = 0.1;

/**
 * Trials on attacks that were not learnt. In each, a part of the normal rows is asked, attack types are kept from
 * learning altogether (in even trials half of those of each category, in odd ones a whole category; where a mix is known, in all
 * trials half of the types of categories most of whose attacks are known, and in three of four all types of the others), and a
 * fifth of the rows of the others is asked too. Where normal rows are expected to change, a slice of them that lies
 * together along a random direction is kept from learning as well. Types count by the square root of their rows. Random folds would ask for what was just learnt, and say nothing of new attacks
 * (leave-one-group-out, as for domains: Gulrajani and Lopez-Paz, "In search of lost domain generalization", 2021).
 *
 * @param types name of the attack of each row, or `normal`
 * @param categories kind of each attack
 * @param directions place of each row along a direction by chance, for each trial; needed for a slice of normal rows
 */
export function shiftedFolds(
  types: readonly string[],
  categories: readonly string[],
  expectation: Expectation,
  count: number,
  seed: number,
  directions: readonly Float64Array[] = [],
): ShiftedFold[] {
  const random = seededRandom(seed);
  const normal = shuffledIndexes(types.length, random).filter((row) => types[row] === 'normal');
  const attacks = shuffledIndexes(types.length, random).filter((row) => types[row] !== 'normal');
  const orders = typesOfCategories(types, categories, seed);
  return Array.from({ length: count }, (_, fold) => {
    const unseen = new Set(
      expectation.mix === undefined
        ? unseenOf(orders, fold)
        : unseenByMix(orders, categories, types, expectation.mix, fold),
    );
    const slice = sliceOf(
      normal,
      directions[fold],
      (expectation.shiftedNormalShare ?? 0) > 0 ? random.next() : undefined,
    );
    const isNormalAsked = (row: number, at: number) => at % count === fold || slice.has(row);
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
    const groups: Groups = { types, categories, unseen, slice };
    return { training: training.sort(), testing, weights: weigh(testing, groups, expectation), unseen };
  });
}

function unseenOf(orders: readonly string[][], fold: number): readonly string[] {
  return fold % 2 === 0
    ? orders.flatMap((names) => halfOf(names, fold / 2))
    : (orders[(fold >> 1) % orders.length] ?? []);
}

/** Half of the types of categories that are mostly known, and in three of four trials all types of those that are mostly new. */
function unseenByMix(
  orders: readonly string[][],
  categories: readonly string[],
  types: readonly string[],
  { seen, unseen }: NonNullable<Expectation['mix']>,
  fold: number,
): readonly string[] {
  const categoryOf = new Map(types.map((type, row) => [type, categories[row] ?? '']));
  return orders.flatMap((names) => {
    const category = categoryOf.get(names[0] ?? '') ?? '';
    const isMostlyNew = (unseen[category] ?? 0) > (seen[category] ?? 0) * MOSTLY;
    return isMostlyNew && fold % 4 !== 1 ? names : halfOf(names, fold);
  });
}

/** A category is mostly new where its share among new attacks is so many times that among known ones. */
const MOSTLY = 3;

/** @param share of the way along the direction at which the slice begins; undefined for none */
function sliceOf(normal: Int32Array, along: Float64Array | undefined, share: number | undefined): ReadonlySet<number> {
  if (along === undefined || share === undefined) return new Set();
  const sorted = normal.slice().sort((a, b) => (along[a] ?? 0) - (along[b] ?? 0));
  const first = Math.floor(share * (1 - SLICE) * sorted.length);
  return new Set(sorted.subarray(first, first + Math.floor(SLICE * sorted.length)));
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

interface Groups {
  readonly types: readonly string[];
  readonly categories: readonly string[];
  readonly unseen: ReadonlySet<string>;
  readonly slice: ReadonlySet<number>;
}

/** Each group of rows has its share of the whole; within it types count by the square root of their rows. */
function weigh(testing: Int32Array, groups: Groups, expectation: Expectation): Float64Array {
  const { types, categories, unseen, slice } = groups;
  const { attackShare, unseenShare, mix, shiftedNormalShare = 0 } = expectation;
  const groupOf = (row: number) => {
    const type = types[row] ?? '';
    if (type === 'normal') return slice.has(row) ? 'shifted' : 'normal';
    const known = unseen.has(type) ? 'unseen' : 'seen';
    return mix === undefined ? known : `${known} ${categories[row] ?? ''}`;
  };
  const counts = new Map<string, Map<string, number>>();
  for (const row of testing) {
    const group = counts.get(groupOf(row)) ?? new Map<string, number>();
    counts.set(groupOf(row), group.set(types[row] ?? '', (group.get(types[row] ?? '') ?? 0) + 1));
  }
  const mixOf = (known: 'seen' | 'unseen', category: string) => (mix === undefined ? 1 : (mix[known][category] ?? 0));
  const total = { seen: 0, unseen: 0 };
  for (const group of counts.keys()) {
    const [known = '', category = ''] = group.split(' ');
    if (known === 'seen' || known === 'unseen') total[known] += mixOf(known, category);
  }
  const hasSlice = counts.has('shifted');
  const shareOf = (group: string) => {
    if (group === 'shifted') return (1 - attackShare) * shiftedNormalShare;
    if (group === 'normal') return (1 - attackShare) * (hasSlice ? 1 - shiftedNormalShare : 1);
    const [known = '', category = ''] = group.split(' ');
    const isUnseen = known === 'unseen';
    const part = isUnseen ? unseenShare : 1 - unseenShare;
    return (
      (attackShare * part * mixOf(isUnseen ? 'unseen' : 'seen', category)) / (total[isUnseen ? 'unseen' : 'seen'] || 1)
    );
  };
  const roots = new Map(
    Array.from(counts, ([group, each]) => [
      group,
      Array.from(each.values()).reduce((sum, count) => sum + Math.sqrt(count), 0),
    ]),
  );
  return Float64Array.from(testing, (row) => {
    const group = groupOf(row);
    const count = counts.get(group)?.get(types[row] ?? '') ?? 1;
    return (shareOf(group) * Math.sqrt(count)) / ((roots.get(group) ?? 1) * count);
  });
}
