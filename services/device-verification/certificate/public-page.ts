import { openEnvelope, type SigningKey, trustedKeyOf } from '@sphinx/platform/signing';
import type { CertificateRecord } from '@sphinx/schema';
import { definitions, html, type Markup, page } from '../report/page.ts';
import { timeText } from '../report/words.ts';
import { CertificateStatement, STATEMENT_PAYLOAD_TYPE } from './statement.ts';

/** What a stranger may know of a certificate whose code he holds, and nothing else of the hospital or the device. */
export interface PublicCertificate {
  readonly status: 'valid' | 'expired' | 'revoked' | 'superseded' | 'broken';
  /** As the certificate names its subject. */
  readonly name: string;
  /** SHA-256, hexadecimal, of what identifies the subject. */
  readonly subjectDigest: string;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly revokedAt: string | undefined;
  readonly certificateId: string;
}

/**
 * The public part of a certificate, read from its signed statement: what is shown is what was signed.
 *
 * @param now milliseconds since the Unix epoch
 */
export function publicCertificateOf(record: CertificateRecord, key: SigningKey, now: number): PublicCertificate {
  const opened = openEnvelope(record.envelope, STATEMENT_PAYLOAD_TYPE, [trustedKeyOf(key)]);
  const statement =
    opened.status === 'verified'
      ? CertificateStatement.safeParse(JSON.parse(opened.payload.toString('utf8'))).data
      : undefined;
  const subject = statement?.subject[0];
  const { validFrom, validUntil } = statement?.predicate ?? {};
  const revokedAt = record.revokedAt === undefined ? undefined : timeText(record.revokedAt);
  return {
    status: statement === undefined ? 'broken' : statusOf(record, now),
    name: subject?.name ?? '',
    subjectDigest: subject?.digest.sha256 ?? '',
    validFrom: validFrom === undefined ? '' : timeText(Date.parse(validFrom)),
    validUntil: validUntil === undefined ? '' : timeText(Date.parse(validUntil)),
    revokedAt,
    certificateId: record.id,
  };
}

function statusOf({ status, expiresAt }: CertificateRecord, now: number): PublicCertificate['status'] {
  return status === 'valid' && expiresAt <= now ? 'expired' : status;
}

const WORDS: Readonly<Record<PublicCertificate['status'], { readonly title: string; readonly meaning: string }>> = {
  valid: { title: 'Valid', meaning: 'This certificate is genuine, in time and not revoked.' },
  expired: { title: 'Expired', meaning: 'This certificate is genuine, and its time is over. Do not rely on it.' },
  revoked: { title: 'Revoked', meaning: 'This certificate was taken back. Do not rely on it.' },
  superseded: { title: 'Replaced', meaning: 'A newer certificate took its place. Ask for that one.' },
  broken: { title: 'Not genuine', meaning: 'The signature of this certificate does not fit. Do not rely on it.' },
};

/** The page that opens when somebody scans the code on a certificate. No script, nothing loaded, nothing stored. */
export function renderPublicCertificate(certificate: PublicCertificate, now: number): string {
  const words = WORDS[certificate.status];
  const lines: readonly (readonly [string, string])[] = [
    ['Subject', certificate.name],
    ['Digest of the subject (SHA-256)', certificate.subjectDigest],
    ['Certificate', certificate.certificateId],
    ['Valid from', certificate.validFrom],
    ['Valid until', certificate.validUntil],
    ...(certificate.revokedAt === undefined ? [] : [['No longer valid since', certificate.revokedAt] as const]),
    ['Checked', timeText(now)],
  ];
  return publicPage(
    `Certificate: ${words.title}`,
    html`<p><strong class="verdict ${certificate.status === 'valid' ? 'trusted' : 'rejected'}">${words.title}</strong> ${words.meaning}</p>
${definitions(lines)}`,
  );
}

/** The same answer whatever was asked for: it must not help to guess. */
export function renderUnknownCertificate(): string {
  return publicPage(
    'No such certificate',
    html`<p>There is no certificate with this code. Scan it again, or ask whoever showed it to you.</p>`,
  );
}

function publicPage(title: string, body: Markup): string {
  return page(title, html`<main><h1>${title}</h1>${body}</main><footer>SPHINX, verification of devices</footer>`);
}
