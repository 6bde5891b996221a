import type { CvssVector } from './cvss-vector.ts';

/* Scores of CVSS 3.0 and 3.1: specification documents of FIRST, §7 (metric values §7.4; Roundup of 3.1 in appendix A). */

const IMPACT = { H: 0.56, L: 0.22, N: 0 };
const REQUIREMENT = { H: 1.5, M: 1, L: 0.5 };

const WEIGHTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  PR: { N: 0.85, L: 0.62, H: 0.27 },
  UI: { N: 0.85, R: 0.62 },
  C: IMPACT,
  I: IMPACT,
  A: IMPACT,
  E: { F: 0.97, P: 0.94, U: 0.91 },
  RL: { W: 0.97, T: 0.96, O: 0.95 },
  RC: { R: 0.96, U: 0.92 },
  CR: REQUIREMENT,
  IR: REQUIREMENT,
  AR: REQUIREMENT,
};

/** Of privileges, where the scope changes. */
const PRIVILEGES_CHANGED: Readonly<Record<string, number>> = { N: 0.85, L: 0.68, H: 0.5 };

/** @returns base, temporal and environmental score, each 0–10 with one decimal */
export function scoreCvss3(vector: CvssVector): readonly [base: number, temporal: number, environmental: number] {
  const maturity = weigh(vector, 'E') * weigh(vector, 'RL') * weigh(vector, 'RC');
  const base = baseScore(vector);
  return [base, roundUp(base * maturity), roundUp(modifiedScore(vector) * maturity)];
}

function baseScore(vector: CvssVector): number {
  const of = (name: string) => vector.metrics.get(name) ?? '';
  const isChanged = of('S') === 'C';
  const lost = 1 - (1 - weigh(vector, 'C')) * (1 - weigh(vector, 'I')) * (1 - weigh(vector, 'A'));
  const impact = isChanged ? 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 : 6.42 * lost;
  return combine(impact, exploitability(of, isChanged), isChanged);
}

/** §7.3; a modified metric that is not defined is the base metric. */
function modifiedScore(vector: CvssVector): number {
  const of = (name: string) => {
    const modified = vector.metrics.get(`M${name}`);
    return modified === undefined || modified === 'X' ? (vector.metrics.get(name) ?? '') : modified;
  };
  const isChanged = of('S') === 'C';
  const kept = (name: string) => 1 - (WEIGHTS[name]?.[of(name)] ?? 0) * weigh(vector, `${name}R`);
  const lost = Math.min(1 - kept('C') * kept('I') * kept('A'), 0.915);
  const curve = vector.version === '3.1' ? (lost * 0.9731 - 0.02) ** 13 : (lost - 0.02) ** 15;
  const impact = isChanged ? 7.52 * (lost - 0.029) - 3.25 * curve : 6.42 * lost;
  return combine(impact, exploitability(of, isChanged), isChanged);
}

function exploitability(of: (name: string) => string, isChanged: boolean): number {
  const privileges = isChanged ? PRIVILEGES_CHANGED[of('PR')] : WEIGHTS.PR?.[of('PR')];
  const value = (name: string) => WEIGHTS[name]?.[of(name)] ?? 0;
  return 8.22 * value('AV') * value('AC') * (privileges ?? 0) * value('UI');
}

function combine(impact: number, exploitable: number, isChanged: boolean): number {
  return impact <= 0 ? 0 : roundUp(Math.min((isChanged ? 1.08 : 1) * (impact + exploitable), 10));
}

function weigh({ metrics }: CvssVector, name: string): number {
  return WEIGHTS[name]?.[metrics.get(name) ?? ''] ?? 1;
}

/** To one decimal upwards, on integers, so that binary fractions do not push 4.00000001 to 4.1. */
function roundUp(value: number): number {
  const whole = Math.round(value * 100_000);
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10;
}
