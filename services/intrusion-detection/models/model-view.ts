import { z } from 'zod';
import { RetrainedModel, TrainingData } from './model-store.ts';

/** The model that judges flows, what people have said of it, and what may take its place. */
export const ModelView = z
  .object({
    base: z.string().meta({ description: 'Model of the settings; empty: none is chosen, and nothing is judged' }),
    running: z
      .object({
        name: z.string(),
        title: z.string(),
        version: z.string(),
        trainedAt: z.string(),
        use: z.string(),
        limits: z.array(z.string()),
        threshold: z.number(),
        retrained: RetrainedModel.nullable().meta({ description: 'null: it is the one of the settings' }),
      })
      .nullable(),
    candidate: RetrainedModel.nullable().meta({ description: 'Waits until a person accepts or discards it' }),
    previous: z.string().nullable().meta({ description: 'Name of the model that undo brings back' }),
    feedback: z.object({
      attack: z.int(),
      harmless: z.int(),
      usable: z.int().meta({ description: 'Those whose features are known, so that they can be learnt from' }),
      needed: z.int().meta({ description: 'So many usable ones are needed to retrain' }),
    }),
    trainingData: TrainingData.nullable(),
    job: z.string().nullable().meta({ description: 'Id of the retraining that is at work' }),
  })
  .meta({ id: 'DetectionModelState' });
export type ModelView = z.infer<typeof ModelView>;
