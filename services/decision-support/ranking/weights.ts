import { z } from 'zod';

/** What a course of action is judged by, in the order in which it is told. */
export const CRITERIA = ['risk', 'care', 'time', 'reversibility', 'effort', 'confidence'] as const;
export type Criterion = (typeof CRITERIA)[number];

export const CRITERION_TITLES: Readonly<Record<Criterion, string>> = {
  risk: 'Harm averted',
  care: 'Care undisturbed',
  time: 'Effect in time',
  reversibility: 'Can be undone',
  effort: 'Little effort',
  confidence: 'Confidence',
};

const Weight = z.number().min(0).max(100);
/** How much each criterion counts, as the hospital wants it; only their proportions matter. */
export const Weights = z
  .object({ risk: Weight, care: Weight, time: Weight, reversibility: Weight, effort: Weight, confidence: Weight })
  .refine((weights) => Object.values(weights).some((weight) => weight > 0), { message: 'One weight must be above 0' })
  .meta({ id: 'DecisionWeights' });
export type Weights = z.infer<typeof Weights>;

/** Averting harm and not disturbing care count most; until a hospital says otherwise. */
export const DEFAULT_WEIGHTS: Weights = { risk: 40, care: 30, time: 10, reversibility: 8, effort: 5, confidence: 7 };

/** What a hospital states for its decisions. */
export const DecisionProfile = z
  .object({
    weights: Weights,
    beds: z
      .record(z.string().min(1).max(100), z.int().min(0).max(100_000))
      .meta({ description: 'Beds of care areas, by the names that assets have' }),
  })
  .meta({ id: 'DecisionProfile' });
export type DecisionProfile = z.infer<typeof DecisionProfile>;

export const DEFAULT_PROFILE: DecisionProfile = { weights: DEFAULT_WEIGHTS, beds: {} };
