import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveHttps } from './https-server.ts';
import { ensureServerCertificate, type ServerCertificate } from './server-certificate.ts';

const DAY_MS = 86_400_000;

describe('The certificate of the server', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sphinx-tls-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const ensure = (given: { certificateFile?: string; privateKeyFile?: string; nowMs?: number } = {}) =>
    ensureServerCertificate({
      folder: join(folder, 'tls'),
      certificateFile: '',
      privateKeyFile: '',
      nowMs: Date.now(),
      ...given,
    });

  it('is made by itself, stays the same, and its key is readable for its owner only', async () => {
    const made = await ensure();
    expect(await ensure()).toEqual(made);
    expect((await stat(join(folder, 'tls', 'private-key.pem'))).mode & 0o777).toBe(0o600);
    const names = new X509Certificate(made.certificate).subjectAltName;
    expect(names).toContain('DNS:localhost');
    expect(names).toContain('IP Address:127.0.0.1');
  });

  it('is renewed before it runs out', async () => {
    const made = await ensure();
    expect((await ensure({ nowMs: Date.now() + 300 * DAY_MS })).fingerprint).toBe(made.fingerprint);
    expect((await ensure({ nowMs: Date.now() + 380 * DAY_MS })).fingerprint).not.toBe(made.fingerprint);
  });

  it('is enough for a client that trusts nothing else, over the newest TLS', async () => {
    const certificate = await ensure();
    const server = await serveHttps({
      host: '127.0.0.1',
      port: 0,
      certificate,
      fetch: async () => new Response('well'),
    });
    try {
      expect(await protocolOf(server.port, certificate)).toBe('TLSv1.3');
    } finally {
      await server.close();
    }
  });

  it('may be one of the hospital, when its key is the one that belongs to it', async () => {
    const made = await ensure();
    await rm(join(folder, 'tls'), { recursive: true });
    const other = await ensure();
    const [certificateFile, privateKeyFile] = [join(folder, 'chain.pem'), join(folder, 'key.pem')];
    await writeFile(certificateFile, made.certificate);
    await writeFile(privateKeyFile, made.privateKey);
    expect(await ensure({ certificateFile, privateKeyFile })).toEqual(made);
    await writeFile(privateKeyFile, other.privateKey);
    await expect(ensure({ certificateFile, privateKeyFile })).rejects.toMatchObject({
      code: 'SPX_SETTINGS_INVALID',
      message: expect.stringContaining('the key does not belong to the certificate'),
    });
    await expect(ensure({ certificateFile, privateKeyFile: join(folder, 'none.pem') })).rejects.toMatchObject({
      code: 'SPX_SETTINGS_INVALID',
    });
  });
});

function protocolOf(port: number, { certificate }: ServerCertificate): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const call = request({ host: 'localhost', port, ca: certificate, agent: false }, (response) => {
      resolve((response.socket as TLSSocket).getProtocol());
      response.resume();
    });
    call.on('error', reject);
    call.end();
  });
}
