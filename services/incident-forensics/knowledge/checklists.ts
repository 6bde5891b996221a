import { loadKnowledgeFiles } from '@sphinx/platform';
import { z } from 'zod';

/** `knowledge/incident-checklists`. */
export const Checklist = z.object({
  id: z.string().regex(/^[a-z0-9-]+$/),
  version: z.string(),
  title: z.string(),
  /** Fits where one of these is in the incident; always where all are empty. */
  when: z.object({ stages: z.array(z.string()).default([]), techniques: z.array(z.string()).default([]) }),
  references: z.array(z.object({ title: z.string(), url: z.url() })).min(1),
  steps: z
    .array(
      z.object({
        id: z.string().regex(/^[a-z0-9-]+$/),
        phase: z.enum(['contain', 'analyse', 'remove', 'recover', 'report', 'learn']),
        text: z.string(),
      }),
    )
    .min(1),
});
export type Checklist = z.infer<typeof Checklist>;

/** @throws SphinxError SPX_INVALID_INPUT that names what does not fit */
export function loadChecklists(folder: string): Promise<readonly Checklist[]> {
  return loadKnowledgeFiles(folder, Checklist);
}

/** @returns checklists that fit an incident, those for every incident last */
export function checklistsFor(
  { stages, techniques }: { readonly stages: readonly string[]; readonly techniques: readonly string[] },
  checklists: readonly Checklist[],
): readonly Checklist[] {
  const families = new Set(techniques.flatMap((id) => [id, id.split('.')[0] ?? id]));
  const isGeneral = ({ when }: Checklist) => when.stages.length + when.techniques.length === 0;
  const fitting = checklists.filter(
    ({ when }) => when.stages.some((stage) => stages.includes(stage)) || when.techniques.some((id) => families.has(id)),
  );
  return [...fitting, ...checklists.filter(isGeneral)];
}
