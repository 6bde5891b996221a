import { type RiskKnowledge, RiskParameters, Threat } from './risk-knowledge.ts';

const REFERENCES = [{ title: 'none', url: 'https://example.org/' }];
const EXPOSED = { internet: 1, hospital: 0.1, restricted: 0.1, unknown: 0.1 };
const SAME = { 'life-sustaining': 98, therapy: 85, diagnosis: 60, 'care-support': 40, none: 2 };

/** Little enough to think through: a worm that spreads, and a flood that does not. */
export const LITTLE_RISK: RiskKnowledge = {
  threats: [
    Threat.parse({
      id: 'worm',
      title: 'Worm',
      description: '',
      perYear: { low: 0.1, likely: 0.3, high: 0.6 },
      basis: 'invented',
      entry: { user: 1 },
      uses: { weaknesses: 0.9, faults: 0.5, unknown: 0.1 },
      spread: 0.6,
      consequences: { unavailable: 0.9, disclosed: 0.2, altered: 0.1 },
      techniques: ['T1210'],
      classes: [],
    }),
    Threat.parse({
      id: 'flood',
      title: 'Flood',
      description: '',
      perYear: { low: 0.01, likely: 0.05, high: 0.1 },
      basis: 'invented',
      entry: { internet: 1 },
      uses: { weaknesses: 0.1, faults: 0.1, unknown: 0.1 },
      spread: 0,
      consequences: { unavailable: 0.5, disclosed: 0, altered: 0 },
      techniques: ['T1499'],
      classes: [],
    }),
  ],
  controls: [
    {
      id: 'filter',
      title: 'Filter',
      question: 'Is there one?',
      effects: [
        { on: 'entry', threats: ['worm'], reduction: 0.5 },
        { on: 'spread', threats: ['worm'], reduction: 0.5 },
      ],
    },
  ],
  parameters: RiskParameters.parse({
    id: 'little',
    version: '1',
    rationale: '',
    references: REFERENCES,
    horizonDays: 30,
    exposure: {
      internet: EXPOSED,
      inside: EXPOSED,
      user: { kinds: ['workstation'], ofKinds: 1, talksToInternet: 0.2, others: 0.01 },
      supplier: { talksToInternet: 1, others: 0.05 },
      physical: { kinds: [], ofKinds: 1, others: 0.1 },
    },
    weaknesses: {
      knownExploited: 0.5,
      leastBySeverity: { critical: 0.05, high: 0.02, medium: 0.005, low: 0.001, informational: 0 },
      notOverNetwork: 0.3,
      possiblyAffected: 0.4,
      compensated: 0.2,
    },
    faults: { critical: 0.4, high: 0.2, medium: 0.05, low: 0.01, informational: 0 },
    typicalSusceptibility: 0.15,
    susceptibilityLimits: { low: 0.2, high: 4 },
    reach: {
      administration: { protocols: ['smb'], probability: 0.9 },
      talksTo: 0.5,
      talkedToBy: 0.15,
      sameNetwork: 0.003,
    },
    rounds: 2,
    signals: {
      informational: { ifCompromised: 0.5, otherwise: 0.5 },
      low: { ifCompromised: 0.3, otherwise: 0.1 },
      medium: { ifCompromised: 0.3, otherwise: 0.01 },
      high: { ifCompromised: 0.3, otherwise: 0.001 },
      critical: { ifCompromised: 0.3, otherwise: 0.00001 },
    },
    falseAlarms: { 'network-rule': 1 },
    roles: { actor: 1, affected: 0.8, target: 0.4 },
    otherThreats: 0.25,
    policyWeight: 0.3,
    furtherAnalytics: 0.5,
    halfLifeHours: 24,
    incidents: { low: 10, medium: 100, high: 3000, critical: 50000, confirmed: 100000, handled: 3 },
    impact: {
      safety: SAME,
      care: SAME,
      records: { kinds: [], confidentiality: 90, integrity: 80 },
      patientDevices: { confidentiality: 40, integrity: 60 },
      others: { confidentiality: 10, integrity: 10 },
    },
    consequences: [
      { id: 'safety', title: 'Safety', after: ['unavailable', 'altered'], of: { safety: 1 } },
      { id: 'care', title: 'Care', after: ['unavailable'], of: { care: 1 } },
      { id: 'confidentiality', title: 'Confidentiality', after: ['disclosed'], of: { confidentiality: 1 } },
      { id: 'integrity', title: 'Integrity', after: ['altered'], of: { integrity: 1 } },
      { id: 'compliance', title: 'Compliance', after: ['disclosed'], of: { confidentiality: 1 } },
      { id: 'money', title: 'Money', after: ['unavailable'], of: { care: 1 } },
    ],
    likelihoodLevels: [0.001, 0.01, 0.1, 0.5],
    impactLevels: [5, 21, 80, 96],
    levels: [
      ['very-low', 'very-low', 'very-low', 'low', 'low'],
      ['very-low', 'low', 'low', 'low', 'moderate'],
      ['very-low', 'low', 'moderate', 'moderate', 'high'],
      ['very-low', 'low', 'moderate', 'high', 'very-high'],
      ['very-low', 'low', 'moderate', 'high', 'very-high'],
    ],
  }),
};
