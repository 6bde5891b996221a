import { type Asset, type CheckResult, deterministicId, type Verdict, type Verification } from '@sphinx/schema';
import { judgeCheck } from './checks/judge.ts';
import { subjectOf } from './checks/observation.ts';
import { evidenceDigest } from './evidence-digest.ts';
import type { VerificationKnowledge } from './knowledge/load-knowledge.ts';
import type { VerificationPolicy } from './knowledge/policy.ts';

/**
 * Judges one asset by all checks and by the policy of its patient-safety class. Pure: nothing is asked of the network.
 *
 * @param now milliseconds since the Unix epoch; certificates and support dates are judged against it
 * @param occasion what tells two verifications of the same evidence at the same time apart
 */
export function verifyAsset(
  asset: Asset,
  knowledge: VerificationKnowledge,
  now: number,
  occasion = 'evidence',
): Verification {
  const policy = policyFor(asset, knowledge.policies);
  const subject = subjectOf(asset, knowledge.endOfLife, now);
  const results = knowledge.checks.map((check) => judgeCheck(check, subject));
  const digest = evidenceDigest(asset);
  const { verdict, reasons } = decide(asset, policy, results);
  const failing = results.filter((result) => result.outcome === 'fail');
  return {
    id: deterministicId('ver', asset.id, digest, policy.id, policy.version, knowledge.digest, now, occasion),
    assetId: asset.id,
    assetName: asset.name,
    assetRevision: asset.revision,
    isSample: asset.isSample,
    verdict,
    reasons: [...reasons],
    conditions: verdict === 'conditional' ? conditionsFor(policy, failing, knowledge) : [],
    policy: { id: policy.id, version: policy.version, title: policy.title },
    results,
    evidenceDigest: digest,
    time: now,
  };
}

/** The policy of the asset's class; where the class is not known, the one for unclassified assets. */
export function policyFor(asset: Asset, policies: readonly VerificationPolicy[]): VerificationPolicy {
  const safetyClass = asset.facts.patientSafetyClass?.value;
  const policy =
    policies.find(({ safetyClasses }) => safetyClasses.some((candidate) => candidate === safetyClass)) ??
    policies.find(({ judgesUnclassified }) => judgesUnclassified);
  if (policy === undefined) throw new Error('knowledge/verification-policies has no policy for unclassified assets');
  return policy;
}

function decide(
  asset: Asset,
  policy: VerificationPolicy,
  results: readonly CheckResult[],
): { verdict: Verdict; reasons: readonly string[] } {
  const failing = results.filter((result) => result.outcome === 'fail').sort(bySeverity);
  const rejecting = failing.filter((result) => isChosen(policy.rejects, result));
  const conditional = failing.filter((result) => !rejecting.includes(result) && isChosen(policy.conditions, result));
  const noted = failing.filter((result) => !rejecting.includes(result) && !conditional.includes(result));
  const missing = missingEvidence(asset, policy, results);
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
