import { Severity } from '@sphinx/schema';
import { z } from 'zod';
import { MEASURE_IDS, type MeasureId } from '../traffic/measures.ts';

/** Detectors that are code. */
export const SIGNS = ['habits', 'listed-address', 'beaconing', 'mining', 'season', 'peers', 'combination'] as const;

const DetectorMeasure = z.strictObject({
  id: z.enum(MEASURE_IDS as [MeasureId, ...MeasureId[]]),
  /** Least value that anybody is told of. */
  floor: z.number().positive(),
  /** What one hour in a hundred exceeds, as long as the site has not taught its own. */
  high: z.number().positive(),
});
export type DetectorMeasure = z.infer<typeof DetectorMeasure>;

/** One thing that is looked for: `knowledge/anomaly-detectors`. */
export const Detector = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** As the original SPHINX numbered it, 826001001 to 826001017, or one of ours. */
  number: z.int().min(826_001_001).max(826_001_999),
  title: z.string().min(5),
  severity: Severity,
  techniques: z.array(z.string().regex(/^T\d{4}(\.\d{3})?$/)),
  actors: z.enum(['internal', 'external', 'any']),
  measures: z.array(DetectorMeasure).min(1).optional(),
  sign: z.enum(SIGNS).optional(),
  /** Of `season`: least amounts in an hour that anybody is told of. */
  floors: z.partialRecord(z.enum(MEASURE_IDS as [MeasureId, ...MeasureId[]]), z.number().positive()).optional(),
  advice: z.string().min(10),
});
export type Detector = z.infer<typeof Detector>;

export const DetectorFile = z.strictObject({
  version: z.string(),
  references: z.array(z.strictObject({ title: z.string(), url: z.url() })),
  detectors: z.array(Detector).min(1),
});
