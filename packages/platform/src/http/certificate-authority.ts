import 'reflect-metadata';
import { createPrivateKey, createPublicKey, generateKeyPairSync, webcrypto, X509Certificate } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const MILLISECONDS_PER_DAY = 86_400_000;
const AUTHORITY_VALIDITY_DAYS = 3650;
const SERIAL_BYTES = 16;

/** A private authority of this installation: its certificate and key, both PEM. */
export interface CertificateAuthority {
  readonly certificate: string;
  readonly privateKey: string;
}

/** @returns a key pair, both PEM: `publicKey` as SPKI, `privateKey` as PKCS #8 */
export function createKeyPair(): { readonly publicKey: string; readonly privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** @param name of the authority. @returns an authority that signs certificates of this installation only */
export async function createAuthority(name: string, nowMs: number): Promise<CertificateAuthority> {
  const { publicKey, privateKey } = createKeyPair();
  const extensions = [
    new BasicConstraintsExtension(true, 0, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ];
  const certificate = await sign({
    subject: name,
    issuer: name,
    publicKey,
    privateKey,
    nowMs,
    extensions,
    days: AUTHORITY_VALIDITY_DAYS,
  });
  return { certificate, privateKey };
}

/**
 * Issues a certificate for one side of mutual TLS (RFC 5280).
 *
 * @param options.publicKey SPKI, PEM
 * @param options.usage which side its holder is; it is good for nothing else
 * @param options.dnsNames names under which a server is reached
 * @returns PEM
 * @throws Error when the public key is none
 */
export async function issueCertificate(
  authority: CertificateAuthority,
  options: {
    name: string;
    publicKey: string;
    usage: 'client' | 'server';
    nowMs: number;
    days: number;
    dnsNames?: readonly string[];
  },
): Promise<string> {
  const { name, publicKey, usage, nowMs, days, dnsNames = [] } = options;
  const extendedUsage = usage === 'client' ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth;
  const extensions = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([extendedUsage], true),
    ...(dnsNames.length === 0
      ? []
      : [new SubjectAlternativeNameExtension(dnsNames.map((value) => ({ type: 'dns' as const, value })))]),
  ];
  const issuer = new X509Certificate(authority.certificate).subject.replace(/^CN=/, '');
  return sign({ subject: name, issuer, publicKey, privateKey: authority.privateKey, nowMs, extensions, days });
}

async function sign(options: {
  subject: string;
  issuer: string;
  publicKey: string;
  privateKey: string;
  nowMs: number;
  days: number;
  extensions: (
    | BasicConstraintsExtension
    | KeyUsagesExtension
    | ExtendedKeyUsageExtension
    | SubjectAlternativeNameExtension
  )[];
}): Promise<string> {
  const { nowMs, days, extensions } = options;
  const { subtle } = webcrypto;
  const spki = createPublicKey(options.publicKey).export({ type: 'spki', format: 'der' });
  const pkcs8 = createPrivateKey(options.privateKey).export({ type: 'pkcs8', format: 'der' });
  const serial = Buffer.from(webcrypto.getRandomValues(new Uint8Array(SERIAL_BYTES)));
  serial[0] = (serial[0] ?? 0) & 0x7f;
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: serial.toString('hex'),
      subject: `CN=${options.subject}`,
      issuer: `CN=${options.issuer}`,
      notBefore: new Date(nowMs - MILLISECONDS_PER_DAY),
      notAfter: new Date(nowMs + days * MILLISECONDS_PER_DAY),
      publicKey: (await subtle.importKey('spki', new Uint8Array(spki), ALGORITHM, true, ['verify'])) as CryptoKey,
      signingKey: (await subtle.importKey('pkcs8', new Uint8Array(pkcs8), ALGORITHM, false, ['sign'])) as CryptoKey,
      signingAlgorithm: ALGORITHM,
      extensions,
    },
    webcrypto as Crypto,
  );
  return `${certificate.toString('pem')}\n`;
}
