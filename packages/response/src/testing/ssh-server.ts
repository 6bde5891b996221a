import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An OpenSSH server of this machine on a port of its own, with one key that it lets in. */
export class SshServer {
  readonly port: number;
  readonly #folder: string;
  readonly #child: ChildProcess;
  /** Of the server, as `ssh-keyscan` prints it without the name. */
  readonly hostKey: string;
  readonly privateKey: string;

  private constructor(port: number, folder: string, child: ChildProcess, hostKey: string, privateKey: string) {
    this.port = port;
    this.#folder = folder;
    this.#child = child;
    this.hostKey = hostKey;
    this.privateKey = privateKey;
  }

  static async start(): Promise<SshServer> {
    const folder = await mkdtemp(join(tmpdir(), 'sphinx-sshd-'));
    const port = await freePort();
    const key = (name: string) => join(folder, name);
    for (const name of ['host', 'client']) await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key(name)]);
    const settings = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${key('host')}`,
      `AuthorizedKeysFile ${key('client.pub')}`,
      'PidFile none',
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin prohibit-password',
      'MaxStartups 100',
      // The cheapest there is: tests log in often.
      'KexAlgorithms curve25519-sha256',
    ];
    await writeFile(key('sshd_config'), `${settings.join('\n')}\n`);
    await mkdir('/run/sshd', { recursive: true });
    const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', key('sshd_config')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await once(child.stderr, 'data');
    child.stderr.resume();
    const [kind, words] = (await readFile(key('host.pub'), 'utf8')).split(' ');
    return new SshServer(port, folder, child, `${kind} ${words}`, await readFile(key('client'), 'utf8'));
  }

  /** Settings of a target that is this server. */
  target(): Record<string, unknown> {
    const { username } = userInfo();
    return { host: '127.0.0.1', port: this.port, user: username, hostKey: this.hostKey, privateKeySecret: 'ssh-key' };
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Secrets of a test, by name. */
export function secretsOf(values: Readonly<Record<string, string>>): {
  get(name: string): Promise<Uint8Array | undefined>;
} {
  return {
    get: async (name) => (values[name] === undefined ? undefined : Buffer.from(values[name])),
  };
}
