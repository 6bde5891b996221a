import { createHash } from 'node:crypto';
import { ClinicalResponse, canonicalPlaybook, outline, type Playbook } from '@sphinx/playbooks';
import { z } from 'zod';
import type { LibraryPlaybook } from '../playbooks/playbook-library.ts';

const OutlineStep = z.object({
  id: z.string(),
  number: z.string().meta({ description: 'Place in the reading: "3", "2.a.1"' }),
  depth: z.int().nonnegative(),
  type: z.string(),
  name: z.string(),
  description: z.string(),
  agent: z.string().meta({ description: 'Who does it; empty where nobody has to' }),
  targets: z.array(z.string()),
  commands: z.array(z.string()),
  branch: z.string().meta({ description: 'When it is done; empty on the main way' }),
  timeoutMs: z.number().nullable(),
  next: z.array(z.object({ by: z.string(), to: z.string(), isBranch: z.boolean() })),
});

export const PlaybookProblem = z
  .object({ level: z.enum(['error', 'warning']), path: z.string(), message: z.string() })
  .meta({ id: 'PlaybookProblem' });

export const PlaybookItem = z
  .object({
    id: z.string(),
    key: z.string().meta({ description: 'Its first label: a short name for people' }),
    name: z.string(),
    description: z.string(),
    types: z.array(z.string()),
    priority: z.int().nullable().meta({ description: '1 is the most urgent, 100 the least' }),
    severity: z.int().nullable().meta({ description: 'Of what it is for, 100 the worst' }),
    impact: z.int().nullable().meta({ description: 'Of carrying it out, 100 the worst' }),
    steps: z.int().nonnegative(),
    subjects: z.array(z.enum(['incident', 'weakness'])).meta({ description: 'What it is proposed for' }),
    useCases: z.array(z.int()),
    origin: z.enum(['sphinx', 'hospital']),
    isReplacing: z.boolean().meta({ description: 'Stands for one that SPHINX brings' }),
    broughtBy: z.string().nullable(),
    broughtAt: z.number().nullable(),
    modified: z.string(),
  })
  .meta({ id: 'Playbook' });
export type PlaybookItem = z.infer<typeof PlaybookItem>;

export const PlaybookDetail = PlaybookItem.extend({
  digest: z.string().meta({ description: 'SHA-256 of the canonical form (RFC 8785)' }),
  created: z.string(),
  createdBy: z.string(),
  sources: z.array(z.object({ name: z.string(), url: z.string().nullable(), externalId: z.string().nullable() })),
  response: ClinicalResponse.nullable(),
  outline: z.array(OutlineStep),
}).meta({ id: 'PlaybookDetail' });
export type PlaybookDetail = z.infer<typeof PlaybookDetail>;

/** @returns a playbook as the list shows it */
export function itemOf({
  playbook,
  response,
  origin,
  isReplacing,
  broughtBy,
  broughtAt,
}: LibraryPlaybook): PlaybookItem {
  const steps = Object.values(playbook.workflow).filter(({ type }) => type === 'action' || type === 'playbook-action');
  return {
    id: playbook.id,
    key: keyOf(playbook),
    name: playbook.name,
    description: playbook.description ?? '',
    types: playbook.playbook_types ?? [],
    priority: playbook.priority ?? null,
    severity: playbook.severity ?? null,
    impact: playbook.impact ?? null,
    steps: steps.length,
    subjects: [...new Set((response?.triggers ?? []).map(({ subject }) => subject))],
    useCases: response?.use_cases ?? [],
    origin,
    isReplacing,
    broughtBy,
    broughtAt,
    modified: playbook.modified,
  };
}

/** @returns a playbook with all that a person reads of it */
export function detailOf(item: LibraryPlaybook): PlaybookDetail {
  const { playbook, response } = item;
  return {
    ...itemOf(item),
    digest: createHash('sha256').update(canonicalPlaybook(playbook)).digest('hex'),
    created: playbook.created,
    createdBy: playbook.created_by,
    sources: (playbook.external_references ?? []).map(({ name, url, external_id }) => ({
      name,
      url: url ?? null,
      externalId: external_id ?? null,
    })),
    response: response ?? null,
    outline: outline(playbook).map((step) => ({
      ...step,
      targets: [...step.targets],
      commands: [...step.commands],
      next: step.next.map((edge) => ({ ...edge })),
    })),
  };
}

export function keyOf({ labels = [], id }: Playbook): string {
  return labels[0] ?? id;
}
