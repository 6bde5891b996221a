import { execFileSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import type { Incident } from '@sphinx/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../../services/incident-forensics/notifications/send.ts';
import { createTestCertificates } from './certificates.ts';
import { freePort, Lab } from './lab.ts';
import { type Probed, probeService } from './probe-service.ts';

// Mail, MariaDB and memcached, each open and closed: what was planted is found, and nothing is found that is not there.

const lab = new Lab();
let certificates: Awaited<ReturnType<typeof createTestCertificates>>;

beforeAll(async () => {
  certificates = await createTestCertificates(lab);
}, 30_000);
afterAll(() => lab.stop());

const MAIL = {
  kind: 'mail',
  host: '127.0.0.1',
  username: '',
  from: 'sphinx@localhost',
  authority: '',
} as const;
const INCIDENT: Incident = {
  id: 'inc_1',
  number: 1,
  title: 'Infusion pump is attacked\r\nBcc: somebody@else.example',
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

describe('MariaDB', () => {
  async function mariadb(statement: string, settings: readonly string[]): Promise<Probed> {
    const port = await freePort();
    const folder = await lab.folder({ 'first.sql': statement });
    const data = join(folder, 'data');
    const common = ['--no-defaults', `--datadir=${data}`, '--user=root'];
    execFileSync(
      '/usr/bin/mariadb-install-db',
      [...common, '--auth-root-authentication-method=normal', '--skip-test-db'],
      {
        stdio: 'ignore',
      },
    );
    const where = [
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${folder}/socket`,
      `--pid-file=${folder}/pid`,
    ];
    const first = [`--init-file=${join(folder, 'first.sql')}`];
    await lab.start('/usr/sbin/mariadbd', [...common, ...where, ...first, ...settings], port);
    return probeService(port, ['mysql']);
  }

  it('without a password for its administrator is found', async () => {
    const probed = await mariadb('SELECT 1;\n', []);
    expect(probed.failing).toEqual(['data-store-password', 'mysql-encrypted']);
    expect(probed.values('mysql.version')[0]).toMatch(/MariaDB/);
  }, 30_000);

  it('with a password and TLS passes', async () => {
    const { key, certificate } = certificates.good;
    const tls = [`--ssl-cert=${certificate}`, `--ssl-key=${key}`];
    const probed = await mariadb("ALTER USER root@localhost IDENTIFIED BY 'not-a-default';\n", tls);
    expect(probed.failing).toEqual([]);
    expect(probed.passing).toEqual(expect.arrayContaining(['data-store-password', 'mysql-encrypted']));
  }, 30_000);
});

describe('memcached', () => {
  async function memcached(...settings: readonly string[]): Promise<Probed> {
    const port = await freePort();
    const common = ['-u', 'nobody', '-l', '127.0.0.1', '-p', String(port), '-m', '8'];
    await lab.start('/usr/bin/memcached', [...common, ...settings], port);
    return probeService(port, ['memcached']);
  }

  it('without a password is found, and nothing that is in it is asked for', async () => {
    const probed = await memcached();
    expect(probed.failing).toEqual(['data-store-password', 'memcached-not-exposed']);
    const sent = probed.records.flatMap(({ data }) => (data === undefined ? [] : [Buffer.from(data).toString()]));
    expect(sent).toEqual(['version\r\n']);
  });

  it('that asks for a login is not', async () => {
    const folder = await lab.folder({ users: 'archive:not-a-default\n' });
    // Memcached gives up its rights before it reads the file.
    await chmod(folder, 0o755);
    const probed = await memcached('-Y', join(folder, 'users'));
    expect(probed.failing).toEqual([]);
    expect(probed.values('memcached.without-password')).toEqual([]);
  });
});

describe('OpenSMTPD', () => {
  /** One program with two doors: there can be only one of it on a machine. */
  async function openSmtpd(): Promise<{ open: number; closed: number }> {
    const [open, closed] = [await freePort(), await freePort()];
    const { key, certificate } = certificates.good;
    const configured = await lab.folder({
      'smtpd.conf': [
        `pki archive cert "${certificate}"`,
        `pki archive key "${key}"`,
        `listen on 127.0.0.1 port ${open} hostname gateway.hospital.example`,
        `listen on 127.0.0.1 port ${closed} hostname gateway.hospital.example tls pki archive`,
        'action "local" maildir "/nonexistent"',
        'match from local for local action "local"',
        '',
      ].join('\n'),
    });
    await lab.start('/usr/sbin/smtpd', ['-d', '-f', join(configured, 'smtpd.conf')], open);
    return { open, closed };
  }

  it('is found where it offers no encryption, and passes where it does', async () => {
    const { open, closed } = await openSmtpd();
    const plain = await probeService(open, ['smtp']);
    expect(plain.failing).toEqual(['smtp-encrypted']);
    expect(plain.values('smtp.banner')[0]).toContain('OpenSMTPD');
    const encrypted = await probeService(closed, ['smtp']);
    expect(encrypted.failing).toEqual([]);
    expect(encrypted.passing).toContain('smtp-encrypted');
    // News of incidents goes through the same server; where encryption cannot be had, it is not sent without.
    const told = (port: number, security: 'none' | 'starttls') =>
      send({
        target: { ...MAIL, to: ['root@localhost'], port, security },
        message: { event: 'opened', time: 1_790_000_000_000, incident: INCIDENT },
        secret: '',
        onCall: ['root@localhost'],
        id: 'test',
      });
    await told(open, 'none');
    await expect(told(closed, 'starttls')).rejects.toThrow();
    await expect(told(1, 'none')).rejects.toThrow(/ECONNREFUSED/);
  }, 15_000);
});
