import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type Check, type CheckAnswer, type CheckContext, failed, good, NOBODY, quoted, warning } from '../check.ts';

const DAY_MS = 86_400_000;

/** How long the certificate of the server holds (RFC 5280 §4.1.2.5). */
export const tlsExpiry: Check = async (context) => {
  const certificate = await certificateOf(context);
  if ('outcome' in certificate) return certificate;
  return judgeExpiry(certificate, context.now(), Number(context.parameters.warningDays));
};

/** Whether it is the agreed certificate, for the name that the service is called by (RFC 9525). */
export const agreedCertificate: Check = async (context) => {
  const certificate = await certificateOf(context);
  if ('outcome' in certificate) return certificate;
  const { fingerprint, issuer } = context.parameters;
  return judgeIdentity(certificate, { host: context.host, fingerprint: String(fingerprint), issuer: String(issuer) });
};

export function judgeExpiry(certificate: X509Certificate, now: number, warningDays: number): CheckAnswer {
  const from = Date.parse(certificate.validFrom);
  const until = Date.parse(certificate.validTo);
  const days = Math.floor((until - now) / DAY_MS);
  const figures = { daysLeft: days };
  const date = new Date(until).toISOString().slice(0, 10);
  if (now > until) return failed(`Its certificate ran out on ${date}.`, figures);
  if (now < from) return failed('Its certificate does not hold yet. Compare the clocks.', figures);
  if (days < warningDays) return warning(`Its certificate runs out in ${days} days, on ${date}.`, figures);
  return good(`Its certificate holds until ${date}.`, figures);
}

export function judgeIdentity(
  certificate: X509Certificate,
  { host, fingerprint, issuer }: { host: string; fingerprint: string; issuer: string },
): CheckAnswer {
  const seen = plainDigest(certificate.fingerprint256);
  const figures = { fingerprint: seen };
  if (fingerprint !== '' && plainDigest(fingerprint) !== seen) {
    const message =
      'It shows another certificate than the one agreed upon. Was it renewed? If not, somebody may be in between.';
    return { ...failed(message, figures), isSuspicious: true };
  }
  const issuerName = commonNameOf(certificate.issuer);
  if (issuer !== '' && issuerName !== issuer) {
    const message = `Its certificate was issued by ${quoted(issuerName)}, not by ${issuer}. If nobody changed that, somebody may be in between.`;
    return { ...failed(message, figures), isSuspicious: true };
  }
  const isNamed = isIP(host) === 0 ? certificate.checkHost(host, { subject: 'never' }) : certificate.checkIP(host);
  if (isNamed === undefined) return warning(`Its certificate does not name ${host}.`, figures);
  return good('It shows the certificate that it should.', figures);
}

function plainDigest(text: string): string {
  return text.replaceAll(/[^0-9a-f]/gi, '').toLowerCase();
}

/** Node writes a name as one attribute a line. */
function commonNameOf(name: string): string {
  return /(?:^|\n)CN=([^\n]*)/.exec(name)?.[1] ?? '';
}

async function certificateOf(context: CheckContext): Promise<X509Certificate | CheckAnswer> {
  const stream = await context.connectTls();
  if (stream === undefined) return NOBODY;
  if (stream === 'no-tls') return failed('It takes the connection, but TLS does not begin.');
  const bytes = stream.tls?.certificate;
  stream.close();
  if (bytes === undefined) return failed('It shows no certificate.');
  try {
    return new X509Certificate(bytes);
  } catch {
    return failed('Its certificate cannot be read.');
  }
}
