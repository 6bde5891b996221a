import type { Fact } from '../event.ts';
import type {
  CertificateRecord,
  CertificateStatus,
  CheckResult,
  Severity,
  Verdict,
  Verification,
} from '../verification.ts';
import { deviceOfId } from './ocsf-device.ts';
import {
  compact,
  createOcsfEvent,
  OCSF_SEVERITIES,
  type OcsfEvent,
  type OcsfOrigin,
  VERIFICATION_PROFILE,
} from './ocsf-event.ts';
import { actorOf } from './ocsf-inventory.ts';

type Attributes = Record<string, unknown>;
type Captioned = readonly [id: number, caption: string];

const VERDICTS: Readonly<Record<Verdict, Captioned>> = {
  trusted: [1, 'Trusted'],
  conditional: [2, 'Conditional'],
  rejected: [3, 'Rejected'],
  'insufficient-evidence': [4, 'Insufficient Evidence'],
};

/** `compliance.status_id`. */
const COMPLIANCE_STATUSES: Readonly<Record<Verdict, Captioned>> = {
  trusted: [1, 'Pass'],
  conditional: [2, 'Warning'],
  rejected: [3, 'Fail'],
  'insufficient-evidence': [0, 'Unknown'],
};

/** `check.status_id`. */
const CHECK_STATUSES: Readonly<Record<CheckResult['outcome'], Captioned>> = {
  pass: [1, 'Pass'],
  fail: [3, 'Fail'],
  'not-applicable': [99, 'Not Applicable'],
  'not-observed': [0, 'Unknown'],
};

const CERTIFICATE_STATUSES: Readonly<Record<CertificateStatus, Captioned>> = {
  valid: [1, 'Valid'],
  expired: [2, 'Expired'],
  revoked: [3, 'Revoked'],
  superseded: [4, 'Superseded'],
};

const SEVERITY_ORDER: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical'];

/** Somebody asked for a judgement: Verification Activity of the extension. */
export function verificationRequested(fact: Fact<'verification.requested'>, origin: OcsfOrigin): OcsfEvent {
  const { assetId, requestedBy } = fact.data;
  return createOcsfEvent('verification_activity', {
    activity: [1, 'Request'],
    time: fact.time,
    message: `${requestedBy || 'Somebody'} asked for a verification of ${assetId}`,
    origin,
    attributes: { actor: actorOf(requestedBy), device: deviceOfId(assetId || fact.key) },
  });
}

/** A judgement: Compliance Finding with every check, its evidence, and the verdict. */
export function verdictIssued(fact: Fact<'verdict.issued'>, origin: OcsfOrigin): OcsfEvent {
  const verification = fact.data;
  const failed = verification.results.filter(({ outcome }) => outcome === 'fail');
  const device = deviceOfId(verification.assetId, verification.assetName);
  return createOcsfEvent('compliance_finding', {
    activity: [1, 'Create'],
    time: fact.time,
    message: `${verification.assetName}: ${verification.verdict}`,
    severity: gravestOf(failed),
    origin,
    profiles: [VERIFICATION_PROFILE],
    attributes: {
      finding_info: findingOf(verification),
      status_id: 1,
      status: 'New',
      compliance: complianceOf(verification),
      device,
      resources: [
        compact({ uid: verification.assetId, name: verification.assetName || verification.assetId, type: 'device' }),
      ],
      remediation: remediationOf(failed),
      evidences: failed.flatMap(evidencesOf),
      trust_verification: judgementOf(verification),
    },
  });
}

/** A certificate begins or ends: Certificate Activity of the extension. */
export function certificateChanged(
  fact: Fact<'certificate.issued' | 'certificate.revoked'>,
  origin: OcsfOrigin,
): OcsfEvent {
  const certificate = fact.data;
  const isIssued = fact.type === 'certificate.issued';
  const [verdictId, verdict] = VERDICTS[certificate.verdict];
  return createOcsfEvent('certificate_activity', {
    activity: isIssued ? [1, 'Issue'] : [2, 'Revoke'],
    time: fact.time,
    message: `Certificate ${certificate.id} of ${certificate.assetName} was ${isIssued ? 'issued' : 'revoked'}`,
    origin,
    attributes: {
      device: deviceOfId(certificate.assetId, certificate.assetName),
      trust_certificate: certificateOf(certificate),
      trust_verification: {
        uid: certificate.verificationId,
        trust_verdict_id: verdictId,
        trust_verdict: verdict,
      },
    },
  });
}

function findingOf({ id, assetName, policy, time }: Verification): Attributes {
  return {
    uid: id,
    title: `Verification of ${assetName}`,
    created_time: time,
    types: ['device-verification'],
    analytic: compact({ type_id: 1, type: 'Rule', uid: policy.id, name: policy.title, version: policy.version }),
  };
}

function complianceOf({ verdict, results, policy, reasons }: Verification): Attributes {
  const [statusId, status] = COMPLIANCE_STATUSES[verdict];
  return compact({
    control: policy.title,
    status_id: statusId,
    status,
    status_details: reasons,
    standards: standardsOf(results),
    checks: results.map(checkOf),
  });
}

function checkOf(result: CheckResult): Attributes {
  const [statusId, status] = CHECK_STATUSES[result.outcome];
  const [severityId, severity] = OCSF_SEVERITIES[result.severity];
  return compact({
    uid: result.checkId,
    name: result.title,
    version: result.checkVersion,
    desc: result.reason,
    status_id: statusId,
    status,
    severity_id: severityId,
    severity,
    standards: standardsOf([result]),
  });
}

function standardsOf(results: readonly CheckResult[]): string[] {
  return [...new Set(results.flatMap(({ references }) => references.map(({ title }) => title)))];
}

function remediationOf(failed: readonly CheckResult[]): Attributes | undefined {
  if (failed.length === 0) return undefined;
  const urls = failed.flatMap(({ references }) => references.flatMap(({ url }) => (url === undefined ? [] : [url])));
  return compact({
    desc: failed.map(({ title, remedy }) => `${title}: ${remedy}`).join('\n'),
    references: [...new Set(urls)],
  });
}

function evidencesOf({ checkId, evidence }: CheckResult): Attributes[] {
  return evidence.map(({ statement, ...data }) =>
    compact({ uid: checkId, name: statement, data: { statement, ...data } }),
  );
}

function judgementOf(verification: Verification): Attributes {
  const [verdictId, verdict] = VERDICTS[verification.verdict];
  const { policy, certificateId } = verification;
  return compact({
    uid: verification.id,
    trust_verdict_id: verdictId,
    trust_verdict: verdict,
    reasons: verification.reasons,
    conditions: verification.conditions,
    policy: { uid: policy.id, name: policy.title, version: policy.version },
    evidence_digest: { algorithm_id: 3, algorithm: 'SHA-256', value: verification.evidenceDigest },
    trust_certificate: certificateId === undefined ? undefined : { uid: certificateId },
  });
}

function certificateOf(certificate: CertificateRecord): Attributes {
  const [verdictId, verdict] = VERDICTS[certificate.verdict];
  const [statusId, status] = CERTIFICATE_STATUSES[certificate.status];
  return compact({
    uid: certificate.id,
    trust_verdict_id: verdictId,
    trust_verdict: verdict,
    certificate_status_id: statusId,
    certificate_status: status,
    issued_time: certificate.issuedAt,
    expiration_time: certificate.expiresAt,
    revoked_time: certificate.revokedAt,
    revocation_reason: certificate.revocationReason,
    key_uid: certificate.keyId,
    payload_type: certificate.envelope.payloadType,
  });
}

function gravestOf(failed: readonly CheckResult[]): Severity {
  const gravest = Math.max(0, ...failed.map(({ severity }) => SEVERITY_ORDER.indexOf(severity)));
  return SEVERITY_ORDER[gravest] ?? 'informational';
}
