import { Identifier, Incident, IncidentStatus, IncidentVerdict, Severity } from '@sphinx/schema';
import { z } from 'zod';

export const TAG = 'incidents';
export const IncidentParams = z.object({ id: Identifier });

export const IncidentItem = Incident.extend({
  number: z.int().nullable().meta({ description: 'What people call it: INC-12; null while it is none' }),
  openedAt: z.number().nullable(),
  attention: z.enum(['incident', 'held-back', 'noted']).meta({
    description:
      'incident: a person must look; held-back: only what was learnt from closings keeps it from being one; noted: too few points',
  }),
  score: z.number(),
  plainScore: z.number().meta({ description: 'Points without what was learnt from closings' }),
  threshold: z.number(),
  reasons: z.array(z.string()).meta({ description: 'Why a person should look, or need not' }),
  steps: z.array(
    z.object({ time: z.number(), endTime: z.number(), stage: z.string(), text: z.string(), severity: z.string() }),
  ),
  closingNote: z.string(),
  mergedInto: z.string().nullable(),
}).meta({ id: 'IncidentItem' });
export type IncidentItem = z.infer<typeof IncidentItem>;

export const ActivityItem = z
  .object({ sequence: z.int(), time: z.number(), by: z.string(), kind: z.string(), text: z.string() })
  .meta({ id: 'IncidentActivity' });

export const ChecklistItem = z
  .object({
    id: z.string(),
    title: z.string(),
    references: z.array(z.object({ title: z.string(), url: z.string() })),
    steps: z.array(
      z.object({
        id: z.string(),
        phase: z.string(),
        text: z.string(),
        doneAt: z.number().nullable(),
        by: z.string(),
        note: z.string(),
      }),
    ),
  })
  .meta({ id: 'IncidentChecklist' });

export const SignalItem = z
  .object({
    key: z.string(),
    kind: z.string(),
    analytic: z.object({ id: z.string(), title: z.string(), set: z.string() }),
    severity: Severity,
    message: z.string(),
    techniques: z.array(z.string()),
    stages: z.array(z.string()),
    entities: z.array(z.object({ type: z.string(), id: z.string(), name: z.string(), role: z.string() })),
    references: z.array(
      z.object({
        kind: z.string(),
        id: z.string(),
        time: z.number(),
        summary: z.string(),
        packet: z.object({ source: z.string(), number: z.int(), time: z.number() }).optional(),
      }),
    ),
    points: z.number(),
    firstSeen: z.number(),
    lastSeen: z.number(),
    count: z.int(),
  })
  .meta({ id: 'IncidentSignal' });

export const SimilarItem = z
  .object({
    id: z.string(),
    number: z.int().nullable(),
    title: z.string(),
    status: IncidentStatus,
    verdict: IncidentVerdict.nullable(),
    severity: Severity,
    closingNote: z.string(),
    openedAt: z.number().nullable(),
    similarity: z.number(),
    because: z.array(z.string()),
  })
  .meta({ id: 'SimilarIncident' });

export const LessonItem = z
  .object({
    id: z.string(),
    incident: z.string(),
    analytic: z.string(),
    title: z.string(),
    actorName: z.string(),
    wasTrue: z.boolean(),
    by: z.string(),
    time: z.number(),
  })
  .meta({ id: 'IncidentLesson' });
export type LessonItem = z.infer<typeof LessonItem>;

export const IncidentDetail = IncidentItem.extend({
  activity: z.array(ActivityItem),
  checklists: z.array(ChecklistItem),
});
export type IncidentDetail = z.infer<typeof IncidentDetail>;
