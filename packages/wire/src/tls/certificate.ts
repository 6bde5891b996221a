import { hash, X509Certificate } from 'node:crypto';
import { cleanText } from '../bytes/text.ts';
import type { TlsCertificate } from './types.ts';

const MAXIMUM_NAMES = 32;
/** Servers show the same certificate to every client; decoding it costs more than all else in a handshake. */
const MAXIMUM_REMEMBERED = 1024;
const remembered = new Map<string, TlsCertificate | undefined>();

/** Reads a certificate (RFC 5280 §4.1). @returns undefined when it cannot be decoded */
export function readCertificate(der: Uint8Array): TlsCertificate | undefined {
  const sha256 = hash('sha256', der);
  if (remembered.has(sha256)) return remembered.get(sha256);
  if (remembered.size >= MAXIMUM_REMEMBERED) remembered.clear();
  const certificate = decode(der, sha256);
  remembered.set(sha256, certificate);
  return certificate;
}

function decode(der: Uint8Array, sha256: string): TlsCertificate | undefined {
  try {
    const certificate = new X509Certificate(der);
    const subject = distinguishedName(certificate.subject);
    const issuer = distinguishedName(certificate.issuer);
    return {
      protocol: 'tls',
      activity: 'certificate',
      subject,
      issuer,
      subjectAlternativeNames: alternativeNames(certificate.subjectAltName ?? ''),
      serialNumber: certificate.serialNumber.toLowerCase(),
      notBefore: isoTime(certificate.validFrom),
      notAfter: isoTime(certificate.validTo),
      publicKey: describeKey(certificate),
      signatureAlgorithm: certificate.signatureAlgorithm ?? '',
      sha256,
      sha1: hash('sha1', der),
      isSelfSigned: subject === issuer && verifiesItself(certificate),
    };
  } catch {
    return undefined;
  }
}

/** Node gives one attribute a line; RFC 4514 joins them with commas. */
function distinguishedName(lines: string | undefined): string {
  return cleanText((lines ?? '').split('\n').filter(Boolean).join(', '), 512);
}

function alternativeNames(text: string): readonly string[] {
  return text
    .split(', ', MAXIMUM_NAMES)
    .map((name) => cleanText(name.replace(/^(DNS|IP Address|URI|email):/, ''), 255))
    .filter((name) => name !== '');
}

function isoTime(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? '' : new Date(time).toISOString();
}

function describeKey({ publicKey }: X509Certificate): string {
  const details = publicKey.asymmetricKeyDetails;
  switch (publicKey.asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return `RSA ${details?.modulusLength ?? ''}`;
    case 'dsa':
      return `DSA ${details?.modulusLength ?? ''}`;
    case 'ec':
      return `EC ${details?.namedCurve ?? ''}`;
    default:
      return publicKey.asymmetricKeyType ?? '';
  }
}

function verifiesItself(certificate: X509Certificate): boolean {
  try {
    return certificate.verify(certificate.publicKey);
  } catch {
    return false;
  }
}
