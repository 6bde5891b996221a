/**
 * Metrics of CVSS as the JSON representations of FIRST name them: abbreviation in a vector, name of the member, and for each
 * value its abbreviation and its name. Sources: CVSS v2.0 guide §2, CVSS v3.0 and v3.1 specification §6, cvss-v2.0.json,
 * cvss-v3.0.json, cvss-v3.1.json of FIRST.
 */
export interface CvssMetric {
  readonly short: string;
  readonly member: string;
  readonly values: Readonly<Record<string, string>>;
}

export interface CvssSchemaVersion {
  readonly version: '2.0' | '3.0' | '3.1';
  /** What stands before the metrics of a vector, as a regular expression. */
  readonly prefix: string;
  readonly metrics: readonly CvssMetric[];
  readonly hasSeverities: boolean;
}

const THREE_PARTS = [
  ['C', 'confidentiality'],
  ['I', 'integrity'],
  ['A', 'availability'],
] as const;

const UNDEFINED_2 = { ND: 'NOT_DEFINED' };
const UNDEFINED_3 = { X: 'NOT_DEFINED' };
const LEVELS = { L: 'LOW', M: 'MEDIUM', H: 'HIGH' };

const VERSION_2: readonly CvssMetric[] = [
  metric('AV', 'accessVector', { N: 'NETWORK', A: 'ADJACENT_NETWORK', L: 'LOCAL' }),
  metric('AC', 'accessComplexity', { H: 'HIGH', M: 'MEDIUM', L: 'LOW' }),
  metric('Au', 'authentication', { M: 'MULTIPLE', S: 'SINGLE', N: 'NONE' }),
  ...THREE_PARTS.map(([short, part]) => metric(short, `${part}Impact`, { N: 'NONE', P: 'PARTIAL', C: 'COMPLETE' })),
  metric('E', 'exploitability', { U: 'UNPROVEN', POC: 'PROOF_OF_CONCEPT', F: 'FUNCTIONAL', H: 'HIGH', ...UNDEFINED_2 }),
  metric('RL', 'remediationLevel', {
    OF: 'OFFICIAL_FIX',
    TF: 'TEMPORARY_FIX',
    W: 'WORKAROUND',
    U: 'UNAVAILABLE',
    ...UNDEFINED_2,
  }),
  metric('RC', 'reportConfidence', { UC: 'UNCONFIRMED', UR: 'UNCORROBORATED', C: 'CONFIRMED', ...UNDEFINED_2 }),
  metric('CDP', 'collateralDamagePotential', {
    N: 'NONE',
    L: 'LOW',
    LM: 'LOW_MEDIUM',
    MH: 'MEDIUM_HIGH',
    H: 'HIGH',
    ...UNDEFINED_2,
  }),
  metric('TD', 'targetDistribution', { N: 'NONE', ...LEVELS, ...UNDEFINED_2 }),
  ...THREE_PARTS.map(([short, part]) => metric(`${short}R`, `${part}Requirement`, { ...LEVELS, ...UNDEFINED_2 })),
];

const BASE_3: readonly CvssMetric[] = [
  metric('AV', 'attackVector', { N: 'NETWORK', A: 'ADJACENT_NETWORK', L: 'LOCAL', P: 'PHYSICAL' }),
  metric('AC', 'attackComplexity', { H: 'HIGH', L: 'LOW' }),
  metric('PR', 'privilegesRequired', { H: 'HIGH', L: 'LOW', N: 'NONE' }),
  metric('UI', 'userInteraction', { N: 'NONE', R: 'REQUIRED' }),
  metric('S', 'scope', { U: 'UNCHANGED', C: 'CHANGED' }),
  ...THREE_PARTS.map(([short, part]) => metric(short, `${part}Impact`, { N: 'NONE', L: 'LOW', H: 'HIGH' })),
];

const VERSION_3: readonly CvssMetric[] = [
  ...BASE_3,
  metric('E', 'exploitCodeMaturity', {
    U: 'UNPROVEN',
    P: 'PROOF_OF_CONCEPT',
    F: 'FUNCTIONAL',
    H: 'HIGH',
    ...UNDEFINED_3,
  }),
  metric('RL', 'remediationLevel', {
    O: 'OFFICIAL_FIX',
    T: 'TEMPORARY_FIX',
    W: 'WORKAROUND',
    U: 'UNAVAILABLE',
    ...UNDEFINED_3,
  }),
  metric('RC', 'reportConfidence', { U: 'UNKNOWN', R: 'REASONABLE', C: 'CONFIRMED', ...UNDEFINED_3 }),
  ...THREE_PARTS.map(([short, part]) => metric(`${short}R`, `${part}Requirement`, { ...LEVELS, ...UNDEFINED_3 })),
  ...BASE_3.map(({ short, member, values }) =>
    metric(`M${short}`, `modified${member.charAt(0).toUpperCase()}${member.slice(1)}`, { ...values, ...UNDEFINED_3 }),
  ),
];

export const CVSS_VERSIONS: readonly CvssSchemaVersion[] = [
  { version: '2.0', prefix: '', metrics: VERSION_2, hasSeverities: false },
  { version: '3.0', prefix: 'CVSS:3\\.0/', metrics: VERSION_3, hasSeverities: true },
  { version: '3.1', prefix: 'CVSS:3\\.1/', metrics: VERSION_3, hasSeverities: true },
];

function metric(short: string, member: string, values: Readonly<Record<string, string>>): CvssMetric {
  return { short, member, values };
}
