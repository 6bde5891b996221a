import type { Severity } from '@sphinx/schema';
import type { RiskParameters, Threat } from './risk-knowledge.ts';

/** As much of a weakness of an asset as the model needs. */
export interface KnownWeakness {
  /** `CVE-2023-12345`, or what its source calls it. */
  readonly weakness: string;
  readonly severity: Severity;
  readonly isKnownExploited: boolean;
  /** EPSS, where there is one. */
  readonly exploitProbability: number | null;
  /** It is reached over the network (CVSS AV:N or AV:A), or nobody says. */
  readonly isOverNetwork: boolean;
  readonly isPossible: boolean;
  readonly isCompensated: boolean;
}

/** A check of the verification that failed. */
export interface KnownFault {
  readonly check: string;
  readonly title: string;
  readonly severity: Severity;
}

/** @returns how likely the weakness works when it is tried, 0 to 1 */
export function exploitabilityOf(weakness: KnownWeakness, { weaknesses: of }: RiskParameters): number {
  const least = of.leastBySeverity[weakness.severity];
  const known = weakness.isKnownExploited ? of.knownExploited : 0;
  return (
    Math.max(known, least, weakness.exploitProbability ?? 0) *
    (weakness.isOverNetwork ? 1 : of.notOverNetwork) *
    (weakness.isPossible ? of.possiblyAffected : 1) *
    (weakness.isCompensated ? of.compensated : 1)
  );
}

/** @returns probability that at least one of independent causes works (noisy-OR without leak) */
export function noisyOr(causes: Iterable<number>): number {
  let none = 1;
  for (const cause of causes) none *= 1 - cause;
  return 1 - none;
}

/** What makes a device give way, apart from the threat: 0 to 1 each. */
export interface Susceptibility {
  readonly weaknesses: number;
  readonly faults: number;
}

export const UNKNOWN_SUSCEPTIBILITY: Susceptibility = { weaknesses: 0, faults: 0 };

/**
 * @returns how likely the threat succeeds on a device that it reaches: a noisy-OR of its weaknesses, its faults, and a leak for what
 * nobody knows of
 */
export function susceptibilityTo({ uses }: Threat, { weaknesses, faults }: Susceptibility): number {
  return noisyOr([uses.unknown, uses.weaknesses * weaknesses, uses.faults * faults]);
}
