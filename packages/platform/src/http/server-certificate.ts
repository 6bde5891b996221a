import 'reflect-metadata';
import { generateKeyPairSync, X509Certificate as NodeCertificate, webcrypto } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { SphinxError } from '../errors.ts';

/** Browsers refuse server certificates that hold longer (CA/Browser Forum Baseline Requirements §6.3.2). */
const VALIDITY_DAYS = 397;
const RENEW_BEFORE_DAYS = 30;
const MILLISECONDS_PER_DAY = 86_400_000;
const SERIAL_BYTES = 16;

/** Certificate chain and private key, both PEM. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly privateKey: string;
  /** SHA-256 of the certificate, as browsers show it. */
  readonly fingerprint: string;
}

/**
 * The certificate that the operator gave, else an own one that is kept in a folder and renewed before it runs out.
 *
 * @throws SphinxError SPX_SETTINGS_INVALID when a file is missing or does not fit
 */
export async function ensureServerCertificate(options: {
  folder: string;
  certificateFile: string;
  privateKeyFile: string;
  nowMs: number;
}): Promise<ServerCertificate> {
  const { certificateFile, privateKeyFile, folder, nowMs } = options;
  if (certificateFile !== '' || privateKeyFile !== '') return readGiven(certificateFile, privateKeyFile);
  const files = { certificate: join(folder, 'certificate.pem'), privateKey: join(folder, 'private-key.pem') };
  const kept = await readPair(files.certificate, files.privateKey).catch(() => undefined);
  if (kept !== undefined && remainingDays(kept.certificate, nowMs) > RENEW_BEFORE_DAYS) return kept;
  const created = await createSelfSigned(nowMs);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await replaceFile(files.privateKey, created.privateKey);
  await replaceFile(files.certificate, created.certificate);
  return created;
}

async function readGiven(certificateFile: string, privateKeyFile: string): Promise<ServerCertificate> {
  try {
    return await readPair(certificateFile, privateKeyFile);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SphinxError(
      'SPX_SETTINGS_INVALID',
      `server.certificateFile and server.privateKeyFile must name a PEM certificate and its key: ${reason}`,
      { cause },
    );
  }
}

async function readPair(certificateFile: string, privateKeyFile: string): Promise<ServerCertificate> {
  const [certificate, privateKey] = await Promise.all([
    readFile(certificateFile, 'utf8'),
    readFile(privateKeyFile, 'utf8'),
  ]);
  return { certificate, privateKey, fingerprint: new NodeCertificate(certificate).fingerprint256 };
}

function remainingDays(certificate: string, nowMs: number): number {
  return (new NodeCertificate(certificate).validToDate.getTime() - nowMs) / MILLISECONDS_PER_DAY;
}

async function createSelfSigned(nowMs: number): Promise<ServerCertificate> {
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
    fingerprint: new NodeCertificate(pem).fingerprint256,
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

async function replaceFile(path: string, content: string): Promise<void> {
  await writeFile(`${path}.new`, content, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
