import { join } from 'node:path';
import { loadKnowledgeFiles } from '@sphinx/platform';
import { z } from 'zod';

const Protocols = z.array(z.string().min(1));

/** `knowledge/kept-flows`: what a micro-quarantine lets through. */
export const KeptFlowRules = z.object({
  id: z.string(),
  version: z.string(),
  rationale: z.string(),
  references: z.array(z.object({ title: z.string(), url: z.url() })).min(1),
  clinicalProtocols: Protocols,
  infrastructureProtocols: Protocols,
  leftOutProtocols: Protocols,
  leastHoursBefore: z.number().min(0),
});
export type KeptFlowRules = z.infer<typeof KeptFlowRules>;

/** @throws SphinxError SPX_INVALID_INPUT that names file and problem */
export async function loadKeptFlowRules(knowledgeFolder: string): Promise<KeptFlowRules> {
  const [rules] = await loadKnowledgeFiles(join(knowledgeFolder, 'kept-flows'), KeptFlowRules);
  if (rules === undefined) throw new Error('knowledge/kept-flows has no rules');
  return rules;
}
