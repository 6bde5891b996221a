import {
  type Asset,
  type CheckResult,
  deterministicId,
  type Verdict,
  type Verification,
  type VerificationOccasion,
  type VerifiedState,
} from '@sphinx/schema';
import type { Check } from './checks/check.ts';
import { judgeCheck } from './checks/judge.ts';
import { type Subject, subjectOf } from './checks/observation.ts';
import { stateOf } from './checks/observe-change.ts';
import { patternOf } from './checks/predicate.ts';
import { sourceOf } from './checks/selector.ts';
import { type Documents, NO_DOCUMENTS } from './documents/documents.ts';
import { evidenceDigest } from './evidence-digest.ts';
import type { VerificationKnowledge } from './knowledge/load-knowledge.ts';
import type { VerificationPolicy } from './knowledge/policy.ts';
import { applyOccasion, type DocumentKind, type OccasionPolicy } from './occasions/occasion.ts';

/** Why an asset is judged, and what is known besides its traffic. */
export interface JudgementContext {
  readonly occasion?: VerificationOccasion;
  /** Who asked; absent where it starts by itself. */
  readonly startedBy?: string;
  /** In the words of who asked. */
  readonly startedBecause?: string;
  readonly documents?: Documents;
  /** What it was at its last certificate. */
  readonly before?: VerifiedState | undefined;
  /** What tells two verifications of the same evidence at the same time apart. */
  readonly run?: string;
}

/**
 * Judges one asset by all checks, by the policy of its kind or class, and by what the occasion asks for. Pure: nothing is
 * asked of the network.
 *
 * @param now milliseconds since the Unix epoch; certificates and support dates are judged against it
 */
export function verifyAsset(
  asset: Asset,
  knowledge: VerificationKnowledge,
  now: number,
  {
    occasion: occasionId = 'first-sight',
    startedBy,
    startedBecause,
    documents = NO_DOCUMENTS,
    before,
    run,
  }: JudgementContext = {},
): Verification {
  const occasion = occasionOf(occasionId, knowledge);
  const policy = applyOccasion(policyFor(asset, knowledge.policies), occasion);
  const subject = subjectOf(asset, knowledge.endOfLife, now, { documents, occasion: occasionId, before });
  const results = knowledge.checks.map((check) => judgeOn(occasion, check, subject));
  const digest = evidenceDigest(asset, documents);
  const missing = [...missingDocuments(occasion, documents, knowledge), ...missingEvidence(asset, policy, results)];
  const { verdict, reasons } = decide(policy, results, missing);
  const failing = results.filter((result) => result.outcome === 'fail');
  return {
    id: deterministicId('ver', asset.id, digest, policy.id, policy.version, knowledge.digest, now, run ?? occasionId),
    assetId: asset.id,
    assetName: asset.name,
    assetRevision: asset.revision,
    isSample: asset.isSample,
    verdict,
    reasons: [...reasons],
    conditions: verdict === 'conditional' ? conditionsFor(policy, failing, knowledge) : [],
    policy: { id: policy.id, version: policy.version, title: policy.title },
    occasion: occasionId,
    ...(startedBy === undefined ? {} : { startedBy }),
    ...(startedBecause === undefined ? {} : { startedBecause }),
    state: stateOf(asset),
    results,
    evidenceDigest: digest,
    time: now,
  };
}

/** Policy and knowledge by which an asset is judged: another key means that it has to be judged anew. */
export function policyKeyOf(asset: Asset, { policies, digest }: VerificationKnowledge): string {
  const { id, version } = policyFor(asset, policies);
  return `${id}@${version}#${digest}`;
}

/** @throws Error when `knowledge/verification-occasions` has no such file, which loading prevents */
export function occasionOf(id: VerificationOccasion, { occasions }: VerificationKnowledge): OccasionPolicy {
  const occasion = occasions.find((candidate) => candidate.id === id);
  if (occasion === undefined) throw new Error(`knowledge/verification-occasions has no ${id}`);
  return occasion;
}

/** A check that could only rest on what an occasion does not look at has nothing to say there. */
function judgeOn(occasion: OccasionPolicy, check: Check, subject: Subject): CheckResult {
  const result = judgeCheck(check, subject);
  if (result.outcome === 'not-applicable') return result;
  if (check.looksAt.some((selector) => occasion.looksAt.includes(sourceOf(selector)))) return result;
  const reason = `On the occasion “${occasion.title}” nothing of the kind is looked at.`;
  return { ...result, outcome: 'not-applicable', reason, evidence: [] };
}

/** The policy of the asset's kind, else of its class; where neither is known, the one for unclassified assets. */
export function policyFor(asset: Asset, policies: readonly VerificationPolicy[]): VerificationPolicy {
  const safetyClass = asset.facts.patientSafetyClass?.value;
  const kind = asset.facts.kind?.value;
  const policy =
    policies.find(({ kinds }) => kinds !== undefined && kind !== undefined && patternOf(kinds).test(kind)) ??
    policies.find(({ safetyClasses }) => safetyClasses.some((candidate) => candidate === safetyClass)) ??
    policies.find(({ judgesUnclassified }) => judgesUnclassified);
  if (policy === undefined) throw new Error('knowledge/verification-policies has no policy for unclassified assets');
  return policy;
}

function decide(
  policy: VerificationPolicy,
  results: readonly CheckResult[],
  missing: readonly string[],
): { verdict: Verdict; reasons: readonly string[] } {
  const failing = results.filter((result) => result.outcome === 'fail').sort(bySeverity);
  const rejecting = failing.filter((result) => isChosen(policy.rejects, result));
  const conditional = failing.filter((result) => !rejecting.includes(result) && isChosen(policy.conditions, result));
  const noted = failing.filter((result) => !rejecting.includes(result) && !conditional.includes(result));
  const remarks = noted.map((result) => `Noted, without effect on the verdict: ${wordsOf(result)}`);
  if (rejecting.length > 0) {
    const others = conditional.map((result) => `Also failed: ${wordsOf(result)}`);
    return { verdict: 'rejected', reasons: [...rejecting.map(wordsOf), ...others, ...remarks] };
  }
  if (missing.length > 0) {
    const others = conditional.map((result) => `Failed already: ${wordsOf(result)}`);
    return { verdict: 'insufficient-evidence', reasons: [...missing, ...others, ...remarks] };
  }
  if (conditional.length > 0) return { verdict: 'conditional', reasons: [...conditional.map(wordsOf), ...remarks] };
  const passed = results.filter((result) => result.outcome === 'pass').length;
  const open = results.filter((result) => result.outcome === 'not-observed').length;
  return {
    verdict: 'trusted',
    reasons: [
      `${passed} checks passed on evidence and none that matters failed; ${open} could not be judged from what was seen.`,
      ...remarks,
    ],
  };
}

const DOCUMENT_WORDS: Readonly<Record<DocumentKind, string>> = {
  'security-form': 'The disclosure statement of the manufacturer (MDS2) is missing.',
  'software-list': 'The list of its software (SBOM) is missing.',
};

function missingDocuments(
  { requires }: OccasionPolicy,
  documents: Documents,
  { declarations }: VerificationKnowledge,
): readonly string[] {
  const has: Readonly<Record<DocumentKind, boolean>> = {
    'security-form': documents.hasSecurityForm,
    'software-list': documents.components.length > 0,
  };
  const stated = new Set(documents.statements.map(({ question }) => question));
  return [
    ...(requires?.documents ?? []).filter((kind) => !has[kind]).map((kind) => DOCUMENT_WORDS[kind]),
    ...(requires?.declarations ?? [])
      .filter((id) => !stated.has(id))
      .map((id) => `Nobody has declared yet: ${declarations.find((one) => one.id === id)?.question ?? id}`),
  ];
}

function missingEvidence(asset: Asset, policy: VerificationPolicy, results: readonly CheckResult[]): readonly string[] {
  const { identityConfidence, observedMinutes, judgedChecks } = policy.minimalEvidence;
  const missing: string[] = [];
  const { kind } = asset.facts;
  if (identityConfidence > 0 && kind === undefined) {
    missing.push('What this is, is not known: nothing seen so far tells its kind.');
  } else if (kind !== undefined && kind.confidence < identityConfidence) {
    missing.push(
      `Its kind (${kind.value}) is known with a confidence of ${percent(kind.confidence)}; the policy asks for ${percent(identityConfidence)}.`,
    );
  }
  const minutes = (asset.lastSeen - asset.firstSeen) / 60_000;
  if (minutes < observedMinutes) {
    missing.push(`It was watched for ${minutes.toFixed(1)} minutes; the policy asks for ${observedMinutes}.`);
  }
  const judged = results.filter((result) => result.outcome === 'pass' || result.outcome === 'fail').length;
  if (judged < judgedChecks) {
    missing.push(`Only ${judged} checks could be judged on what was seen; the policy asks for ${judgedChecks}.`);
  }
  return missing;
}

function conditionsFor(
  policy: VerificationPolicy,
  failing: readonly CheckResult[],
  knowledge: VerificationKnowledge,
): string[] {
  const ids = new Set(failing.filter((result) => isChosen(policy.conditions, result)).map((result) => result.checkId));
  const specific = knowledge.checks.filter((check) => ids.has(check.id)).map((check) => check.condition);
  return [...new Set([...specific, ...policy.generalConditions])];
}

function isChosen(choice: VerificationPolicy['rejects'], result: CheckResult): boolean {
  return choice.severities.includes(result.severity) || (choice.checks?.includes(result.checkId) ?? false);
}

function wordsOf(result: CheckResult): string {
  return `${result.title} — failed (${result.severity}): ${result.reason}`;
}

const SEVERITY_ORDER = ['critical', 'high', 'medium', 'low', 'informational'] as const;

function bySeverity(a: CheckResult, b: CheckResult): number {
  return SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity);
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}
