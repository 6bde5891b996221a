import type {
  Asset,
  AssetFactName,
  CertificateRecord,
  CheckOutcome,
  CheckResult,
  Severity,
  Verdict,
  Verification,
} from '@sphinx/schema';
import type { RequirementCoverage, StandardCoverage } from '../compliance/coverage.ts';
import type { VerificationDifference } from '../compliance/difference.ts';

/** What a report says beside the judgement itself; an analysis of captures has none of it. */
export interface ReportBackground {
  readonly coverage?: readonly StandardCoverage[];
  readonly difference?: VerificationDifference;
  /** Title of the occasion. */
  readonly occasion?: string | undefined;
  /** Address of the public page of the certificate. */
  readonly publicLink?: string;
  /** The same as a QR code, SVG that was made here. */
  readonly qrCode?: string;
}

/** What each verdict means, in a sentence for whoever was not there. */
export const VERDICT_WORDS: Readonly<Record<Verdict, { readonly title: string; readonly meaning: string }>> = {
  trusted: { title: 'Trusted', meaning: 'The asset may be used on this network. Nothing that matters failed.' },
  conditional: {
    title: 'Conditional',
    meaning: 'The asset may be used on this network while the conditions below hold.',
  },
  rejected: {
    title: 'Rejected',
    meaning: 'The asset should not be on this network until the failed checks are repaired.',
  },
  'insufficient-evidence': {
    title: 'Insufficient evidence',
    meaning: 'Too little was seen of the asset to say whether it may be trusted.',
  },
};

/** `whole` has every check; `judged`, for reports on many assets, only those that passed or failed. */
export type ReportLength = 'whole' | 'judged';

/** Whether something was seen by which the check could be judged. */
export function wasJudged({ outcome }: CheckResult): boolean {
  return outcome === 'pass' || outcome === 'fail';
}

export const OUTCOME_WORDS: Readonly<Record<CheckOutcome, string>> = {
  fail: 'Failed',
  pass: 'Passed',
  'not-observed': 'Not observed',
  'not-applicable': 'Not applicable',
};

const OUTCOME_ORDER: readonly CheckOutcome[] = ['fail', 'pass', 'not-observed', 'not-applicable'];
const SEVERITY_ORDER: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'informational'];

const FACT_TITLES: readonly (readonly [AssetFactName, string])[] = [
  ['kind', 'Kind'],
  ['manufacturer', 'Manufacturer'],
  ['model', 'Model'],
  ['serial', 'Serial number'],
  ['software', 'Software'],
  ['operatingSystem', 'Operating system'],
  ['clinicalFunction', 'Clinical function'],
  ['patientSafetyClass', 'Patient-safety class'],
  ['zone', 'Network zone'],
  ['location', 'Location'],
  ['owner', 'Owner'],
];

/** Results in the order in which a reader needs them: failures by severity first. */
export function resultsByImportance(results: readonly CheckResult[]): readonly CheckResult[] {
  return [...results].sort(
    (a, b) =>
      OUTCOME_ORDER.indexOf(a.outcome) - OUTCOME_ORDER.indexOf(b.outcome) ||
      SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity) ||
      a.checkId.localeCompare(b.checkId),
  );
}

/** Title and value of all that identifies the asset, with the confidence where it is not certain. */
export function identityLines(asset: Asset | undefined): readonly (readonly [string, string])[] {
  if (asset === undefined) return [];
  const facts = FACT_TITLES.flatMap(([name, title]): (readonly [string, string])[] => {
    const fact = asset.facts[name];
    return fact === undefined ? [] : [[title, `${fact.value} (${Math.round(fact.confidence * 100)} % confidence)`]];
  });
  return [
    ...facts,
    ['Hardware addresses', asset.macs.join(', ') || 'none seen'],
    ['Network addresses', asset.ips.join(', ') || 'none seen'],
    ['Watched', `${timeText(asset.firstSeen)} to ${timeText(asset.lastSeen)}`],
  ];
}

/** How this judgement came about and can be proved. */
export function provenanceLines(
  verification: Verification,
  certificate: CertificateRecord | undefined,
  length: ReportLength,
): readonly (readonly [string, string])[] {
  const { policy } = verification;
  const base: readonly (readonly [string, string])[] = [
    ['Judged on', timeText(verification.time)],
    ['Policy', `${policy.title} (${policy.id} ${policy.version})`],
    ...(verification.startedBy === undefined ? [] : [['Asked for by', verification.startedBy] as const]),
    ...(verification.startedBecause === undefined ? [] : [['Because', verification.startedBecause] as const]),
    ['Verification', verification.id],
    ['Evidence digest (SHA-256)', verification.evidenceDigest],
  ];
  // An analysis of captures signs nothing: it would be wrong to say that a certificate was not earned.
  if (length === 'judged') return base;
  if (certificate === undefined) return [...base, ['Certificate', 'none: the verdict earns none, or it was withheld']];
  return [
    ...base,
    ['Certificate', `${certificate.id} (${certificate.status})`],
    ['Valid', `${timeText(certificate.issuedAt)} to ${timeText(certificate.expiresAt)}`],
    ...(certificate.revocationReason === undefined ? [] : [['Revoked', certificate.revocationReason] as const]),
    ['Signed with key', certificate.keyId],
  ];
}

/** Lines on what is other than at the last certificate. */
export function differenceLines(difference: VerificationDifference): readonly string[] {
  const { before, policy, checks, facts, newServices, lostServices } = difference;
  if (before === null) return ['There was no certificate before.'];
  const outcome = (value: CheckOutcome | null) => (value === null ? 'not there' : OUTCOME_WORDS[value].toLowerCase());
  const lines = [
    ...(difference.isVerdictChanged ? [`The verdict was ${VERDICT_WORDS[before.verdict].title.toLowerCase()}.`] : []),
    ...(policy === null ? [] : [`The policy was “${policy.before}”.`]),
    ...checks.map((check) => `${check.title}: ${outcome(check.before)} before, ${outcome(check.after)} now.`),
    ...facts.map(({ name, before: was, after: is }) => `${name}: ${was ?? 'unknown'} before, ${is ?? 'unknown'} now.`),
    ...newServices.map((service) => `It newly offers ${service}.`),
    ...lostServices.map((service) => `It no longer offers ${service}.`),
  ];
  return lines.length === 0 ? [`Nothing is other than at the certificate of ${timeText(before.time)}.`] : lines;
}

/** Requirements with what was shown of them; those of which nothing was to be seen are counted only. */
export function judgedRequirements({ requirements }: StandardCoverage): readonly RequirementCoverage[] {
  return requirements.filter(({ status }) => status !== 'open');
}

export const COVERAGE_WORDS: Readonly<Record<RequirementCoverage['status'], string>> = {
  shown: 'Shown',
  'not-met': 'Not met',
  open: 'Open',
};

/** What the table of requirements means. */
export const COVERAGE_HELP =
  '"Shown" means that at least one check of the requirement passed and none failed. It shows a part of what the requirement asks for; whether it is met as a whole a person says.';

/** Counts of a set of results, for example "2 failed, 9 passed". */
export function countsText(results: readonly CheckResult[]): string {
  return OUTCOME_ORDER.map(
    (outcome) =>
      `${results.filter((result) => result.outcome === outcome).length} ${OUTCOME_WORDS[outcome].toLowerCase()}`,
  ).join(', ');
}

/** Time in UTC to the second, the same everywhere. */
export function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Where evidence can be looked at. */
export function packetText(evidence: CheckResult['evidence'][number]): string {
  return evidence.packet === undefined
    ? timeText(evidence.time)
    : `packet ${evidence.packet.number} of ${evidence.packet.source}, ${timeText(evidence.packet.time)}`;
}
