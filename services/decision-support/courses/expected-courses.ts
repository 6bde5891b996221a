import { join } from 'node:path';
import { loadKnowledgeFiles, SphinxError } from '@sphinx/platform';
import type { Situation } from '@sphinx/playbooks';
import { z } from 'zod';

const Chance = z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]);
const Expectation = z.object({
  expect: z.string().min(1),
  /** Chance that it is clearly worse within `hours`, from least to most. */
  worsening: Chance,
  hours: z.number().positive(),
  /** After so many minutes, help is worth half. */
  halfLifeMinutes: z.number().positive(),
});
const File = z.object({
  id: z.string(),
  version: z.string(),
  references: z.array(z.object({ title: z.string(), url: z.url() })).min(1),
  incident: z
    .array(
      Expectation.extend({
        when: z.object({ techniques: z.array(z.string()).optional(), stages: z.array(z.string()).optional() }),
      }),
    )
    .min(1),
  weakness: z.array(Expectation.extend({ when: z.object({ isKnownExploited: z.boolean().optional() }) })).min(1),
});

/** What to expect when nothing is done. */
export interface ExpectedCourse extends z.infer<typeof Expectation> {
  readonly sources: readonly { readonly title: string; readonly url: string }[];
}

export type ExpectedCourses = z.infer<typeof File>;

/** Reads `knowledge/decision-support`. @throws SphinxError SPX_INVALID_INPUT */
export async function loadExpectedCourses(knowledgeFolder: string): Promise<ExpectedCourses> {
  const [file] = await loadKnowledgeFiles(join(knowledgeFolder, 'decision-support'), File);
  if (file === undefined) throw new SphinxError('SPX_INVALID_INPUT', 'knowledge/decision-support holds no file.');
  return file;
}

/** @returns what to expect of a situation that nobody does anything about: the first entry that fits */
export function expectedCourse(situation: Situation, courses: ExpectedCourses): ExpectedCourse {
  const entry = situation.subject === 'incident' ? ofIncident(situation, courses) : ofWeakness(situation, courses);
  if (entry === undefined)
    throw new SphinxError('SPX_INVALID_INPUT', 'The last entry of knowledge/decision-support must fit everything.');
  const { expect, worsening, hours, halfLifeMinutes } = entry;
  return { expect, worsening, hours, halfLifeMinutes, sources: courses.references };
}

function ofIncident({ techniques, stages }: Situation, { incident }: ExpectedCourses) {
  const families = new Set(techniques.flatMap((id) => [id, id.split('.')[0] ?? id]));
  return incident.find(({ when }) => {
    if (when.techniques === undefined && when.stages === undefined) return true;
    const isTechnique = when.techniques?.some((id) => families.has(id)) ?? false;
    return isTechnique || (when.stages?.some((stage) => stages.includes(stage)) ?? false);
  });
}

function ofWeakness({ isKnownExploited }: Situation, { weakness }: ExpectedCourses) {
  return weakness.find(({ when }) => when.isKnownExploited === undefined || when.isKnownExploited === isKnownExploited);
}
