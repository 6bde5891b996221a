import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Incident } from '@sphinx/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, Lab } from '../../tests/probing/lab.ts';
import { send } from './notifications/send.ts';

// Mail that is really sent and received: a server of its own (aiosmtpd) that takes it encrypted only.

const INCIDENT: Incident = {
  id: 'inc_1',
  number: 1,
  title: 'Infusion pump is attacked',
  summary: 'A workstation told a pump to change.',
  severity: 'high',
  clinicalImpact: '',
  status: 'new',
  verdict: null,
  owner: null,
  stages: [],
  techniques: [],
  assets: [],
  users: [],
  addresses: [],
  analytics: [],
  signals: 1,
  firstSeen: 1_790_000_000_000,
  lastSeen: 1_790_000_000_000,
  openedAt: 1_790_000_000_000,
  closedAt: null,
  isSample: false,
};

const lab = new Lab();
let folder: string;
let authority: string;

beforeAll(async () => {
  folder = await lab.folder();
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')];
  const subject = ['-subj', '/CN=mail.hospital.example', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'];
  execFileSync('openssl', ['req', '-x509', ...key, ...subject, ...files], { stdio: 'ignore' });
  authority = await readFile(join(folder, 'certificate.pem'), 'utf8');
});
afterAll(() => lab.stop());

/** @returns port, and what has arrived */
async function mailServer(door: 'tls' | 'smtps') {
  const port = await freePort();
  const inbox = join(folder, door);
  const own = [`--${door}cert`, join(folder, 'certificate.pem'), `--${door}key`, join(folder, 'key.pem')];
  const parameters = ['-n', '-l', `127.0.0.1:${port}`, ...own, '-c', 'aiosmtpd.handlers.Mailbox', inbox];
  await lab.start('/usr/bin/aiosmtpd', parameters, port);
  const arrived = async () => {
    const names = await readdir(join(inbox, 'new')).catch(() => []);
    return Promise.all(names.map((name) => readFile(join(inbox, 'new', name), 'utf8')));
  };
  return { port, arrived };
}

function tell(port: number, security: 'none' | 'starttls' | 'tls', trusted: string): Promise<void> {
  const to = ['security@localhost.example'];
  const from = 'sphinx@localhost.example';
  return send({
    target: { kind: 'mail', host: '127.0.0.1', port, security, username: '', from, to, authority: trusted },
    message: { event: 'opened', time: 1_790_000_000_000, incident: INCIDENT },
    secret: '',
    onCall: ['night@localhost.example'],
    id: 'test',
  });
}

describe('Mail about an incident', () => {
  it.each([
    ['STARTTLS', 'tls', 'starttls'],
    ['TLS from the start', 'smtps', 'tls'],
  ] as const)('arrives over %s, to whoever is on call as well', async (_, door, security) => {
    const { port, arrived } = await mailServer(door);
    await tell(port, security, authority);
    const [mail, ...more] = await arrived();
    expect(more).toEqual([]);
    expect(mail).toContain('Infusion pump is attacked');
    expect(mail).toMatch(/X-RcptTo: .*security@localhost\.example.*night@localhost\.example/s);
    // An unknown certificate is believed by nobody, and nothing is sent without encryption instead.
    await expect(tell(port, security, '')).rejects.toThrow(/self-signed/);
    if (door === 'tls') await expect(tell(port, 'none', authority)).rejects.toThrow(/STARTTLS/);
    expect(await arrived()).toHaveLength(1);
  });
});
