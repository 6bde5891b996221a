import { canonicalJson, type DsseEnvelope, type SigningKey, signEnvelope } from '@sphinx/platform/signing';
import { type Asset, CheckOutcome, deterministicId, Severity, type Verification } from '@sphinx/schema';
import { z } from 'zod';
import type { StandardCoverage } from '../compliance/coverage.ts';
import { identityDigest } from '../evidence-digest.ts';
import type { VerificationPolicy } from '../knowledge/policy.ts';

/** Media type of in-toto statements (in-toto attestation spec v1, envelope.md). */
export const STATEMENT_PAYLOAD_TYPE = 'application/vnd.in-toto+json';
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
/** Own predicate, documented in `certificate/README.md`. */
export const PREDICATE_TYPE = 'urn:sphinx-toolkit:predicate:asset-verification:v1';

/** What a certificate says, in the words of the in-toto attestation framework. */
export const CertificateStatement = z
  .strictObject({
    _type: z.literal(STATEMENT_TYPE),
    subject: z
      .array(
        z.strictObject({ name: z.string(), digest: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }) }),
      )
      .length(1),
    predicateType: z.literal(PREDICATE_TYPE),
    predicate: z.strictObject({
      certificateId: z.string(),
      supersedes: z.string().optional(),
      asset: z.strictObject({
        id: z.string(),
        name: z.string(),
        macs: z.array(z.string()),
        ips: z.array(z.string()),
        kind: z.string().optional(),
        manufacturer: z.string().optional(),
        model: z.string().optional(),
        serial: z.string().optional(),
        patientSafetyClass: z.string().optional(),
      }),
      isSample: z.boolean(),
      verdict: z.enum(['trusted', 'conditional']),
      reasons: z.array(z.string()),
      conditions: z.array(z.string()),
      verificationId: z.string(),
      verifiedAt: z.iso.datetime(),
      policy: z.strictObject({ id: z.string(), version: z.string(), title: z.string() }),
      knowledgeDigest: z.strictObject({ sha256: z.string() }),
      evidenceDigest: z.strictObject({ sha256: z.string() }),
      validFrom: z.iso.datetime(),
      validUntil: z.iso.datetime(),
      covers: z
        .array(z.string())
        .optional()
        .meta({ description: 'Requirements of laws and standards that its checks show, "standard: requirement"' }),
      checks: z.array(
        z.strictObject({ id: z.string(), version: z.string(), outcome: CheckOutcome, severity: Severity }),
      ),
    }),
  })
  .meta({ id: 'CertificateStatement' });
export type CertificateStatement = z.infer<typeof CertificateStatement>;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * How long a certificate holds: an asset that was watched only briefly gets a provisional one.
 *
 * @returns milliseconds
 */
export function validityMs(asset: Asset, policy: VerificationPolicy): number {
  const { validDays, provisionalDays, provisionalBelowHours } = policy.certificate;
  const watchedHours = (asset.lastSeen - asset.firstSeen) / HOUR_MS;
  return DAY_MS * (watchedHours < provisionalBelowHours ? Math.min(provisionalDays, validDays) : validDays);
}

/** @returns undefined for a verdict that earns no certificate */
export function certificateStatement(options: {
  asset: Asset;
  verification: Verification;
  policy: VerificationPolicy;
  knowledgeDigest: string;
  supersedes?: string;
  coverage?: readonly StandardCoverage[];
}): CertificateStatement | undefined {
  const { asset, verification, policy, knowledgeDigest, supersedes, coverage = [] } = options;
  if (verification.verdict !== 'trusted' && verification.verdict !== 'conditional') return undefined;
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: asset.name, digest: { sha256: identityDigest(asset) } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      certificateId: deterministicId('crt', verification.id),
      ...(supersedes === undefined ? {} : { supersedes }),
      asset: { id: asset.id, name: asset.name, macs: asset.macs, ips: asset.ips, ...namedFacts(asset) },
      isSample: asset.isSample,
      verdict: verification.verdict,
      reasons: verification.reasons,
      conditions: verification.conditions,
      verificationId: verification.id,
      verifiedAt: isoTime(verification.time),
      policy: verification.policy,
      knowledgeDigest: { sha256: knowledgeDigest },
      evidenceDigest: { sha256: verification.evidenceDigest },
      validFrom: isoTime(verification.time),
      validUntil: isoTime(verification.time + validityMs(asset, policy)),
      ...(coverage.length === 0 ? {} : { covers: shownRequirements(coverage) }),
      checks: verification.results.map(({ checkId, checkVersion, outcome, severity }) => ({
        id: checkId,
        version: checkVersion,
        outcome,
        severity,
      })),
    },
  };
}

export function signStatement(statement: CertificateStatement, key: SigningKey): DsseEnvelope {
  return signEnvelope(STATEMENT_PAYLOAD_TYPE, Buffer.from(canonicalJson(statement)), key);
}

function shownRequirements(coverage: readonly StandardCoverage[]): string[] {
  return coverage.flatMap(({ id, requirements }) =>
    requirements.filter(({ status }) => status === 'shown').map((requirement) => `${id}: ${requirement.id}`),
  );
}

function namedFacts(asset: Asset) {
  const names = ['kind', 'manufacturer', 'model', 'serial', 'patientSafetyClass'] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = asset.facts[name]?.value;
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
