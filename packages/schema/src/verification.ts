import { z } from 'zod';
import { PacketReference, Timestamp } from './evidence.ts';
import { Identifier } from './identifier.ts';

export const Severity = z.enum(['informational', 'low', 'medium', 'high', 'critical']).meta({ id: 'Severity' });
export type Severity = z.infer<typeof Severity>;

export const CheckOutcome = z.enum(['pass', 'fail', 'not-applicable', 'not-observed']).meta({ id: 'CheckOutcome' });
export type CheckOutcome = z.infer<typeof CheckOutcome>;

/** What a check result rests on. */
export const CheckEvidence = z
  .object({
    statement: z.string().meta({ description: 'In words, for example "offered SMB 1 on tcp/445"' }),
    attribute: z.string().optional(),
    value: z.string().optional(),
    packet: PacketReference.optional(),
    time: Timestamp,
  })
  .meta({ id: 'CheckEvidence' });

/** The outcome of one check on one asset. */
export const CheckResult = z
  .object({
    checkId: Identifier,
    title: z.string(),
    checkVersion: z.string(),
    outcome: CheckOutcome,
    severity: Severity,
    reason: z.string(),
    remedy: z.string(),
    references: z.array(z.object({ title: z.string(), url: z.string().optional() })),
    evidence: z.array(CheckEvidence),
  })
  .meta({ id: 'CheckResult' });
export type CheckResult = z.infer<typeof CheckResult>;

export const Verdict = z.enum(['trusted', 'conditional', 'rejected', 'insufficient-evidence']).meta({ id: 'Verdict' });
export type Verdict = z.infer<typeof Verdict>;

/** On which occasion an asset is judged; what each asks for is in `knowledge/verification-occasions`. */
export const VerificationOccasion = z
  .enum([
    'first-sight',
    'before-purchase',
    'before-going-live',
    'periodic',
    'after-change',
    'after-incident',
    'return-from-repair',
    'decommissioning',
  ])
  .meta({ id: 'VerificationOccasion' });
export type VerificationOccasion = z.infer<typeof VerificationOccasion>;

/** What the asset was when it was judged, for the comparison with the next judgement. */
export const VerifiedState = z
  .object({
    facts: z.record(z.string(), z.string()).meta({ description: 'Name of a fact of the asset → value' }),
    services: z.array(z.string()).meta({ description: 'What it offered, for example "tcp/104 dicom"' }),
  })
  .meta({ id: 'VerifiedState' });
export type VerifiedState = z.infer<typeof VerifiedState>;

/** A complete judgement of one asset at one time. */
export const Verification = z
  .object({
    id: Identifier,
    assetId: Identifier,
    assetName: z.string(),
    assetRevision: z.int(),
    isSample: z.boolean(),
    verdict: Verdict,
    reasons: z.array(z.string()),
    conditions: z.array(z.string()).meta({ description: 'What must hold for a conditional asset to stay' }),
    policy: z.object({ id: Identifier, version: z.string(), title: z.string() }),
    occasion: VerificationOccasion.optional().meta({
      description: 'Why it was judged; absent in judgements of before there were occasions',
    }),
    startedBy: z.string().optional().meta({ description: 'Who asked for it; absent where it started by itself' }),
    startedBecause: z
      .string()
      .optional()
      .meta({ description: 'Why it was asked for, in words: the incident, the repair' }),
    state: VerifiedState.optional(),
    results: z.array(CheckResult),
    evidenceDigest: z.string().meta({ description: 'SHA-256, hexadecimal, of the canonical evidence (RFC 8785)' }),
    certificateId: Identifier.optional(),
    time: Timestamp,
  })
  .meta({ id: 'Verification' });
export type Verification = z.infer<typeof Verification>;

export const CertificateStatus = z
  .enum(['valid', 'expired', 'revoked', 'superseded'])
  .meta({ id: 'CertificateStatus' });
export type CertificateStatus = z.infer<typeof CertificateStatus>;

/** Register entry of an issued certificate. `envelope` is the DSSE envelope that a holder keeps. */
export const CertificateRecord = z
  .object({
    id: Identifier,
    assetId: Identifier,
    assetName: z.string(),
    verificationId: Identifier,
    verdict: Verdict,
    status: CertificateStatus,
    isSample: z.boolean(),
    issuedAt: Timestamp,
    expiresAt: Timestamp,
    revokedAt: Timestamp.optional(),
    revocationReason: z.string().optional(),
    keyId: Identifier,
    publicCode: z.string().optional().meta({
      description: 'Opens the public page of the certificate; absent in certificates of before there were codes',
    }),
    envelope: z.object({
      payloadType: z.string(),
      payload: z.string(),
      signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })),
    }),
  })
  .meta({ id: 'CertificateRecord' });
export type CertificateRecord = z.infer<typeof CertificateRecord>;
