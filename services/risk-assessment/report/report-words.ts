import type { RiskLevel } from '@sphinx/risk';

export const LEVEL_WORDS: Readonly<Record<RiskLevel, string>> = {
  'very-low': 'very low',
  low: 'low',
  moderate: 'moderate',
  high: 'high',
  'very-high': 'very high',
};

/** Background of a cell, light enough for black text (WCAG 2.2, 1.4.3). */
export const LEVEL_COLOURS: Readonly<Record<RiskLevel, string>> = {
  'very-low': '#e8ecf1',
  low: '#cfe3f7',
  moderate: '#fdeeb5',
  high: '#fbd0a6',
  'very-high': '#f6b4ae',
};

export const REPORT_TITLE = 'Risk of cyber attacks: report for the board';
export const METHOD =
  'Likelihood and harm are combined as in NIST SP 800-30 (table I-2). Likelihoods come from a Bayesian network over threats, exposure, weaknesses, controls and what was detected; they put risks in order and are no promise. ';
