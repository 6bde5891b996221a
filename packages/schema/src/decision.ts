import { z } from 'zod';
import { PatientSafetyClass } from './asset.ts';
import { Timestamp } from './evidence.ts';
import { Identifier } from './identifier.ts';
import { Measure } from './measure.ts';

/** An asset that a decision is about, as decision support knew it. */
export const DecisionAsset = z
  .object({
    assetId: Identifier,
    name: z.string(),
    ips: z.array(z.string()),
    kind: z.string().meta({ description: 'Key of knowledge/asset-kinds; empty where unknown' }),
    patientSafetyClass: PatientSafetyClass.nullable(),
    careArea: z.string().meta({ description: 'Empty where unknown' }),
    zone: z.string(),
  })
  .meta({ id: 'DecisionAsset' });
export type DecisionAsset = z.infer<typeof DecisionAsset>;

/**
 * Payload of `decision.made`: a person chose a course of action. Nothing is carried out by that. A later decision about the same
 * subject stands in for it.
 */
export const DecisionMade = z
  .object({
    decisionId: z.int().positive().meta({ description: 'Number of the decision' }),
    subject: z.object({
      kind: z.enum(['incident', 'weakness']),
      id: Identifier,
      name: z.string().meta({ description: 'INC-12, CVE-2019-0708' }),
      title: z.string(),
    }),
    course: z.object({
      /** "nothing", or that of a playbook or of a measure. */
      id: Identifier,
      title: z.string(),
      /** What is to be carried out; null for doing nothing and for courses without steps. */
      playbook: z
        .object({
          id: Identifier.meta({ description: 'playbook--UUID' }),
          version: z.string().meta({ description: '`modified` of CACAO: an RFC 3339 time' }),
          digest: z.string().meta({ description: 'SHA-256 of the canonical form (RFC 8785) that was chosen' }),
        })
        .nullable(),
      /** Of a course that was found by search over the model of risk; it has no playbook. */
      measures: z.array(Measure).max(3).optional(),
    }),
    variables: z
      .record(z.string(), z.string())
      .meta({ description: 'Values of playbook variables, by name: given by the person, or plain from the subject' }),
    assets: z.array(DecisionAsset).meta({ description: 'What it is about: at most 2,000' }),
    approvers: z.array(z.string()).meta({ description: 'Who must agree before it begins, as the list said' }),
    reason: z.string().max(2000),
    by: z.string().min(1).meta({ description: 'Who chose' }),
    at: Timestamp,
    isSample: z.boolean(),
  })
  .meta({ id: 'DecisionMade' });
export type DecisionMade = z.infer<typeof DecisionMade>;
