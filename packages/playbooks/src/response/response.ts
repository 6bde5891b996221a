import { PatientSafetyClass, Severity } from '@sphinx/schema';
import { z } from 'zod';

/** Identifier of the extension; its definition stands in every playbook that has it. */
export const RESPONSE_EXTENSION = 'extension-definition--6f1d5f3e-2c8b-4b7e-9a64-0f3b7c1d8e52';
export const SPHINX_IDENTITY = 'identity--b6d1a7c4-93f0-4d55-8a5e-5f2f0c9d7e11';
export const RESPONSE_VERSION = '1.0.0';

const TECHNIQUE = z.string().regex(/^T\d{4}(?:\.\d{3})?$/, 'Must be a technique of MITRE ATT&CK such as T1486');
const TEXT = z.string().min(1).max(2000);
const TEXTS = z.array(TEXT);
const range = (most: number) =>
  z.tuple([z.number().min(0).max(most), z.number().min(0).max(most)]).refine(([low, high]) => low <= high, {
    message: 'The lower figure comes first',
  });

/** When a playbook fits. Every part that is stated must fit; of a list one entry is enough. */
export const Trigger = z.strictObject({
  subject: z.enum(['incident', 'weakness']),
  techniques: z.array(TECHNIQUE).min(1).optional(),
  stages: z.array(z.string().min(1)).min(1).optional(),
  asset_kinds: z.array(z.string().min(1)).min(1).optional(),
  safety_classes: z.array(PatientSafetyClass).min(1).optional(),
  zones: z.array(z.string().min(1)).min(1).optional(),
  words: z.array(z.string().min(3)).min(1).optional().meta({ description: 'In a title of an alert or of a weakness' }),
  least_severity: Severity.optional(),
  is_known_exploited: z.boolean().optional(),
  has_fix: z.boolean().optional(),
});
export type Trigger = z.infer<typeof Trigger>;

/** What a playbook does to the assets that it is carried out on, mildest first. */
export const Interference = z.enum([
  'none',
  'watched',
  'account-locked',
  'restricted',
  'restarted',
  'replaced',
  'cut-off',
]);
export type Interference = z.infer<typeof Interference>;

export const Reversibility = z.enum(['at-once', 'within-hours', 'within-days', 'not']);
export type Reversibility = z.infer<typeof Reversibility>;

/** What carrying a playbook out does, as its author judges it; learnt figures of the hospital come on top. */
export const Effects = z.strictObject({
  risk_reduction: range(1).meta({ description: 'Part of the harm still to come that is averted, from least to most' }),
  minutes_to_effect: range(525_600).meta({ description: 'Minutes until it works' }),
  work_hours: range(10_000).meta({ description: 'Hours of work of all who take part' }),
  cost_euro: range(100_000_000).optional().meta({ description: 'Beyond work; absent where unknown' }),
  interference: Interference,
  care_minutes: range(525_600).optional().meta({ description: 'How long care is disturbed; absent where unknown' }),
  care_effect: TEXT.meta({ description: 'What staff and patients notice' }),
  reversibility: Reversibility,
  basis: TEXT.meta({ description: 'Where the figures come from' }),
  confidence: z.number().min(0).max(1),
});
export type Effects = z.infer<typeof Effects>;

/** The properties of the extension "clinical response" of SPHINX (CACAO 2.0 §8). */
export const ClinicalResponse = z.strictObject({
  triggers: z.array(Trigger).min(1),
  clinical_cautions: TEXTS.min(1),
  communication: z.array(z.strictObject({ audience: TEXT, when: TEXT, message: TEXT })).min(1),
  recovery: TEXTS.min(1),
  lessons: TEXTS.min(1),
  approvers: z.array(z.string().min(1)).meta({ description: 'Who must agree before it begins' }),
  use_cases: z.array(z.int().min(1).max(16)).meta({ description: 'Of the original SPHINX' }),
  effects: Effects,
});
export type ClinicalResponse = z.infer<typeof ClinicalResponse>;
