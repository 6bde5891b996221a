import cvss4 from 'ae-cvss-calculator';
import { type CvssVector, type CvssVersion, formatCvssVector, onlyMetrics, parseCvssVector } from './cvss-vector.ts';
import { scoreCvss2 } from './cvss2.ts';
import { scoreCvss3 } from './cvss3.ts';

export type CvssSeverity = 'none' | 'low' | 'medium' | 'high' | 'critical';

/** Scores from 0 to 10 with one decimal. Where no metric of a group is defined, the score is that of the group before. */
export interface CvssScores {
  readonly version: CvssVersion;
  readonly base: number;
  /** Temporal (2, 3) or with threat metrics (4.0, CVSS-BT). */
  readonly temporal: number;
  /** With everything that the vector tells (4.0: CVSS-BTE); this is the score to go by. */
  readonly environmental: number;
  readonly severity: CvssSeverity;
}

const ENVIRONMENTAL_2 = ['CDP', 'TD', 'CR', 'IR', 'AR'];

/**
 * Calculates the scores of a vector of any version.
 *
 * @param vector as published, or one that `parseCvssVector` read
 * @returns undefined where the vector breaks its specification
 */
export function scoreCvss(vector: string | CvssVector): CvssScores | undefined {
  const parsed = typeof vector === 'string' ? parseCvssVector(vector) : vector;
  if (parsed === undefined) return undefined;
  const { version } = parsed;
  const [base, temporal, environmental] = scoresOf(parsed);
  return { version, base, temporal, environmental, severity: severityOf(version, environmental) };
}

function scoresOf(vector: CvssVector): readonly [number, number, number] {
  switch (vector.version) {
    case '2.0': {
      const [base, temporal, environmental] = scoreCvss2(vector);
      const hasEnvironment = ENVIRONMENTAL_2.some((name) => (vector.metrics.get(name) ?? 'ND') !== 'ND');
      return [base, temporal, hasEnvironment ? environmental : temporal];
    }
    case '3.0':
    case '3.1':
      return scoreCvss3(vector);
    case '4.0':
      return [scoreCvss4(onlyMetrics(vector, [])), scoreCvss4(onlyMetrics(vector, ['E'])), scoreCvss4(vector)];
  }
}

function scoreCvss4(vector: CvssVector): number {
  return new cvss4.Cvss4P0(formatCvssVector(vector)).calculateScores().overall;
}

/** Severity scales of FIRST (3.x §5, 4.0 §6) and, for 2.0, of NVD. */
export function severityOf(version: CvssVersion, score: number): CvssSeverity {
  if (version === '2.0') {
    if (score < 4) return 'low';
    return score < 7 ? 'medium' : 'high';
  }
  if (score < 0.1) return 'none';
  if (score < 4) return 'low';
  if (score < 7) return 'medium';
  return score < 9 ? 'high' : 'critical';
}
