import { loadKnowledgeFiles, SphinxError } from '@sphinx/platform';
import { PatientSafetyClass, Severity } from '@sphinx/schema';
import { z } from 'zod';

const Factor = z.number().min(0).max(10);

/** `knowledge/incident-scoring`. */
export const ScoringPolicy = z.object({
  id: z.string(),
  version: z.string(),
  rationale: z.string(),
  references: z.array(z.object({ title: z.string(), url: z.url() })).min(1),
  threshold: z.number().positive(),
  severity: z.record(Severity, z.number().nonnegative()),
  kinds: z.record(z.string(), Factor),
  policyClasses: z.object({ names: z.array(z.string()), factor: Factor }),
  fromOutside: z.object({ except: z.array(z.string()), factor: Factor }),
  professionals: z.object({ except: z.array(z.string()), factor: Factor, decoys: Factor }),
  safety: z.record(PatientSafetyClass, Factor),
  habit: z.object({ windowDays: z.int().positive(), factors: z.array(Factor).min(1) }),
  rareness: z.object({
    perDay: z.number().positive(),
    exponent: z.number().min(0).max(3),
    prior: z.object({ perDay: z.number().nonnegative(), days: z.number().positive() }),
  }),
  coincidence: z.array(z.number().min(0).max(1)).min(2),
  novelty: z.object({ afterDays: z.number().nonnegative(), factor: Factor }),
  learning: z.object({
    sameActor: Factor,
    everywhere: Factor,
    closingsForEverywhere: z.int().positive(),
    confirmed: Factor,
  }),
  phases: z.array(Factor).min(2),
  corroboration: z.array(Factor).min(2),
  halfLifeHours: z.number().positive(),
  idleHours: z.number().positive(),
  fadedPoints: z.number().nonnegative(),
});
export type ScoringPolicy = z.infer<typeof ScoringPolicy>;

/** @throws SphinxError SPX_INVALID_INPUT that names what does not fit */
export async function loadScoringPolicy(folder: string): Promise<ScoringPolicy> {
  const [policy, ...more] = await loadKnowledgeFiles(folder, ScoringPolicy);
  if (policy === undefined || more.length > 0) {
    throw new SphinxError('SPX_INVALID_INPUT', `${folder} holds ${more.length} policies; one belongs there.`);
  }
  return policy;
}
