import { PatientSafetyClass, RISK_LEVELS, RiskLevel, Severity } from '@sphinx/schema';
import { z } from 'zod';

const References = z.array(z.object({ title: z.string(), url: z.url() })).min(1);
const Probability = z.number().min(0).max(1);
const Id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);

/** Ways in which attackers come to a device. */
export const VECTORS = ['internet', 'user', 'supplier', 'inside', 'physical'] as const;
export type Vector = (typeof VECTORS)[number];

/** What is left of a device after an attack. */
export const OUTCOMES = ['unavailable', 'disclosed', 'altered'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** An attack that hospitals meet. */
export const Threat = z.object({
  id: Id,
  title: z.string().min(1),
  description: z.string(),
  /** Probability that one hospital meets it in a year. */
  perYear: z
    .object({ low: Probability, likely: Probability, high: Probability })
    .refine(({ low, likely, high }) => low <= likely && likely <= high, { message: 'low ≤ likely ≤ high' }),
  basis: z.string().min(1),
  /** Parts of the ways in; together 1. */
  entry: z
    .partialRecord(z.enum(VECTORS), Probability)
    .refine((parts) => Math.abs(Object.values(parts).reduce((sum, part) => sum + part, 0) - 1) < 1e-6, {
      message: 'The ways in make 1 together.',
    }),
  uses: z.object({ weaknesses: Probability, faults: Probability, unknown: Probability }),
  /** How likely it goes on to a device that is wide open and reached for certain, within the horizon. */
  spread: Probability,
  consequences: z.record(z.enum(OUTCOMES), Probability),
  /** Techniques of MITRE ATT&CK that are typical signs of it. */
  techniques: z.array(z.string().regex(/^T\d{4}(\.\d{3})?$/)),
  classes: z.array(z.string()),
  sets: z.array(z.string()).default([]),
});
export type Threat = z.infer<typeof Threat>;

/** `knowledge/threats`. */
export const ThreatFile = z.object({
  id: z.string(),
  version: z.string(),
  rationale: z.string(),
  references: References,
  threats: z.array(Threat).min(1),
});
export type ThreatFile = z.infer<typeof ThreatFile>;

/** What a hospital does against threats. */
export const Control = z.object({
  id: Id,
  title: z.string().min(1),
  question: z.string().min(1),
  effects: z.array(
    z.object({ on: z.enum(['entry', 'spread', ...OUTCOMES]), threats: z.array(Id).min(1), reduction: Probability }),
  ),
});
export type Control = z.infer<typeof Control>;

/** `knowledge/risk-controls`. */
export const ControlFile = z.object({
  id: z.string(),
  version: z.string(),
  rationale: z.string(),
  references: References,
  controls: z.array(Control),
});
export type ControlFile = z.infer<typeof ControlFile>;

/** Whether a control is in place. */
export const ControlState = z.enum(['yes', 'partly', 'no']).meta({ id: 'ControlState' });
export type ControlState = z.infer<typeof ControlState>;

export { RISK_LEVELS, RiskLevel };

export const CONSEQUENCES = ['safety', 'care', 'confidentiality', 'integrity', 'compliance', 'money'] as const;
export const ConsequenceId = z.enum(CONSEQUENCES).meta({ id: 'RiskConsequence' });
export type ConsequenceId = z.infer<typeof ConsequenceId>;

const BySeverity = z.record(Severity, Probability);
const Points = z.number().min(0).max(100);
const ByClass = z.record(PatientSafetyClass, Points);
const OfKinds = z.object({ kinds: z.array(z.string()), ofKinds: Probability, others: Probability });
const Exposed = z.object({
  internet: Probability,
  hospital: Probability,
  restricted: Probability,
  unknown: Probability,
});
const FourUpperEnds = z.array(z.number()).length(RISK_LEVELS.length - 1);
const OfRecords = z.object({ confidentiality: Points, integrity: Points });

/** `knowledge/risk-model`: every other figure that risk is reckoned with. */
export const RiskParameters = z.object({
  id: z.string(),
  version: z.string(),
  rationale: z.string(),
  references: References,
  horizonDays: z.number().positive(),
  exposure: z.object({
    internet: Exposed,
    inside: Exposed,
    user: OfKinds.extend({ talksToInternet: Probability }),
    supplier: z.object({ talksToInternet: Probability, others: Probability }),
    physical: OfKinds,
  }),
  weaknesses: z.object({
    knownExploited: Probability,
    leastBySeverity: BySeverity,
    notOverNetwork: Probability,
    possiblyAffected: Probability,
    compensated: Probability,
  }),
  faults: BySeverity,
  typicalSusceptibility: Probability,
  susceptibilityLimits: z.object({ low: z.number().positive(), high: z.number().positive() }),
  reach: z.object({
    administration: z.object({ protocols: z.array(z.string()), probability: Probability }),
    talksTo: Probability,
    talkedToBy: Probability,
    sameNetwork: Probability,
  }),
  rounds: z.int().min(1).max(4),
  signals: z.record(
    Severity,
    z.object({ ifCompromised: Probability, otherwise: Probability.refine((value) => value > 0) }),
  ),
  falseAlarms: z.record(z.string(), z.number().positive()),
  roles: z.object({ actor: Probability, affected: Probability, target: Probability }),
  otherThreats: Probability,
  policyWeight: Probability,
  furtherAnalytics: Probability,
  halfLifeHours: z.number().positive(),
  incidents: z.object({
    low: z.number().min(1),
    medium: z.number().min(1),
    high: z.number().min(1),
    critical: z.number().min(1),
    confirmed: z.number().min(1),
    handled: z.number().min(1),
  }),
  impact: z.object({
    safety: ByClass,
    care: ByClass,
    records: OfRecords.extend({ kinds: z.array(z.string()) }),
    patientDevices: OfRecords,
    others: OfRecords,
  }),
  consequences: z
    .array(
      z.object({
        id: ConsequenceId,
        title: z.string(),
        after: z.array(z.enum(OUTCOMES)).min(1),
        of: z.partialRecord(z.enum(['safety', 'care', 'confidentiality', 'integrity']), Probability),
      }),
    )
    .length(CONSEQUENCES.length),
  likelihoodLevels: FourUpperEnds,
  impactLevels: FourUpperEnds,
  levels: z.array(z.array(RiskLevel).length(RISK_LEVELS.length)).length(RISK_LEVELS.length),
});
export type RiskParameters = z.infer<typeof RiskParameters>;

/** All that risk is reckoned with. */
export interface RiskKnowledge {
  readonly threats: readonly Threat[];
  readonly parameters: RiskParameters;
  readonly controls: readonly Control[];
}
