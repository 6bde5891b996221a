import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestCertificates } from './certificates.ts';
import { freePort, Lab } from './lab.ts';
import { type Probed, probeService } from './probe-service.ts';

// Servers that hospitals run, each open and closed: what was planted is found, and nothing is found that is not there.

const lab = new Lab();
let certificates: Awaited<ReturnType<typeof createTestCertificates>>;

beforeAll(async () => {
  certificates = await createTestCertificates(lab);
}, 30_000);
afterAll(() => lab.stop());

describe('OpenSSH', () => {
  async function sshd(lines: readonly string[]): Promise<Probed> {
    const port = await freePort();
    const folder = await lab.folder({ sshd_config: [`Port ${port}`, 'ListenAddress 127.0.0.1', ...lines].join('\n') });
    const key = join(folder, 'host_key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    mkdirSync('/run/sshd', { recursive: true });
    await lab.start(
      '/usr/sbin/sshd',
      ['-D', '-e', '-f', join(folder, 'sshd_config'), '-h', key, '-o', 'PidFile=none'],
      port,
    );
    return probeService(port, ['ssh']);
  }

  it('that offers obsolete algorithms is found', async () => {
    const probed = await sshd([
      'KexAlgorithms curve25519-sha256,diffie-hellman-group1-sha1',
      'Ciphers aes128-ctr,3des-cbc',
      'MACs hmac-sha2-256,hmac-md5',
    ]);
    expect(probed.failing).toEqual(['ssh-algorithms']);
    expect(probed.values('ssh.server.algorithm')).toEqual(
      expect.arrayContaining(['diffie-hellman-group1-sha1', '3des-cbc', 'hmac-md5']),
    );
  });

  it('as Debian sets it up passes', async () => {
    const probed = await sshd([]);
    expect(probed.failing).toEqual([]);
    expect(probed.passing).toContain('ssh-algorithms');
    expect(probed.values('ssh.server.software')[0]).toMatch(/^OpenSSH_/);
  });
});

describe('nginx', () => {
  async function nginx(lines: readonly string[], isTls: boolean): Promise<Probed> {
    const port = await freePort();
    const folder = await lab.folder({ 'www/index.html': '<html><title>Archive: login</title></html>' });
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    const configured = await lab.folder({
      'nginx.conf': `user root; daemon off; pid ${folder}/pid; error_log stderr; events {}
        http { access_log off; ${temporary.join(' ')}
        server { listen 127.0.0.1:${port}${isTls ? ' ssl' : ''}; root ${folder}/www; ${lines.join(' ')} } }`,
    });
    await lab.start('/usr/sbin/nginx', ['-c', join(configured, 'nginx.conf')], port);
    return probeService(port, isTls ? ['tls', 'http'] : ['http'], { isTls });
  }

  it('with everything wrong about TLS is found in every part', async () => {
    const { key, certificate } = certificates.bad;
    const probed = await nginx(
      [
        `ssl_certificate ${certificate}; ssl_certificate_key ${key};`,
        'ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers "ALL:COMPLEMENTOFALL:@SECLEVEL=0";',
        'server_tokens off;',
      ],
      true,
    );
    expect(probed.failing).toEqual([
      'certificate-issued-by-authority',
      'certificate-key-strength',
      'certificate-signature-algorithm',
      'certificate-validity-period',
      'tls-cipher-strength',
      'tls-forward-secrecy',
      'tls-version',
    ]);
    expect(probed.values('tls.server.version')).toEqual(['TLS 1.0', 'TLS 1.1', 'TLS 1.2']);
    expect(probed.values('tls.server.cipher').join()).toMatch(/NULL/);
    expect(probed.values('tls.server.cipher').join()).toMatch(/anon/);
  });

  it('without forward secrecy is found', async () => {
    const { key, certificate } = certificates.good;
    const probed = await nginx(
      [
        `ssl_certificate ${certificate}; ssl_certificate_key ${key};`,
        'ssl_protocols TLSv1.2; ssl_ciphers AES128-SHA256; server_tokens off;',
      ],
      true,
    );
    expect(probed.failing).toEqual(['tls-forward-secrecy']);
  });

  it('with TLS as it should be passes, a login page inside it included', async () => {
    const { key, certificate } = certificates.good;
    const probed = await nginx(
      [
        `ssl_certificate ${certificate}; ssl_certificate_key ${key};`,
        'ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256; server_tokens off;',
      ],
      true,
    );
    expect(probed.failing).toEqual([]);
    expect(probed.passing).toEqual(
      expect.arrayContaining(['tls-version', 'tls-cipher-strength', 'tls-compression', 'tls-renegotiation']),
    );
    expect(probed.values('http.title')).toContain('Archive: login');
  });

  it('of TLS 1.3 alone shows its certificate all the same', async () => {
    const { key, certificate } = certificates.bad;
    const probed = await nginx(
      [
        `ssl_certificate ${certificate}; ssl_certificate_key ${key};`,
        'ssl_protocols TLSv1.3; ssl_ciphers ALL:@SECLEVEL=0; server_tokens off;',
      ],
      true,
    );
    expect(probed.values('tls.server.version')).toEqual(['TLS 1.3']);
    expect(probed.failing).toContain('certificate-key-strength');
  });

  it('with a login page in clear text is found', async () => {
    const probed = await nginx(['server_tokens off;'], false);
    expect(probed.failing).toEqual(['web-administration-encrypted']);
  });
});

describe('Samba', () => {
  async function samba(lines: readonly string[]): Promise<Probed> {
    const port = await freePort();
    const folder = await lab.folder();
    const places = [
      'private dir',
      'lock directory',
      'state directory',
      'cache directory',
      'pid directory',
      'ncalrpc dir',
    ];
    const configured = await lab.folder({
      'smb.conf': [
        '[global]',
        ...places.map((name) => `${name} = ${folder}`),
        `smb ports = ${port}`,
        'interfaces = lo',
        'bind interfaces only = yes',
        'load printers = no',
        'disable spoolss = yes',
        ...lines,
        '[share]',
        `path = ${folder}`,
        'guest ok = yes',
      ].join('\n'),
    });
    const file = join(configured, 'smb.conf');
    await lab.start('/usr/sbin/smbd', ['-F', '--no-process-group', '--debug-stdout', '-s', file], port, { folder });
    return probeService(port, ['smb']);
  }

  it('with SMB 1, without signing and with guests is found', async () => {
    const probed = await samba(['server min protocol = NT1', 'server signing = disabled', 'map to guest = Bad User']);
    expect(probed.failing).toEqual(['smb-guest-access', 'smb-signing', 'smb-version']);
  });

  it('with SMB 3, signing and no guest passes', async () => {
    const probed = await samba([
      'server min protocol = SMB3_00',
      'server signing = mandatory',
      'map to guest = Never',
      'restrict anonymous = 2',
    ]);
    expect(probed.failing).toEqual([]);
    expect(probed.passing).toEqual(expect.arrayContaining(['smb-signing', 'smb-version']));
    expect(probed.values('smb.name')).not.toEqual([]);
  });
});

describe('Mosquitto', () => {
  async function mosquitto(isOpen: boolean): Promise<Probed> {
    const port = await freePort();
    const configured = await lab.folder({ 'm.conf': `listener ${port} 127.0.0.1\nallow_anonymous ${isOpen}\n` });
    await lab.start('/usr/sbin/mosquitto', ['-c', join(configured, 'm.conf')], port);
    return probeService(port, ['mqtt']);
  }

  it('for everybody is found', async () => {
    expect((await mosquitto(true)).failing).toEqual(['mqtt-authentication']);
  });

  it('with a login passes', async () => {
    const probed = await mosquitto(false);
    expect(probed.failing).toEqual([]);
    expect(probed.passing).toContain('mqtt-authentication');
  });
});

describe('Redis', () => {
  async function redis(parameters: readonly string[]): Promise<Probed> {
    const port = await freePort();
    await lab.start('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', ...parameters], port);
    return probeService(port, ['redis']);
  }

  it('without a password is found', async () => {
    const probed = await redis([]);
    expect(probed.failing).toEqual(['data-store-password']);
    expect(probed.values('redis.version')[0]).toMatch(/^\d+\.\d+/);
  });

  it('with a password passes', async () => {
    const probed = await redis(['--requirepass', 'not-a-default']);
    expect(probed.failing).toEqual([]);
    expect(probed.passing).toContain('data-store-password');
  });
});

describe('PostgreSQL', () => {
  const [version = ''] = readdirSync('/usr/lib/postgresql').sort().reverse();
  const programs = join('/usr/lib/postgresql', version, 'bin');
  const user = { uid: Number(idOf('-u')), gid: Number(idOf('-g')) };

  /** @param pair of its certificate; without one it refuses TLS */
  async function postgres(authentication: string, pair?: typeof certificates.good): Promise<Probed> {
    const port = await freePort();
    const folder = await lab.folder();
    chownSync(folder, user.uid, user.gid);
    const data = join(folder, 'data');
    const password = join(await lab.folder({ password: 'not-a-default\n' }), 'password');
    chownSync(join(password, '..'), user.uid, user.gid);
    chownSync(password, user.uid, user.gid);
    execFileSync(
      join(programs, 'initdb'),
      ['-D', data, '-U', 'postgres', '-A', authentication, '--pwfile', password, '--no-sync', '--no-instructions'],
      { ...user, stdio: 'ignore', cwd: folder },
    );
    const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`, '-c', 'fsync=off'];
    if (pair !== undefined) settings.push('-c', 'ssl=on', ...certificateOf(pair, folder));
    await lab.start(join(programs, 'postgres'), ['-D', data, '-p', String(port), ...settings], port, { user, folder });
    const isReady = () => spawnSync(join(programs, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]).status === 0;
    for (let tries = 0; tries < 200 && !isReady(); tries += 1) await pause(50);
    return probeService(port, ['postgresql']);
  }

  it('that trusts its network is found', async () => {
    expect((await postgres('trust')).failing).toEqual(['data-store-password', 'postgresql-encrypted']);
  }, 20_000);

  it('with passwords and TLS passes', async () => {
    const probed = await postgres('scram-sha-256', certificates.good);
    expect(probed.failing).toEqual([]);
    expect(probed.passing).toContain('data-store-password');
    expect(probed.values('postgresql.authentication')).not.toEqual([]);
  }, 20_000);

  /** Files that the server may read and nobody else, as it insists on. @returns settings that name them */
  function certificateOf(pair: typeof certificates.good, folder: string): string[] {
    const settings = { ssl_cert_file: pair.certificate, ssl_key_file: pair.key };
    return Object.entries(settings).flatMap(([setting, file]) => {
      const copy = join(folder, setting);
      copyFileSync(file, copy);
      chownSync(copy, user.uid, user.gid);
      chmodSync(copy, 0o600);
      return ['-c', `${setting}=${copy}`];
    });
  }

  function idOf(option: '-u' | '-g'): string {
    try {
      return execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }).trim();
    } catch {
      return '0';
    }
  }
});

describe('snmpd', () => {
  async function snmpd(line: string): Promise<Probed> {
    const port = await freePort();
    const configured = await lab.folder({
      'snmpd.conf': `sysName pump-gateway\nsysDescr Infusion gateway 3.1\n${line}\n`,
    });
    const folder = await lab.folder();
    const parameters = ['-f', '-Lo', '-C', '-c', join(configured, 'snmpd.conf'), '-p', join(folder, 'pid')];
    process.env.SNMP_PERSISTENT_DIR = folder;
    await lab.start('/usr/sbin/snmpd', [...parameters, `udp:127.0.0.1:${port}`], 0);
    return probeService(port, ['snmp']);
  }

  it('that answers to "public" is found', async () => {
    const probed = await snmpd('rocommunity public');
    expect(probed.failing).toEqual(['snmp-default-community', 'snmp-version']);
    expect(probed.values('snmp.sys-name')).toEqual(['pump-gateway']);
    expect(probed.values('snmp.version')).toEqual(['1', '2c', '3']);
  });

  it('of version 3 alone passes', async () => {
    const probed = await snmpd('createUser monitor SHA authenticate AES encryption\nrouser monitor priv');
    expect(probed.failing).toEqual([]);
    expect(probed.passing).toContain('snmp-version');
  }, 15_000);
});

describe('vsftpd', () => {
  async function vsftpd(lines: readonly string[]): Promise<Probed> {
    const port = await freePort();
    const folder = await lab.folder({ 'empty/.keep': '', 'files/.keep': '' });
    const configured = await lab.folder({
      'vsftpd.conf': [
        'listen=YES',
        'background=NO',
        'listen_address=127.0.0.1',
        `listen_port=${port}`,
        `secure_chroot_dir=${folder}/empty`,
        `anon_root=${folder}/files`,
        'seccomp_sandbox=NO',
        'local_enable=YES',
        ...lines,
      ].join('\n'),
    });
    await lab.start('/usr/sbin/vsftpd', [join(configured, 'vsftpd.conf')], port);
    return probeService(port, ['ftp']);
  }

  it('that lets anybody in is found', async () => {
    const probed = await vsftpd(['anonymous_enable=YES', 'no_anon_password=NO']);
    expect(probed.failing).toEqual(expect.arrayContaining(['ftp-absent', 'ftp-anonymous']));
  });

  it('with accounts is FTP all the same, and nothing worse', async () => {
    const probed = await vsftpd(['anonymous_enable=NO']);
    expect(probed.failing).toEqual(['ftp-absent']);
    expect(probed.passing).toContain('ftp-anonymous');
  });
});
