import { type BoostedTrees, scoreRow } from '../../boosting/boosted-trees.ts';
import type { Curve } from '../../calibration/isotonic.ts';
import { type LogisticModel, logOdds, probabilityOf } from '../../calibration/logistic.ts';
import { rarity } from '../../calibration/tail.ts';
import type { Member, MemberSet } from './members.ts';
import { createMemberScorer, createRowScorers } from './score-members.ts';

/** Several opinions, each on the scale of how rare it is among normal rows, joined to one probability. */
export interface Blend {
  readonly set: MemberSet;
  /** For each member how rare its scores are among normal rows. */
  readonly tails: readonly Curve[];
  /** Weights of the rarities; none is negative. */
  readonly stack: LogisticModel;
  /** From the log-odds of the stack to those that trials on unseen attacks bore out (Platt). */
  readonly calibration: LogisticModel;
  /** Names the kind of an attack; absent where training knew one kind only. */
  readonly kinds?: { readonly names: readonly string[]; readonly trees: BoostedTrees } | undefined;
}

export interface Judgement {
  /** That the row is an attack. */
  readonly probability: number;
  /** How rare each member with a weight finds it, −log₁₀ of the share of normal rows. */
  readonly rarities: Float64Array;
}

/**
 * Judges rows one at a time.
 *
 * @returns a function from a row to its judgement; the rarities are overwritten by the next call
 */
export function createJudge(blend: Blend): (row: Float64Array) => Judgement {
  const { set, tails, stack, calibration } = heardOf(blend);
  const score = createMemberScorer(set);
  const scores = new Float64Array(set.members.length);
  const rarities = new Float64Array(set.members.length);
  return (row) => {
    score(row, scores);
    for (const [at, tail] of tails.entries()) rarities[at] = rarity(tail, scores[at] ?? 0);
    const odds = logOdds(stack, rarities);
    return { probability: probabilityOf(logOdds(calibration, [odds])), rarities };
  };
}

/** What asking a member costs, roughly, beside the others. */
const COST: Readonly<Record<Member['kind'], number>> = {
  network: 1,
  autoencoder: 1,
  components: 2,
  isolation: 3,
  trees: 4,
  nearest: 100,
  'attack-nearness': 200,
};
/** Beyond all normal rows a rarity rises by at most one. */
const RISE = 1;

/**
 * Judges rows as `createJudge` does, and stops as soon as what is left to ask cannot bring a row to the threshold: no weight is
 * negative, and no rarity is endless. Most rows of a network are normal, and are done after the members that cost least.
 *
 * @returns a function from a row to its probability; 0 where it is below the threshold
 */
export function createScreen(blend: Blend, threshold: number): (row: Float64Array) => number {
  const { set, tails, stack, calibration } = cheapestFirst(heardOf(blend));
  const { take, scorers } = createRowScorers(set);
  const weights = Float64Array.from(stack.weights);
  const rests = new Float64Array(weights.length);
  for (let at = weights.length - 2; at >= 0; at--) {
    const most = (tails[at + 1]?.y.at(-1) ?? 0) + RISE;
    rests[at] = (rests[at + 1] ?? 0) + (weights[at + 1] ?? 0) * most;
  }
  const slope = calibration.weights[0] ?? 0;
  const needed =
    slope > 0 ? (Math.log(threshold / (1 - threshold)) - calibration.bias) / slope : Number.NEGATIVE_INFINITY;
  return (row) => {
    take(row);
    let odds = stack.bias;
    for (let at = 0; at < scorers.length; at++) {
      const tail = tails[at];
      if (tail !== undefined) odds += (weights[at] ?? 0) * rarity(tail, scorers[at]?.(row) ?? 0);
      if (odds + (rests[at] ?? 0) < needed) return 0;
    }
    const probability = probabilityOf(slope * odds + calibration.bias);
    return probability >= threshold ? probability : 0;
  };
}

function cheapestFirst(blend: Blend): Blend {
  const { set, tails, stack } = blend;
  const order = set.members.map((_, at) => at).sort((a, b) => costOf(set.members[a]) - costOf(set.members[b]));
  const inOrder = <T>(values: readonly T[]) => order.map((at) => values[at] as T);
  return {
    ...blend,
    set: { ...set, members: inOrder(set.members) },
    tails: inOrder(tails),
    stack: { ...stack, weights: inOrder(stack.weights) },
  };
}

function costOf(member: Member | undefined): number {
  return member === undefined ? 0 : COST[member.kind];
}

/** The blend without members that the stack gives no weight: they cost time and change nothing. */
function heardOf(blend: Blend): Blend {
  const isHeard = (_: unknown, at: number) => (blend.stack.weights[at] ?? 0) > 0;
  return {
    ...blend,
    set: { ...blend.set, members: blend.set.members.filter(isHeard) },
    tails: blend.tails.filter(isHeard),
    stack: { ...blend.stack, weights: blend.stack.weights.filter(isHeard) },
  };
}

/** Kind that an attack is most like. */
export function kindOf({ kinds }: Blend, row: Float64Array): string {
  if (kinds === undefined) return 'attack';
  const sums = new Float64Array(kinds.trees.outputs);
  scoreRow(kinds.trees, row, sums);
  // Two kinds share one sum of log-odds.
  const best = sums.length === 1 ? Number((sums[0] ?? 0) >= 0) : sums.indexOf(Math.max(...sums));
  return kinds.names[best] ?? 'attack';
}
