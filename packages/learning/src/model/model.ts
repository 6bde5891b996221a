import type { Feature, Vocabulary } from '../data/table.ts';
import type { Blend } from './blend/blend.ts';
import type { ModelCard } from './card.ts';
import type { SequenceModel } from './sequence/sequence.ts';

/** Data that models are trained on, and so what they can be asked about. */
export const MODEL_KINDS = ['nsl-kdd', 'wustl-ehms', 'flows'] as const;
export type ModelKind = (typeof MODEL_KINDS)[number];

/** Everything that is needed to judge rows, and what is known of how well it does. */
export interface DetectionModel {
  readonly kind: ModelKind;
  readonly card: ModelCard;
  readonly features: readonly Feature[];
  readonly vocabulary: Vocabulary;
  /** What a normal row usually has: the median of numbers, the most frequent category. Reasons compare with it. */
  readonly typical: Float64Array;
  /** Probability from which a row is called an attack. */
  readonly threshold: number;
  readonly mind: Mind;
}

/** How it judges: a blend row by row, a sequence with the rows before. */
export type Mind =
  | { readonly kind: 'blend'; readonly blend: Blend }
  | { readonly kind: 'sequence'; readonly sequence: SequenceModel };
