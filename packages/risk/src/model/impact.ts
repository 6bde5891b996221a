import type { CareMap } from '../care-map/care-map.ts';
import type { Effect } from '../care-map/effect.ts';
import type { RiskAsset } from './risk-asset.ts';
import {
  type ConsequenceId,
  type Outcome,
  RISK_LEVELS,
  type RiskLevel,
  type RiskParameters,
} from './risk-knowledge.ts';

/** Harm from 0 to 100 of the four kinds that others follow from. */
export type BasicImpact = Readonly<Record<'safety' | 'care' | 'confidentiality' | 'integrity', number>>;

/** One kind of consequence of one asset or clinical service. */
export interface ConsequenceRisk {
  readonly id: ConsequenceId;
  readonly title: string;
  /** Within the horizon, 0 to 1. */
  readonly probability: number;
  /** 0 to 100. */
  readonly impact: number;
  readonly level: RiskLevel;
  /** Probability times impact: what is worst comes first. */
  readonly points: number;
}

/**
 * How much care each node of the map matters to: its own class, or that of what needs it, weaker by the effect on the way.
 *
 * @returns 0 to 100 by place
 */
export function careImpacts(
  map: CareMap,
  effects: Readonly<Record<Effect, number>>,
  { impact }: RiskParameters,
): Float64Array {
  const values = Float64Array.from(map.nodes, ({ type, safety }) =>
    safety === null ? (type === 'network' ? 0 : impact.care.none) : impact.care[safety],
  );
  let changed = map.nodes.map((_, place) => place);
  // Values only grow, each time by a product with less than 1, so that it ends; circles too.
  while (changed.length > 0) {
    const next = new Set<number>();
    for (const dependent of changed) {
      for (const { mode, needs } of map.needs[dependent] ?? []) {
        const part = mode === 'any' ? 1 : 1 / needs.length;
        for (const { provider, effect } of needs) {
          const value = (values[dependent] ?? 0) * effects[effect] * part;
          if (value <= (values[provider] ?? 0) + 1e-6) continue;
          values[provider] = value;
          next.add(provider);
        }
      }
    }
    changed = [...next];
  }
  return values;
}

/** @param care of the asset, see `careImpacts` */
export function impactOf(asset: RiskAsset, care: number, { impact }: RiskParameters): BasicImpact {
  const isRecords = impact.records.kinds.includes(asset.kind);
  const isForPatients = asset.safety !== null && asset.safety !== 'none';
  const of = isRecords ? impact.records : isForPatients || asset.hasPatientData ? impact.patientDevices : impact.others;
  // What is altered in a device that keeps somebody alive is as bad as its failure.
  const safety = impact.safety[asset.safety ?? 'none'];
  const { confidentiality, integrity } = of;
  return { safety, care, confidentiality, integrity: Math.max(integrity, isRecords ? 0 : safety) };
}

/**
 * @param outcomes probability of each within the horizon
 * @returns every kind of consequence with its level
 */
export function consequencesOf(
  outcomes: Readonly<Record<Outcome, number>>,
  basic: BasicImpact,
  parameters: RiskParameters,
): readonly ConsequenceRisk[] {
  return parameters.consequences.map((consequence) => {
    const { id, title, after } = consequence;
    const probability = 1 - after.reduce((no, outcome) => no * (1 - outcomes[outcome]), 1);
    const impact = impactOfConsequence(consequence, basic);
    const level = levelOf(probability, impact, parameters);
    return { id, title, probability, impact, level, points: probability * impact };
  });
}

/** @returns harm from 0 to 100 of one kind of consequence */
export function impactOfConsequence(
  { of }: Pick<RiskParameters['consequences'][number], 'of'>,
  basic: BasicImpact,
): number {
  return Math.max(0, ...Object.entries(of).map(([kind, part]) => basic[kind as keyof BasicImpact] * part));
}

/** @returns level of NIST SP 800-30, table I-2 */
export function levelOf(probability: number, impact: number, parameters: RiskParameters): RiskLevel {
  const row = parameters.levels[rankIn(probability, parameters.likelihoodLevels)];
  return row?.[rankIn(impact, parameters.impactLevels)] ?? 'very-low';
}

/** @returns 0 for very low up to 4 for very high */
export function rankIn(value: number, upperEnds: readonly number[]): number {
  const rank = upperEnds.findIndex((end) => value < end);
  return rank === -1 ? upperEnds.length : rank;
}

export function worstLevel(levels: Iterable<RiskLevel>): RiskLevel {
  let worst = 0;
  for (const level of levels) worst = Math.max(worst, RISK_LEVELS.indexOf(level));
  return RISK_LEVELS[worst] ?? 'very-low';
}
