import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SphinxError } from '../errors.ts';

const RENEW_BEFORE_DAYS = 30;
const MILLISECONDS_PER_DAY = 86_400_000;

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
  // Loaded when it is needed, once a year: it takes half a second of a start.
  const { createSelfSigned } = await import('./self-signed-certificate.ts');
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
  const own = new X509Certificate(certificate);
  if (!own.checkPrivateKey(createPrivateKey(privateKey))) throw new Error('the key does not belong to the certificate');
  return { certificate, privateKey, fingerprint: own.fingerprint256 };
}

function remainingDays(certificate: string, nowMs: number): number {
  return (new X509Certificate(certificate).validToDate.getTime() - nowMs) / MILLISECONDS_PER_DAY;
}

async function replaceFile(path: string, content: string): Promise<void> {
  await writeFile(`${path}.new`, content, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
