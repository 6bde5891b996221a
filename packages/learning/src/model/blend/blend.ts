import { type BoostedTrees, scoreRow } from '../../boosting/boosted-trees.ts';
import type { Curve } from '../../calibration/isotonic.ts';
import { type LogisticModel, logOdds, probabilityOf } from '../../calibration/logistic.ts';
import { rarity } from '../../calibration/tail.ts';
import type { MemberSet } from './members.ts';
import { createMemberScorer } from './score-members.ts';

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
