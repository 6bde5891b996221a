import { PatientSafetyClass } from '@sphinx/schema';
import { z } from 'zod';

const Probability = z.number().min(0).max(1);
const Kinds = z.array(z.string());

/** `knowledge/attack-paths`. */
export const PathKnowledge = z.object({
  id: z.string(),
  version: z.string(),
  rationale: z.string(),
  references: z.array(z.object({ title: z.string(), url: z.url() })).min(1),
  entry: z.object({ internet: Probability, user: Probability, supplier: Probability }),
  leastEntry: Probability,
  administration: Probability,
  directories: z.object({ kinds: Kinds, protocols: z.array(z.string()), probability: Probability }),
  hosts: z.object({ kinds: Kinds, probability: Probability }),
  sameNetwork: Probability,
  leastStep: Probability,
  targets: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      safety: z.array(PatientSafetyClass),
      kinds: Kinds,
      weight: z.number().min(0).max(100),
    }),
  ),
});
export type PathKnowledge = z.infer<typeof PathKnowledge>;
