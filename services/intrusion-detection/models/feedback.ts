import type { Detection } from '@sphinx/schema';
import { z } from 'zod';

/** What a person may say of a detection that a model made. */
export const FeedbackVerdict = z.enum(['attack', 'harmless']);
export type FeedbackVerdict = z.infer<typeof FeedbackVerdict>;

/**
 * What a person has said of a detection of a model. It holds all that retraining needs, since detections go when their
 * source is taken back.
 */
export const ModelFeedback = z
  .object({
    detection: z.string().meta({ description: 'Id of the detection' }),
    verdict: FeedbackVerdict,
    note: z.string(),
    by: z.string(),
    at: z.number(),
    model: z.string().meta({ description: 'Name of the model that made the detection' }),
    probability: z.number(),
    kind: z.string().meta({ description: 'Kind of attack that the model took it for' }),
    features: z
      .record(z.string(), z.union([z.number(), z.string()]))
      .nullable()
      .meta({ description: 'Features of the flow; null for a detection that was made before they were kept' }),
  })
  .meta({ id: 'ModelFeedback' });
export type ModelFeedback = z.infer<typeof ModelFeedback>;

/** @returns undefined for a detection that no model made */
export function feedbackOn(
  { id, rule, model }: Detection,
  said: Pick<ModelFeedback, 'verdict' | 'note' | 'by' | 'at'>,
): ModelFeedback | undefined {
  if (model === undefined) return undefined;
  const { name, probability, features = null } = model;
  return { detection: id, ...said, model: name, probability, kind: rule.category, features };
}
