import type { BufferConditions, ContentCondition } from '../conditions.ts';
import { patternStrength } from './pattern-strength.ts';

/** Bytes that are looked for. */
export interface SearchedPattern {
  readonly pattern: Uint8Array;
  /** Letters of either case are the same. */
  readonly isCaseless: boolean;
}

/** The pattern of a rule that is looked for first, and where. */
export interface FastPattern extends SearchedPattern {
  readonly list: BufferConditions;
}

/** @returns the content that the rule names with `fast_pattern`, else the one that is likely to be the rarest */
export function chooseFastPattern(lists: readonly BufferConditions[]): FastPattern | undefined {
  let best: FastPattern | undefined;
  let bestStrength = Number.NEGATIVE_INFINITY;
  for (const list of lists) {
    if (list.absent !== undefined || list.buffer === 'base64_data') continue;
    for (const condition of list.conditions) {
      if (condition.kind !== 'content' || condition.isNegated) continue;
      const pattern = searched(condition);
      const strength = condition.isFastPattern ? Number.POSITIVE_INFINITY : patternStrength(pattern);
      if (strength <= bestStrength) continue;
      bestStrength = strength;
      best = { list, pattern, isCaseless: condition.isCaseless };
    }
  }
  return best;
}

function searched({ pattern, chop }: ContentCondition): Uint8Array {
  return chop === undefined ? pattern : pattern.subarray(chop[0], chop[0] + chop[1]);
}
