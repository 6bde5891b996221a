import { PatientSafetyClass } from '@sphinx/schema';
import { z } from 'zod';

const Probability = z.number().min(0).max(1);
const End = z.object({ id: z.string(), name: z.string() });

export const StepItem = z
  .object({
    from: End.nullable().meta({ description: 'null: from outside' }),
    to: End,
    text: z.string(),
    probability: Probability,
  })
  .meta({ id: 'AttackStep' });
export type StepItem = z.infer<typeof StepItem>;

export const PathItem = z
  .object({
    id: z.string().meta({ description: 'Of the asset that is wanted' }),
    name: z.string(),
    kind: z.string(),
    careArea: z.string(),
    safety: PatientSafetyClass.nullable(),
    isSample: z.boolean(),
    group: z.string(),
    groupTitle: z.string(),
    probability: Probability.meta({ description: 'That the likeliest way works, once somebody tries' }),
    steps: z.array(StepItem).meta({ description: 'Of the likeliest way' }),
    shortest: z.int().meta({ description: 'Steps of the shortest way' }),
  })
  .meta({ id: 'AttackPath' });
export type PathItem = z.infer<typeof PathItem>;

export const ChokePointItem = z
  .object({
    id: z.string(),
    name: z.string(),
    isAsset: z.boolean(),
    guards: z.int().meta({ description: 'Targets that no way leads to without it' }),
    likeliest: z.int().meta({ description: 'Targets whose likeliest way leads through it' }),
    guarded: z.array(z.string()).meta({ description: 'What it guards, by group' }),
  })
  .meta({ id: 'ChokePoint' });
export type ChokePointItem = z.infer<typeof ChokePointItem>;

const Reach = z.object({
  withinReach: z.int().meta({ description: 'Targets whose likeliest way works in at least one of ten thousand tries' }),
  likeliest: Probability,
});

const Assets = z.array(z.string().min(1).max(300)).max(1000).default([]);
export const WhatIf = z
  .object({
    patched: Assets.meta({ description: 'As if no weakness and no failed check were known of them' }),
    parted: Assets.meta({
      description: 'Only conversations that were seen are left to them, without ways of administration and neighbours',
    }),
    off: Assets.meta({ description: 'Not there' }),
  })
  .meta({ id: 'AttackPathChange' });

export const WhatIfReport = z
  .object({
    text: z.string(),
    groups: z.array(z.object({ id: z.string(), title: z.string(), targets: z.int(), before: Reach, after: Reach })),
    care: z.string().meta({ description: 'What it costs care, in words' }),
  })
  .meta({ id: 'AttackPathWhatIf' });
export type WhatIfReport = z.infer<typeof WhatIfReport>;
