import type { Verdict } from '@sphinx/schema';

/** Every verdict with its name and what it means for the one who reads it. */
export const VERDICTS: Readonly<Record<Verdict, { title: string; meaning: string }>> = {
  rejected: { title: 'Rejected', meaning: 'A check failed that its policy does not forgive.' },
  conditional: { title: 'Conditional', meaning: 'May stay while its conditions hold.' },
  'insufficient-evidence': { title: 'Too little seen', meaning: 'The evidence does not suffice to judge it yet.' },
  trusted: { title: 'Trusted', meaning: 'What was seen is in order.' },
};

export const VERDICT_ORDER = Object.keys(VERDICTS) as Verdict[];

/** @returns the verdict that a text names; null for anything else */
export function readVerdict(text: string | null): Verdict | null {
  return VERDICT_ORDER.find((verdict) => verdict === text) ?? null;
}
