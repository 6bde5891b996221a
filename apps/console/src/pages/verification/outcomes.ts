import type { CheckOutcome, CheckResult } from '@sphinx/schema';

/** What the result of a check is called and means. */
export const OUTCOMES: Readonly<Record<CheckOutcome, { title: string; meaning: string }>> = {
  fail: { title: 'Failed', meaning: 'Something was seen that breaks the promise of the check.' },
  pass: { title: 'Passed', meaning: 'What the check looks at was seen, and it was in order.' },
  'not-observed': {
    title: 'Not observed',
    meaning: 'What the check looks at was not seen yet. Absence of evidence never passes.',
  },
  'not-applicable': { title: 'Not applicable', meaning: 'The check does not concern this kind of asset.' },
};

export const OUTCOME_ORDER = Object.keys(OUTCOMES) as CheckOutcome[];

export function readOutcome(text: string | null): CheckOutcome | undefined {
  return OUTCOME_ORDER.find((outcome) => outcome === text);
}

export function countOutcomes(results: readonly Pick<CheckResult, 'outcome'>[]): Record<CheckOutcome, number> {
  const counts = { fail: 0, pass: 0, 'not-observed': 0, 'not-applicable': 0 };
  for (const { outcome } of results) counts[outcome] += 1;
  return counts;
}
