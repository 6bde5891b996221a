import type { CvssVector } from './cvss-vector.ts';

/* Scores of CVSS 2.0: "A Complete Guide to the Common Vulnerability Scoring System 2.0", §3.2. */

const WEIGHTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { L: 0.395, A: 0.646, N: 1 },
  AC: { H: 0.35, M: 0.61, L: 0.71 },
  Au: { M: 0.45, S: 0.56, N: 0.704 },
  C: { N: 0, P: 0.275, C: 0.66 },
  I: { N: 0, P: 0.275, C: 0.66 },
  A: { N: 0, P: 0.275, C: 0.66 },
  E: { U: 0.85, POC: 0.9, F: 0.95 },
  RL: { OF: 0.87, TF: 0.9, W: 0.95 },
  RC: { UC: 0.9, UR: 0.95 },
  CDP: { N: 0, L: 0.1, LM: 0.3, MH: 0.4, H: 0.5 },
  TD: { N: 0, L: 0.25, M: 0.75, H: 1 },
  CR: { L: 0.5, M: 1, H: 1.51 },
  IR: { L: 0.5, M: 1, H: 1.51 },
  AR: { L: 0.5, M: 1, H: 1.51 },
};

/** @returns base, temporal and environmental score, each 0–10 with one decimal */
export function scoreCvss2({ metrics }: CvssVector): readonly [base: number, temporal: number, environmental: number] {
  const of = (name: string, otherwise = 1) => WEIGHTS[name]?.[metrics.get(name) ?? ''] ?? otherwise;
  const exploitability = 20 * of('AV') * of('AC') * of('Au');
  const impact = 10.41 * (1 - (1 - of('C')) * (1 - of('I')) * (1 - of('A')));
  const maturity = of('E') * of('RL') * of('RC');
  const base = baseOf(impact, exploitability);
  const temporal = round(base * maturity);
  const required = (1 - of('C') * of('CR')) * (1 - of('I') * of('IR')) * (1 - of('A') * of('AR'));
  const adjustedBase = baseOf(Math.min(10, 10.41 * (1 - required)), exploitability);
  const adjusted = round(adjustedBase * maturity);
  return [base, temporal, round((adjusted + (10 - adjusted) * of('CDP', 0)) * of('TD'))];
}

function baseOf(impact: number, exploitability: number): number {
  return impact === 0 ? 0 : round((0.6 * impact + 0.4 * exploitability - 1.5) * 1.176);
}

/** To one decimal, half upwards; the small term takes away what binary fractions lack: 9 × 0.95 is 8.55. */
function round(value: number): number {
  return Math.max(0, Math.round(value * 10 + 1e-9) / 10);
}
