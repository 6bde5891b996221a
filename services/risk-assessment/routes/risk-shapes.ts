import { ConsequenceId, ControlState, RiskLevel } from '@sphinx/risk';
import { Identifier, PatientSafetyClass } from '@sphinx/schema';
import { z } from 'zod';

const Probability = z.number().min(0).max(1).meta({ description: 'Within the next 30 days, 0 to 1' });
const Points = z.number().min(0).max(100).meta({ description: 'Probability times impact of the worst consequence' });

export const ConsequenceItem = z
  .object({
    id: ConsequenceId,
    title: z.string(),
    probability: Probability,
    impact: z.number().min(0).max(100),
    level: RiskLevel,
    text: z.string().meta({ description: 'The same in words' }),
  })
  .meta({ id: 'RiskConsequenceItem' });
export type ConsequenceItem = z.infer<typeof ConsequenceItem>;

export const AssetRiskItem = z
  .object({
    id: Identifier,
    name: z.string(),
    kind: z.string(),
    zone: z.string(),
    careArea: z.string(),
    safety: PatientSafetyClass.nullable(),
    isSample: z.boolean(),
    probability: Probability,
    level: RiskLevel,
    points: Points,
    worst: ConsequenceId.meta({ description: 'Consequence that it has its points from' }),
    threat: z.string().meta({ description: 'Title of the likeliest threat' }),
    signals: z.int().meta({ description: 'Signals and incidents that speak for a compromise' }),
  })
  .meta({ id: 'AssetRisk' });
export type AssetRiskItem = z.infer<typeof AssetRiskItem>;

export const AssetRiskDetail = AssetRiskItem.extend({
  consequences: z.array(ConsequenceItem),
  threats: z.array(
    z.object({ id: z.string(), title: z.string(), probability: Probability, reasons: z.array(z.string()) }),
  ),
  evidence: z.array(
    z.object({ kind: z.enum(['signal', 'incident']), id: z.string(), text: z.string(), time: z.int() }),
  ),
  care: z.string().meta({ description: 'What stops for patients without it, in words' }),
  beds: z.int(),
}).meta({ id: 'AssetRiskDetail' });
export type AssetRiskDetail = z.infer<typeof AssetRiskDetail>;

export const CareRiskItem = z
  .object({
    id: z.string(),
    name: z.string(),
    service: z.string(),
    area: z.string(),
    safety: PatientSafetyClass.nullable(),
    isSample: z.boolean(),
    beds: z.int().nullable(),
    probability: Probability,
    level: RiskLevel,
    points: Points,
    reasons: z.array(z.string()),
  })
  .meta({ id: 'CareRisk' });
export type CareRiskItem = z.infer<typeof CareRiskItem>;

export const ThreatRiskItem = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    probability: Probability.meta({ description: 'That at least one asset is compromised within 30 days' }),
    perYear: z.object({ low: z.number(), likely: z.number(), high: z.number() }),
    basis: z.string().meta({ description: 'Where the rate is from' }),
    likeliest: z.array(z.object({ id: z.string(), name: z.string(), probability: Probability })),
  })
  .meta({ id: 'ThreatRisk' });
export type ThreatRiskItem = z.infer<typeof ThreatRiskItem>;

export const ControlItem = z
  .object({
    id: z.string(),
    title: z.string(),
    question: z.string(),
    state: ControlState.nullable().meta({ description: 'null: nobody said; then it has no effect' }),
    note: z.string(),
    by: z.string().nullable(),
    time: z.int().nullable(),
    effects: z.array(z.string()).meta({ description: 'What it takes away, in words' }),
  })
  .meta({ id: 'RiskControl' });
export type ControlItem = z.infer<typeof ControlItem>;

export const RiskSummary = z
  .object({
    level: RiskLevel,
    text: z.string().meta({ description: 'In words' }),
    assets: z.array(z.object({ level: RiskLevel, count: z.int() })),
    services: z.array(z.object({ level: RiskLevel, count: z.int() })),
    horizonDays: z.number(),
    model: z.object({
      version: z.string(),
      rationale: z.string(),
      references: z.array(z.object({ title: z.string(), url: z.string() })),
    }),
  })
  .meta({ id: 'RiskSummary' });
export type RiskSummary = z.infer<typeof RiskSummary>;
