import { openEnvelope, type TrustedKey } from '@sphinx/platform/signing';
import { parseJson, type RevocationList, readRevocationList } from './revocation-list.ts';
import { CertificateStatement, STATEMENT_PAYLOAD_TYPE } from './statement.ts';

export const CERTIFICATE_CHECK_STATUSES = [
  'valid',
  'tampered',
  'unknown-key',
  'expired',
  'revoked',
  'malformed',
] as const;
export type CertificateCheckStatus = (typeof CERTIFICATE_CHECK_STATUSES)[number];

/** Whether a certificate holds, in words for the person who asks. `statement` is there only when the signature fits. */
export interface CertificateCheck {
  readonly status: CertificateCheckStatus;
  readonly statement?: CertificateStatement;
  readonly reasons: readonly string[];
}

/** What is trusted while checking. Everything is at hand: nothing is fetched. */
export interface CertificateTrust {
  readonly trustedKeys: readonly TrustedKey[];
  /** The signed revocation list (DSSE). Without one revocation cannot be seen, and the answer says so. */
  readonly revocations?: unknown;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/**
 * Checks a certificate offline. Never throws.
 *
 * @param envelope the DSSE envelope, as an object or as the bytes or text of its file
 */
export function checkCertificate(envelope: unknown, trust: CertificateTrust): CertificateCheck {
  const opened = openEnvelope(envelopeOf(envelope), STATEMENT_PAYLOAD_TYPE, trust.trustedKeys);
  if (opened.status !== 'verified') return { status: opened.status, reasons: [opened.reason] };
  const parsed = CertificateStatement.safeParse(parseJson(opened.payload));
  if (!parsed.success) {
    return {
      status: 'malformed',
      reasons: ['It is signed by a trusted key but is no asset certificate of this version.'],
    };
  }
  const statement = parsed.data;
  const revocation = findRevocation(statement.predicate.certificateId, trust);
  if (revocation.status !== 'not-listed') return { status: revocation.status, statement, reasons: revocation.reasons };
  return { ...judgeTime(statement, trust.now, revocation.reasons), statement };
}

function envelopeOf(envelope: unknown): unknown {
  if (typeof envelope === 'string') return parseJson(Buffer.from(envelope, 'utf8'));
  return envelope instanceof Uint8Array ? parseJson(envelope) : envelope;
}

interface Revocation {
  readonly status: 'not-listed' | 'revoked' | 'tampered';
  readonly reasons: readonly string[];
}

function findRevocation(certificateId: string, trust: CertificateTrust): Revocation {
  if (trust.revocations === undefined) {
    return { status: 'not-listed', reasons: ['No revocation list was at hand, so a revocation would go unseen.'] };
  }
  const read = readRevocationList(trust.revocations, trust.trustedKeys);
  if ('problem' in read) {
    return { status: 'tampered', reasons: [`The revocation list cannot be believed: ${read.problem}`] };
  }
  const entry = read.list.revoked.find((candidate) => candidate.certificateId === certificateId);
  if (entry === undefined) return { status: 'not-listed', reasons: staleness(read.list, trust.now) };
  const what = entry.cause === 'superseded' ? 'Replaced by a newer certificate' : 'Revoked';
  return { status: 'revoked', reasons: [`${what} on ${entry.revokedAt}: ${entry.reason}`] };
}

function staleness(list: RevocationList, now: number): readonly string[] {
  if (Date.parse(list.nextUpdate) >= now) return [];
  return [`The revocation list is of ${list.issuedAt} and was due for renewal on ${list.nextUpdate}.`];
}

function judgeTime(
  { predicate }: CertificateStatement,
  now: number,
  remarks: readonly string[],
): { status: 'valid' | 'expired'; reasons: readonly string[] } {
  if (now >= Date.parse(predicate.validUntil)) {
    return { status: 'expired', reasons: [`It was valid until ${predicate.validUntil}.`, ...remarks] };
  }
  if (now < Date.parse(predicate.validFrom)) {
    return {
      status: 'expired',
      reasons: [`It is not valid before ${predicate.validFrom}: is the clock right?`, ...remarks],
    };
  }
  const reason = `Signed by a trusted key, unchanged, not revoked, valid until ${predicate.validUntil}.`;
  return { status: 'valid', reasons: [reason, ...remarks] };
}
