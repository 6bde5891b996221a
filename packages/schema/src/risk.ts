import { z } from 'zod';
import { Identifier } from './identifier.ts';

/** Level of NIST SP 800-30, table I-2, lowest first. */
export const RISK_LEVELS = ['very-low', 'low', 'moderate', 'high', 'very-high'] as const;
export const RiskLevel = z.enum(RISK_LEVELS).meta({ id: 'RiskLevel', description: 'Level of NIST SP 800-30' });
export type RiskLevel = z.infer<typeof RiskLevel>;

/** Risk as it stood at one moment. */
export const RiskFigures = z
  .object({
    probability: z.number().min(0).max(1).meta({
      description: 'Of an asset: that some threat compromises it; of a clinical service: that it is disrupted',
    }),
    level: RiskLevel,
    points: z.number().min(0).max(100).meta({ description: 'Probability times harm of the worst consequence' }),
  })
  .meta({ id: 'RiskFigures' });
export type RiskFigures = z.infer<typeof RiskFigures>;

/** Payload of `risk.changed`: the risk of an asset or of a clinical service in a care area is clearly another. */
export const RiskChange = z
  .object({
    subject: z.enum(['asset', 'clinical-service']),
    /** Id of the asset; `care:SERVICE@AREA` of a clinical service. */
    id: Identifier,
    name: z.string(),
    careArea: z.string().meta({ description: 'Empty where unknown' }),
    horizonDays: z.number().min(0).meta({ description: 'Within how many days the probability holds' }),
    now: RiskFigures,
    before: RiskFigures.nullable().meta({ description: 'As it was told last; null where it is told first' }),
    consequence: z
      .string()
      .meta({ description: 'The worst: safety, care, confidentiality, integrity, compliance, money' }),
    reason: z.string().max(1000).meta({ description: 'What speaks for it most, in words' }),
    isSample: z.boolean(),
  })
  .meta({ id: 'RiskChange' });
export type RiskChange = z.infer<typeof RiskChange>;
