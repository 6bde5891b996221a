import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Lab } from './lab.ts';

interface Pair {
  readonly key: string;
  readonly certificate: string;
}

/** Files of a sound certificate with its authority, and of one with every fault that a certificate can have. */
export async function createTestCertificates(lab: Lab): Promise<{ good: Pair; bad: Pair; authority: string }> {
  const folder = await lab.folder();
  const at = (name: string) => join(folder, name);
  const openssl = (...parameters: string[]) => execFileSync('openssl', parameters, { stdio: 'ignore', cwd: folder });
  const request = (...parameters: string[]) => openssl('req', '-nodes', '-newkey', ...parameters);
  request('rsa:2048', '-x509', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '300', '-subj', '/CN=Hospital CA');
  request('rsa:2048', '-keyout', 'good.key', '-out', 'good.csr', '-subj', '/CN=archive.hospital.example');
  openssl(
    'x509',
    '-req',
    '-in',
    'good.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '200',
    '-out',
    'good.pem',
  );
  request(
    'rsa:1024',
    '-sha1',
    '-x509',
    '-keyout',
    'bad.key',
    '-out',
    'bad.pem',
    '-days',
    '3650',
    '-subj',
    '/CN=modality',
  );
  return {
    good: { key: at('good.key'), certificate: at('good.pem') },
    bad: { key: at('bad.key'), certificate: at('bad.pem') },
    authority: at('ca.pem'),
  };
}
