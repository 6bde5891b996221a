import 'reflect-metadata';
import { generateKeyPairSync, webcrypto, X509Certificate } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { ServerCertificate } from './server-certificate.ts';

/** Browsers refuse server certificates that hold longer (CA/Browser Forum Baseline Requirements §6.3.2). */
const VALIDITY_DAYS = 397;
const MILLISECONDS_PER_DAY = 86_400_000;
const SERIAL_BYTES = 16;

/** A certificate of this machine's own, for every name and address that it has. */
export async function createSelfSigned(nowMs: number): Promise<ServerCertificate> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
  const privateDer = privateKey.export({ type: 'pkcs8', format: 'der' });
  const publicDer = publicKey.export({ type: 'spki', format: 'der' });
  const { subtle } = webcrypto;
  const signingKey = await subtle.importKey('pkcs8', new Uint8Array(privateDer), algorithm, false, ['sign']);
  const verifyKey = await subtle.importKey('spki', new Uint8Array(publicDer), algorithm, true, ['verify']);
  const serial = Buffer.from(webcrypto.getRandomValues(new Uint8Array(SERIAL_BYTES)));
  serial[0] = (serial[0] ?? 0) & 0x7f;
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serial.toString('hex'),
      name: `CN=SPHINX on ${hostname().replace(/[^\w.-]/g, '')}`,
      notBefore: new Date(nowMs - MILLISECONDS_PER_DAY),
      notAfter: new Date(nowMs + (VALIDITY_DAYS - 1) * MILLISECONDS_PER_DAY),
      keys: { publicKey: verifyKey, privateKey: signingKey } as CryptoKeyPair,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(ownNames()),
      ],
    },
    webcrypto as Crypto,
  );
  const pem = certificate.toString('pem');
  return {
    certificate: `${pem}\n`,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    fingerprint: new X509Certificate(pem).fingerprint256,
  };
}

/** Every name and address under which this machine may be called. */
function ownNames(): { type: 'dns' | 'ip'; value: string }[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .map(({ address }) => address)
    .filter((address) => !address.includes('%'));
  const names = new Set(['localhost', hostname()].filter((name) => /^[\w.-]+$/.test(name)));
  return [
    ...[...names].map((value) => ({ type: 'dns' as const, value })),
    ...[...new Set(['127.0.0.1', '::1', ...addresses])].map((value) => ({ type: 'ip' as const, value })),
  ];
}
