import { z } from 'zod';
import { PatientSafetyClass } from './asset.ts';
import { Timestamp } from './evidence.ts';
import { Identifier } from './identifier.ts';

/** What a run of a playbook is about. */
export const ResponseSubject = z
  .object({
    kind: z.enum(['incident', 'weakness', 'device', 'exercise']),
    id: Identifier,
    name: z.string().meta({ description: 'INC-12, CVE-2019-0708, name of a device' }),
  })
  .meta({ id: 'ResponseSubject' });
export type ResponseSubject = z.infer<typeof ResponseSubject>;

/** What was done in a step of a run, by an actuator or by a person. */
export const ResponseStep = z
  .object({
    id: Identifier.meta({ description: 'Of the action or task; the same however often it is tried' }),
    title: z.string(),
    command: z.string().meta({ description: 'In words: "contain device 10.20.3.7"; empty for a task of a person' }),
    actuator: z.string().meta({ description: 'Empty for a task of a person' }),
    outcome: z.enum(['done', 'failed', 'refused', 'undone', 'undo-failed']),
    summary: z.string(),
  })
  .meta({ id: 'ResponseStep' });
export type ResponseStep = z.infer<typeof ResponseStep>;

/**
 * Payload of every fact `response.*`: a run of a playbook, and what became of it just now. `summary` says it in a sentence; a step
 * is there where it is about one.
 */
export const ResponseProgress = z
  .object({
    runId: Identifier,
    number: z.int().positive().meta({ description: 'What people call it: RUN-12' }),
    playbook: z.object({ id: Identifier, name: z.string(), modified: z.string() }),
    subject: ResponseSubject,
    assets: z
      .array(
        z.object({
          assetId: Identifier,
          name: z.string(),
          careArea: z.string(),
          patientSafetyClass: PatientSafetyClass.nullable(),
        }),
      )
      .meta({ description: 'Devices that its actions are about, as far as they are known' }),
    isDryRun: z.boolean(),
    by: z.string().min(1).meta({ description: 'Who did it; "SPHINX" for what happens by itself' }),
    at: Timestamp,
    summary: z.string(),
    step: ResponseStep.optional(),
    outcome: z.enum(['succeeded', 'failed', 'refused', 'cancelled', 'stopped']).optional().meta({
      description: 'How the run ended',
    }),
    isSample: z.boolean(),
  })
  .meta({ id: 'ResponseProgress' });
export type ResponseProgress = z.infer<typeof ResponseProgress>;
