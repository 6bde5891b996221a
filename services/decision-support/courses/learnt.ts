import type { Effects } from '@sphinx/playbooks';

/** How it went, said by a person after a course of action was carried out. */
export interface Outcome {
  readonly result: 'worked' | 'partly' | 'failed';
  /** What care noticed, against what was expected. */
  readonly care: 'less' | 'as-expected' | 'more';
}

/** Part of the harm that was averted, as a person's word is taken. */
const AVERTED: Readonly<Record<Outcome['result'], number>> = { worked: 0.9, partly: 0.45, failed: 0.05 };
const CARE_SHIFT: Readonly<Record<Outcome['care'], number>> = { less: -0.1, 'as-expected': 0, more: 0.3 };
/** The authors' judgement counts as so many cases. */
const JUDGEMENT_CASES = 4;

/** Effects as the hospital's own outcomes correct them. */
export interface LearntEffects {
  readonly cases: number;
  readonly worked: number;
  readonly riskReduction: readonly [number, number];
  readonly confidence: number;
  /** Added to what care is expected to notice. */
  readonly careShift: number;
}

/**
 * Weighs the authors' judgement with what happened here: the mean of a beta distribution whose prior counts as four cases
 * (Gelman et al., Bayesian Data Analysis, §2.4). The range narrows with the square root of the cases.
 */
export function learn(
  { risk_reduction: [low, high], confidence }: Effects,
  outcomes: readonly Outcome[],
): LearntEffects {
  const cases = outcomes.length;
  const mean =
    (JUDGEMENT_CASES * ((low + high) / 2) + sum(outcomes, ({ result }) => AVERTED[result])) / (JUDGEMENT_CASES + cases);
  const half = ((high - low) / 2) * Math.sqrt(JUDGEMENT_CASES / (JUDGEMENT_CASES + cases));
  return {
    cases,
    worked: outcomes.filter(({ result }) => result === 'worked').length,
    riskReduction: [Math.max(0, mean - half), Math.min(1, mean + half)],
    confidence: confidence + (1 - confidence) * (cases / (cases + 6)),
    careShift: sum(outcomes, ({ care }) => CARE_SHIFT[care]) / (JUDGEMENT_CASES + cases),
  };
}

function sum<T>(items: readonly T[], worthOf: (item: T) => number): number {
  return items.reduce((total, item) => total + worthOf(item), 0);
}
