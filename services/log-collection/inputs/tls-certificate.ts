import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { TlsOptions } from 'node:tls';
import {
  type CertificateAuthority,
  createAuthority,
  createKeyPair,
  issueCertificate,
  type Secrets,
  SphinxError,
} from '@sphinx/platform';
import type { LogCollectionSettings } from '../manifest.ts';

const AUTHORITY_SECRET = 'log-authority';
/** As long as the authority: a sender that believes it never has to be changed for it. A new one is made at each start. */
const CERTIFICATE_DAYS = 397;

/** @returns the authority that signs the certificate of the sockets; made when it is first asked for */
export async function openLogAuthority(secrets: Secrets, nowMs: number): Promise<CertificateAuthority> {
  const kept = await secrets.get(AUTHORITY_SECRET);
  if (kept !== undefined) return JSON.parse(Buffer.from(kept).toString('utf8')) as CertificateAuthority;
  const created = await createAuthority('SPHINX log collection', nowMs);
  await secrets.set(AUTHORITY_SECRET, Buffer.from(JSON.stringify(created)));
  return created;
}

/**
 * @returns what the socket for TLS (RFC 5425) speaks with: TLS 1.2 or later
 * @throws SphinxError SPX_SETTINGS_INVALID when a file cannot be read
 */
export async function createTlsOptions(
  settings: LogCollectionSettings,
  secrets: Secrets,
  nowMs: number,
): Promise<TlsOptions> {
  const { tlsCertificateFile, tlsPrivateKeyFile, tlsClientAuthorityFile } = settings;
  const own = tlsCertificateFile === '' && tlsPrivateKeyFile === '';
  const pair = own
    ? await issueOwn(secrets, nowMs)
    : { cert: await readPem(tlsCertificateFile), key: await readPem(tlsPrivateKeyFile) };
  const clients =
    tlsClientAuthorityFile === ''
      ? {}
      : { ca: await readPem(tlsClientAuthorityFile), requestCert: true, rejectUnauthorized: true };
  return { ...pair, ...clients, minVersion: 'TLSv1.2' };
}

async function issueOwn(secrets: Secrets, nowMs: number): Promise<{ cert: string; key: string }> {
  const authority = await openLogAuthority(secrets, nowMs);
  const { publicKey, privateKey } = createKeyPair();
  const name = hostname();
  const cert = await issueCertificate(authority, {
    name,
    publicKey,
    usage: 'server',
    nowMs,
    days: CERTIFICATE_DAYS,
    dnsNames: [name, 'localhost'],
  });
  return { cert: cert + authority.certificate, key: privateKey };
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SphinxError('SPX_SETTINGS_INVALID', `The file ${file} for TLS of log collection cannot be read.`, {
      cause,
    });
  }
}
