import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestCertificates } from './certificates.ts';
import { freePort, Lab } from './lab.ts';
import { type Probed, probeService } from './probe-service.ts';

// Screens and terminals from afar, each open and closed: what was planted is found, and nothing is found that is not there.

const lab = new Lab();
let certificates: Awaited<ReturnType<typeof createTestCertificates>>;

beforeAll(async () => {
  certificates = await createTestCertificates(lab);
}, 30_000);
afterAll(() => lab.stop());

/** A screen of its own for each server. @returns its number */
async function screen(parameters: readonly string[], port: number): Promise<string> {
  // No other screen has the number of a port that was free.
  const display = `:${port}`;
  await lab.start(
    'Xtigervnc',
    [display, '-localhost', '-rfbport', String(port), '-geometry', '320x240', ...parameters],
    port,
  );
  return display;
}

describe('xrdp', () => {
  async function xrdp(security: 'rdp' | 'tls'): Promise<Probed> {
    const port = await freePort();
    const { key, certificate } = certificates.good;
    const settings: Readonly<Record<string, string>> = {
      port: `tcp://127.0.0.1:${port}`,
      security_layer: security,
      certificate,
      key_file: key,
      ssl_protocols: 'TLSv1.2, TLSv1.3',
    };
    const usual = readFileSync('/etc/xrdp/xrdp.ini', 'utf8');
    const changed = usual.replaceAll(/^(\w+)=.*$/gm, (line, name: string) =>
      settings[name] === undefined ? line : `${name}=${settings[name]}`,
    );
    const configured = await lab.folder({ 'xrdp.ini': changed });
    await lab.start('/usr/sbin/xrdp', ['-n', '-c', join(configured, 'xrdp.ini')], port);
    return probeService(port, ['rdp']);
  }

  it('with the protection of old Remote Desktop only is found', async () => {
    const probed = await xrdp('rdp');
    expect(probed.failing).toEqual(['rdp-network-level-authentication']);
    expect(probed.values('rdp.security')).toEqual(['RDP']);
  });

  it('that demands TLS shows its login to everybody all the same', async () => {
    const probed = await xrdp('tls');
    expect(probed.failing).toEqual(['rdp-network-level-authentication']);
    expect(probed.values('rdp.security')).toEqual(['TLS']);
  });
});

describe('the Remote Desktop server of FreeRDP', () => {
  async function shadow(security: 'nla' | 'rdp'): Promise<Probed> {
    const display = await screen(['-SecurityTypes', 'None', '-depth', '24'], await freePort());
    const port = await freePort();
    // RFC 1320 of "not-a-default", as the file of accounts has it: user, domain, two hashes.
    const folder = await lab.folder({ accounts: 'operator:::0cb6948805f797bf2a82807973b89537:::\n' });
    const where = ['/bind-address:127.0.0.1', `/port:${port}`];
    const parameters = [...where, `/sec:${security}`, `/sam-file:${join(folder, 'accounts')}`];
    await lab.start('freerdp-shadow-cli', parameters, port, { environment: { DISPLAY: display, HOME: folder } });
    return probeService(port, ['rdp']);
  }

  it('that asks who is there first passes', async () => {
    const probed = await shadow('nla');
    expect(probed.failing).toEqual([]);
    expect(probed.passing).toContain('rdp-network-level-authentication');
  }, 15_000);

  it('that lets everybody see the login is found', async () => {
    expect((await shadow('rdp')).failing).toEqual(['rdp-network-level-authentication']);
  }, 15_000);
});

describe('TigerVNC', () => {
  async function vnc(...parameters: readonly string[]): Promise<Probed> {
    const port = await freePort();
    await screen(parameters, port);
    return probeService(port, ['vnc']);
  }

  /** Eight bytes, whatever they stand for. */
  async function passwordFile(): Promise<string> {
    return join(await lab.folder({ password: '8 bytes!' }), 'password');
  }

  it('that gives its screen to everybody is found', async () => {
    const probed = await vnc('-SecurityTypes', 'None');
    expect(probed.failing).toEqual(['vnc-authentication', 'vnc-strength']);
  });

  it('with its eight-character password is found to be weak', async () => {
    const probed = await vnc('-SecurityTypes', 'VncAuth', '-PasswordFile', await passwordFile());
    expect(probed.failing).toEqual(['vnc-strength']);
    expect(probed.passing).toContain('vnc-authentication');
  });

  it('inside TLS passes', async () => {
    const { key, certificate } = certificates.good;
    const tls = ['-SecurityTypes', 'X509Vnc', '-X509Key', key, '-X509Cert', certificate];
    const probed = await vnc(...tls, '-PasswordFile', await passwordFile());
    expect(probed.failing).toEqual([]);
    expect(probed.passing).toEqual(expect.arrayContaining(['vnc-authentication', 'vnc-strength']));
  });
});

describe('telnetd of GNU', () => {
  async function inetd(program: string): Promise<Probed> {
    const port = await freePort();
    const line = `127.0.0.1:${port} stream tcp nowait root ${program}\n`;
    const configured = await lab.folder({ 'inetd.conf': line });
    await lab.start('inetutils-inetd', ['-d', join(configured, 'inetd.conf')], port);
    return probeService(port, ['telnet']);
  }

  it('is found, with its greeting', async () => {
    const probed = await inetd('/usr/sbin/telnetd telnetd -h -E /bin/cat');
    expect(probed.failing).toContain('telnet-absent');
    expect(probed.values('telnet.server')).toEqual(['true']);
  });

  it('is not found where something else answers at its port', async () => {
    const probed = await inetd('/bin/echo echo 220 gateway ready');
    expect(probed.failing).toEqual([]);
    expect(probed.values('telnet.server')).toEqual([]);
  });
});
