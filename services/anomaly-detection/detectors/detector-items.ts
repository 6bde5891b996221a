import { Severity } from '@sphinx/schema';
import { z } from 'zod';
import type { DetectorTotal } from '../anomalies/anomaly-store.ts';
import type { BaselineLibrary } from '../baselines/baseline-library.ts';
import { learntNorm, limitOfNorm, priorNorm } from '../baselines/norm.ts';
import type { AnomalyKnowledge } from '../knowledge/anomaly-knowledge.ts';
import { MEASURES } from '../traffic/measures.ts';

export const DetectorItem = z
  .object({
    id: z.string(),
    number: z
      .int()
      .meta({ description: 'As the original SPHINX numbered it (826001001 to 826001017), or one of ours' }),
    title: z.string(),
    severity: Severity,
    techniques: z.array(z.string()),
    advice: z.string(),
    limits: z
      .array(
        z.object({
          measure: z.string(),
          title: z.string(),
          unit: z.enum(['count', 'bytes', 'seconds']),
          usual: z.number().nullable(),
          high: z.number(),
          limit: z.number().meta({ description: 'An hour with as much is told, of a device that has not learnt yet' }),
          basis: z.enum(['site', 'hospitals']),
        }),
      )
      .meta({ description: 'What the site has taught, or what holds in hospitals until it has' }),
    found: z.int(),
    open: z.int(),
    normal: z.int(),
    confirmed: z.int(),
    notTold: z.int().meta({ description: 'Kept, but no alert was raised: too many of them that day' }),
    lastSeen: z.number().nullable(),
  })
  .meta({ id: 'AnomalyDetector' });
export type DetectorItem = z.infer<typeof DetectorItem>;

export function detectorItems(
  parts: { readonly knowledge: AnomalyKnowledge; readonly library: BaselineLibrary; readonly rarity: () => number },
  totals: readonly DetectorTotal[],
): DetectorItem[] {
  const { knowledge, library } = parts;
  const totalOf = new Map(totals.map((total) => [total.detector, total]));
  const rarity = parts.rarity();
  return knowledge.detectors.map(({ id, number, title, severity, techniques, advice, measures = [] }) => {
    const { found, open, normal, confirmed, notTold, lastSeen } = totalOf.get(id) ?? NOTHING;
    const limits = measures.map(({ id: measure, floor, high }) => {
      const basis = library.hasSiteLearnt ? ('site' as const) : ('hospitals' as const);
      const norm = basis === 'site' ? learntNorm(basis, library.site, measure, floor) : priorNorm(high);
      const { title: of, unit } = MEASURES[measure];
      const limit = Math.round(limitOfNorm(norm, rarity, floor));
      return { measure, title: of, unit, usual: norm.usual ?? null, high: norm.high, limit, basis };
    });
    const totalled = { found, open, normal, confirmed, notTold, lastSeen };
    return { id, number, title, severity, techniques: [...techniques], advice, limits, ...totalled };
  });
}

const NOTHING = { found: 0, open: 0, normal: 0, confirmed: 0, notTold: 0, lastSeen: null } as const;
