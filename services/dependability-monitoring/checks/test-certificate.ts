import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @returns a certificate for a name that begins now, PEM */
export function createSelfSigned(name: string, days: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'sphinx-certificate-'));
  const file = join(folder, 'certificate.pem');
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', join(folder, 'key.pem')];
  execFileSync('openssl', ['req', '-x509', '-nodes', ...key, '-out', file, '-days', String(days), ...subject], {
    stdio: 'ignore',
  });
  const text = readFileSync(file, 'utf8');
  rmSync(folder, { recursive: true });
  return text;
}
