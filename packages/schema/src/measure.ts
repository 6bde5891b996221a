import { z } from 'zod';
import { Timestamp } from './evidence.ts';
import { Identifier } from './identifier.ts';

/**
 * A single measure on one asset. `patch`: its known weaknesses and failed checks are gone; `segment`: only conversations that were
 * seen and are no ways of administration reach it; `switch-off`: it is not there; `block`: nothing from outside comes in at it.
 */
export const MeasureKind = z.enum(['patch', 'segment', 'switch-off', 'block']).meta({ id: 'MeasureKind' });
export type MeasureKind = z.infer<typeof MeasureKind>;

export const Measure = z
  .object({ kind: MeasureKind, assetId: Identifier, assetName: z.string() })
  .meta({ id: 'Measure' });
export type Measure = z.infer<typeof Measure>;

const SubjectName = z.object({ kind: z.enum(['incident', 'weakness']), id: Identifier });

/** Payload of `measures.requested`: somebody has to decide on this; what could be done by the model of risk? */
export const MeasuresRequest = z
  .object({
    subject: SubjectName,
    assetIds: z.array(Identifier).max(50).meta({ description: 'What the incident concerns, or what has the weakness' }),
    isSample: z.boolean(),
  })
  .meta({ id: 'MeasuresRequest' });
export type MeasuresRequest = z.infer<typeof MeasuresRequest>;

/** Payload of `measures.evaluated`: small combinations of single measures, tried on the model of risk. */
export const MeasuresEvaluation = z
  .object({
    subject: SubjectName,
    evaluatedAt: Timestamp,
    options: z
      .array(
        z.object({
          measures: z.array(Measure).min(1).max(3),
          reduction: z.number().min(0).max(1).meta({
            description:
              'Part of what can be reached from these assets, weighted by what attackers want, that is averted',
          }),
          spared: z.int().nonnegative().meta({ description: 'Targets that are out of reach by it' }),
        }),
      )
      .max(10),
    note: z.string().max(500).meta({ description: 'Why there is none; empty where there are some' }),
    isSample: z.boolean(),
  })
  .meta({ id: 'MeasuresEvaluation' });
export type MeasuresEvaluation = z.infer<typeof MeasuresEvaluation>;
