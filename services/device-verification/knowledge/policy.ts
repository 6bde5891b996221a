import { PatientSafetyClass, Severity } from '@sphinx/schema';
import { z } from 'zod';
import { isRegularExpression } from '../checks/predicate.ts';

/** Checks by severity or by id. */
export const CheckChoice = z.strictObject({ severities: z.array(Severity), checks: z.array(z.string()).optional() });

export const MinimalEvidence = z
  .strictObject({
    identityConfidence: z.number().min(0).max(1).meta({ description: 'Least confidence in the kind of the asset' }),
    observedMinutes: z.number().nonnegative().meta({ description: 'Least time between first and last sighting' }),
    judgedChecks: z.int().nonnegative().meta({ description: 'Least number of checks that passed or failed' }),
  })
  .meta({ description: 'Below it nothing better than "insufficient evidence" is said' });

/** What it takes for assets of some class to be trusted, and what follows from each failed check. */
export const VerificationPolicy = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    title: z.string(),
    safetyClasses: z.array(PatientSafetyClass).meta({ description: 'Classes that it judges' }),
    kinds: z
      .string()
      .refine(isRegularExpression, { message: 'is no regular expression' })
      .optional()
      .meta({ description: 'Pattern over the kind: goes before the policy of the class' }),
    judgesUnclassified: z.boolean().meta({ description: 'Judges assets whose class is not known' }),
    rationale: z.string().min(30),
    rejects: CheckChoice.meta({ description: 'A failure of one of these rejects' }),
    conditions: CheckChoice.meta({ description: 'A failure of one of these makes conditional' }),
    minimalEvidence: MinimalEvidence,
    certificate: z.strictObject({
      validDays: z.int().positive(),
      provisionalDays: z
        .int()
        .positive()
        .meta({ description: 'Validity while the asset was watched for less than `provisionalBelowHours`' }),
      provisionalBelowHours: z.number().nonnegative(),
    }),
    generalConditions: z.array(z.string()).meta({ description: 'Hold for every conditional asset of the class' }),
    references: z.array(z.strictObject({ title: z.string(), url: z.url().optional() })).min(1),
  })
  .meta({ id: 'VerificationPolicy' });
export type VerificationPolicy = z.infer<typeof VerificationPolicy>;
