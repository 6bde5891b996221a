import { VerificationOccasion } from '@sphinx/schema';
import { z } from 'zod';
import { CheckChoice, MinimalEvidence, type VerificationPolicy } from '../knowledge/policy.ts';

/** What a judgement can rest on. */
export const EvidenceSource = z.enum(['network', 'documents', 'weaknesses', 'declarations']);
export type EvidenceSource = z.infer<typeof EvidenceSource>;

/** Documents about a device that can be asked for. */
export const DocumentKind = z.enum(['security-form', 'software-list']);
export type DocumentKind = z.infer<typeof DocumentKind>;

/** What an occasion asks for beyond the policy of the device's class. */
export const OccasionPolicy = z
  .strictObject({
    id: VerificationOccasion,
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    title: z.string(),
    question: z.string().meta({ description: 'What the person wants to know who starts it' }),
    rationale: z.string().min(30),
    startsBy: z
      .array(z.enum(['itself', 'person']))
      .min(1)
      .meta({ description: 'Whether SPHINX starts it by itself, a person does, or both' }),
    startsWhen: z.string().meta({ description: 'In words: what starts it' }),
    looksAt: z.array(EvidenceSource).min(1),
    isKept: z.boolean().default(false).meta({
      description: 'Later judgements stay under it until a person names another occasion',
    }),
    requires: z
      .strictObject({
        documents: z.array(DocumentKind).optional(),
        declarations: z.array(z.string()).optional(),
      })
      .optional()
      .meta({ description: 'Without these nothing better than "insufficient evidence" is said' }),
    minimalEvidence: MinimalEvidence.partial()
      .optional()
      .meta({ description: 'Takes the place of what the policy of the class asks for' }),
    rejects: CheckChoice.optional().meta({ description: 'Rejects as well' }),
    conditions: CheckChoice.optional().meta({ description: 'Makes conditional as well' }),
    issuesCertificate: z.boolean(),
    validDays: z.int().positive().optional().meta({ description: 'Longest validity of a certificate' }),
    generalConditions: z.array(z.string()),
    references: z.array(z.strictObject({ title: z.string(), url: z.url().optional() })).min(1),
  })
  .meta({ id: 'OccasionPolicy' });
export type OccasionPolicy = z.infer<typeof OccasionPolicy>;

/** The policy of a class as it stands on an occasion: an occasion asks for more or for something else, it forgives no failure. */
export function applyOccasion(policy: VerificationPolicy, occasion: OccasionPolicy): VerificationPolicy {
  const { validDays, provisionalDays } = policy.certificate;
  const longest = occasion.validDays ?? validDays;
  return {
    ...policy,
    rejects: join(policy.rejects, occasion.rejects),
    conditions: join(policy.conditions, occasion.conditions),
    minimalEvidence: {
      identityConfidence: occasion.minimalEvidence?.identityConfidence ?? policy.minimalEvidence.identityConfidence,
      observedMinutes: occasion.minimalEvidence?.observedMinutes ?? policy.minimalEvidence.observedMinutes,
      judgedChecks: occasion.minimalEvidence?.judgedChecks ?? policy.minimalEvidence.judgedChecks,
    },
    certificate: {
      ...policy.certificate,
      validDays: Math.min(validDays, longest),
      provisionalDays: Math.min(provisionalDays, longest),
    },
    generalConditions: [...new Set([...occasion.generalConditions, ...policy.generalConditions])],
  };
}

function join(a: VerificationPolicy['rejects'], b: OccasionPolicy['rejects']): VerificationPolicy['rejects'] {
  if (b === undefined) return a;
  return {
    severities: [...new Set([...a.severities, ...b.severities])],
    checks: [...new Set([...(a.checks ?? []), ...(b.checks ?? [])])],
  };
}
