/** Singles that combinations are made of: the best of them. */
const BEAM = 6;
/** Pairs that are tried with a third. */
const PAIRS_EXTENDED = 3;
/** A single that averts less is not worth a line; a further measure that adds less is none. */
const LEAST = 0.02;
const LEAST_GAIN = 0.05;
const KEPT = { 1: 4, 2: 3, 3: 1 } as const;

/** Some measures together, and what they avert: 0 nothing, 1 all that can be averted. */
export interface Combination<Measure> {
  readonly measures: readonly Measure[];
  readonly reduction: number;
}

/**
 * Looks for small combinations of measures that avert much: all singles, pairs of the best singles, the best pairs with a third (beam
 * search; Lowerre 1976). At most some forty questions; the best is not proven to be found, which for combinations of up to three
 * of a few measures hardly matters.
 *
 * @param candidates measures that may be combined
 * @param fits whether two may stand together
 * @param ask what a combination averts, 0 to 1; may wait, so that others get their turn
 * @returns those worth a choice, the most effective first; a further measure is there only where it adds something
 */
export async function searchMeasures<Measure>(
  candidates: readonly Measure[],
  fits: (one: Measure, other: Measure) => boolean,
  ask: (measures: readonly Measure[]) => Promise<number>,
): Promise<readonly Combination<Measure>[]> {
  const singles: Combination<Measure>[] = [];
  for (const measure of candidates) await take([measure], LEAST, singles);
  const best = singles.sort(byEffect).slice(0, BEAM);
  const pairs: Combination<Measure>[] = [];
  for (const [place, one] of best.entries()) {
    for (const other of best.slice(place + 1)) {
      const measures = [...one.measures, ...other.measures];
      if (isFitting(measures)) await take(measures, Math.max(one.reduction, other.reduction) + LEAST_GAIN, pairs);
    }
  }
  pairs.sort(byEffect);
  const triples: Combination<Measure>[] = [];
  for (const pair of pairs.slice(0, PAIRS_EXTENDED)) {
    for (const single of best) {
      const measures = [...pair.measures, ...single.measures];
      if (isFitting(measures)) await take(measures, pair.reduction + LEAST_GAIN, triples);
    }
  }
  triples.sort(byEffect);
  return [...singles.slice(0, KEPT[1]), ...pairs.slice(0, KEPT[2]), ...triples.slice(0, KEPT[3])].sort(byEffect);

  async function take(measures: readonly Measure[], least: number, into: Combination<Measure>[]): Promise<void> {
    const reduction = Math.min(1, Math.max(0, await ask(measures)));
    if (reduction >= least) into.push({ measures, reduction });
  }

  function isFitting(measures: readonly Measure[]): boolean {
    return measures.every((one, place) =>
      measures.slice(place + 1).every((other) => one !== other && fits(one, other)),
    );
  }
}

function byEffect(a: Combination<unknown>, b: Combination<unknown>): number {
  return b.reduction - a.reduction || a.measures.length - b.measures.length;
}
