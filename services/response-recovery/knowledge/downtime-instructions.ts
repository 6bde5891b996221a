import { join } from 'node:path';
import { loadKnowledgeFiles } from '@sphinx/platform';
import { z } from 'zod';

const Lines = z.array(z.string().min(1)).min(1);

/** `knowledge/downtime`: what a ward does while applications are gone. */
export const DowntimeInstructions = z.object({
  id: z.string(),
  version: z.string(),
  rationale: z.string(),
  references: z.array(z.object({ title: z.string(), url: z.url() })).min(1),
  always: Lines,
  after: Lines,
  services: z.record(z.string(), Lines),
});
export type DowntimeInstructions = z.infer<typeof DowntimeInstructions>;

/** @throws SphinxError SPX_INVALID_INPUT that names file and problem */
export async function loadDowntimeInstructions(knowledgeFolder: string): Promise<DowntimeInstructions> {
  const [instructions] = await loadKnowledgeFiles(join(knowledgeFolder, 'downtime'), DowntimeInstructions);
  if (instructions === undefined) throw new Error('knowledge/downtime has no instructions');
  return instructions;
}
