import { AlertSubject, Severity } from '@sphinx/schema';
import { z } from 'zod';

const Moment = z.number().meta({ description: 'Milliseconds since the Unix epoch' });

/** What a person said of it. */
export const AnomalyVerdict = z
  .enum(['normal', 'confirmed'])
  .meta({ description: '`normal`: it belongs to what is usual from now on; `confirmed`: it was right to tell' });
export type AnomalyVerdict = z.infer<typeof AnomalyVerdict>;

/** Something that was unlike itself. */
export const Anomaly = z
  .object({
    id: z.string(),
    detector: z.string(),
    /** As the original SPHINX numbered it, or one of ours. */
    number: z.int(),
    title: z.string(),
    severity: Severity,
    techniques: z.array(z.string()),
    advice: z.string(),
    /** Address of the host whose behaviour it is, or the name of a user. */
    actor: z.string(),
    assetId: z.string().nullable(),
    /** What makes it another anomaly of the same detector and host. */
    about: z.string(),
    subjects: z.array(AlertSubject),
    expected: z.string(),
    seen: z.string(),
    rarity: z.number().meta({ description: 'Share of comparable hours with as much or more' }),
    /** What it was compared with. */
    basis: z.enum(['itself', 'kind', 'site', 'hospitals']),
    measure: z
      .object({ id: z.string(), value: z.number(), limit: z.number() })
      .nullable()
      .meta({ description: 'The number that was too high, and from where on it is' }),
    habit: z.string().nullable(),
    firstSeen: Moment,
    lastSeen: Moment,
    count: z.int().meta({ description: 'Times that it was seen; repeats are one anomaly' }),
    source: z.string(),
    isSample: z.boolean(),
    packet: z.int().meta({ description: 'Number of a packet of it in its source' }),
    /** False where so much was told that day that this was only kept. */
    isTold: z.boolean(),
    verdict: AnomalyVerdict.nullable(),
    scope: z.enum(['device', 'kind']).nullable(),
    note: z.string(),
    decidedBy: z.string(),
    decidedAt: Moment.nullable(),
  })
  .meta({ id: 'Anomaly' });
export type Anomaly = z.infer<typeof Anomaly>;

/** As it is shown. */
export const ShownAnomaly = Anomaly.extend({
  howRare: z.string().meta({ description: 'How rare it is, in words' }),
}).meta({ id: 'ShownAnomaly' });
export type ShownAnomaly = z.infer<typeof ShownAnomaly>;
