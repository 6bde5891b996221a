import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RPCAP, RpcapReader, writeRpcapMessage } from '@sphinx/wire';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Source } from './sources/source.ts';
import { freePort, Monitoring, sendDnsQuestion } from './test-monitoring.ts';

const SSHD = '/usr/sbin/sshd';
const maySsh = existsSync(SSHD) && existsSync('/usr/bin/ssh') && process.getuid?.() === 0;
const LIMIT = { timeout: 30_000, interval: 200 } as const;

/** An OpenSSH server of this machine on a port of its own. */
class SshServer {
  readonly port: number;
  readonly folder: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.folder = folder;
  }

  static async start(): Promise<SshServer> {
    const folder = await mkdtemp(join(tmpdir(), 'sphinx-sshd-'));
    const port = await freePort();
    const generate = (name: string) =>
      promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
    await Promise.all([generate('host'), generate('client')]);
    const settings = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'client.pub')}`,
      'PidFile none',
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin prohibit-password',
    ];
    await writeFile(join(folder, 'sshd_config'), `${settings.join('\n')}\n`);
    await mkdir('/run/sshd', { recursive: true });
    const server = new SshServer(port, folder);
    await server.#listen();
    return server;
  }

  async #listen(): Promise<void> {
    const file = join(this.folder, 'sshd_config');
    const child = spawn(SSHD, ['-D', '-e', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    await once(child.stderr, 'data');
  }

  /** From now on another machine answers at the same place. */
  async becomeAnother(): Promise<void> {
    await this.#end();
    const host = join(this.folder, 'host');
    await Promise.all([rm(host), rm(`${host}.pub`)]);
    await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', host]);
    await this.#listen();
  }

  async #end(): Promise<void> {
    if (this.#child === undefined || this.#child.exitCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }

  read(name: 'client'): Promise<string> {
    return readFile(join(this.folder, name), 'utf8');
  }

  async stop(): Promise<void> {
    await this.#end();
    await rm(this.folder, { recursive: true, force: true });
  }
}

describe.skipIf(!maySsh)('a capture over SSH (needs sshd, tcpdump and to be root)', () => {
  let house: Monitoring;
  let server: SshServer;
  beforeAll(async () => {
    house = await Monitoring.open();
    server = await SshServer.start();
  });
  afterAll(async () => {
    await house.close();
    await server.stop();
  });

  const bodyOf = async (extra: object = {}) => ({
    kind: 'ssh',
    host: '127.0.0.1',
    port: server.port,
    user: userInfo().username,
    interface: 'lo',
    privateKey: await server.read('client'),
    ...extra,
  });

  it('reads what the other machine sees, without itself, and its key is nowhere to be seen', async () => {
    const { id } = await house.ask<Source>('addSource', { body: await bodyOf() });
    await vi.waitFor(async () => {
      await sendDnsQuestion();
      const facts = await house.facts('host.observed');
      const values = facts.filter(({ source }) => source === id).flatMap(({ evidence }) => evidence);
      expect(values.map(({ value }) => value)).toContain('pacs.hospital.example');
    }, LIMIT);
    const conversations = await house.facts('conversation.observed');
    expect(conversations.filter(({ serverPort }) => serverPort === server.port)).toEqual([]);
    const stopped = await house.ask<Source>('stopSource', { id });
    expect(stopped).toMatchObject({ state: 'stopped', message: '', lost: 0 });
    expect(JSON.stringify(await house.sources())).not.toContain('PRIVATE KEY');
    expect(await readdir(join(house.folder, 'scratch', 'ssh'))).toEqual([]);
  });

  it('believes only the machine that it met first', async () => {
    const [known] = await house.sources();
    await server.becomeAnother();
    await house.ask('startSource', { id: known?.id ?? '' });
    expect(await house.until(known?.id ?? '', 'failed')).toMatchObject({
      message: expect.stringMatching(/Host key verification failed/i),
    });
  });

  it('says at once when the other side does not let it in', async () => {
    const other = await mkdtemp(join(tmpdir(), 'sphinx-key-'));
    await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(other, 'key')]);
    const wrong = await readFile(join(other, 'key'), 'utf8');
    const body = await bodyOf({ privateKey: wrong, interface: 'eth9' });
    const { id } = await house.ask<Source>('addSource', { body });
    expect(await house.until(id, 'failed')).toMatchObject({ message: expect.stringMatching(/Permission denied/) });
    await rm(other, { recursive: true, force: true });
  });
});

/** The other side of the rpcap protocol as libpcap's `rpcapd` acts it, message by message. */
class RpcapDaemon {
  readonly port: number;
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async start(packets: readonly Uint8Array[], dropped: number): Promise<RpcapDaemon> {
    const port = await freePort();
    const server = createServer();
    const daemon = new RpcapDaemon(server, port);
    server.on('connection', (control) => {
      const data = createServer((socket) => {
        for (const [index, packet] of packets.entries()) socket.write(packetMessage(packet, index + 1));
      });
      const reader = new RpcapReader(({ type, payload }) => {
        const reply = (bytes: Uint8Array) => control.write(writeRpcapMessage(type | 0x80, bytes));
        if (type === RPCAP.login) {
          const login = Buffer.from(payload).toString('latin1', 8);
          daemon.asked.push(login);
          if (login === 'annasecret') reply(new Uint8Array(0));
          else control.write(writeRpcapMessage(RPCAP.error, Buffer.from('Authentication failed')));
        }
        if (type === RPCAP.open) reply(words(1, 0));
        if (type === RPCAP.statistics) reply(words(packets.length, 1, dropped, packets.length));
        if (type === RPCAP.startCapture) {
          data.listen(0, '127.0.0.1', () => {
            const address = data.address();
            const open = typeof address === 'object' ? (address?.port ?? 0) : 0;
            reply(words(65_536, open << 16));
          });
        }
      });
      control.on('data', (chunk) => reader.push(chunk));
      control.on('error', () => undefined);
      control.on('close', () => data.close());
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return daemon;
  }

  stop(): void {
    this.#server.close();
  }
}

function words(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * index);
  return new Uint8Array(bytes);
}

function packetMessage(packet: Uint8Array, number: number): Uint8Array {
  const head = words(1_777_617_000, 5, packet.length, packet.length, number);
  return writeRpcapMessage(RPCAP.packet, Buffer.concat([head, packet]));
}

/** ARP announcement of 10.20.1.90. */
const ARP = Buffer.from('ffffffffffff001b21aa009008060001080006040002001b21aa00900a14015affffffffffff0a14015a', 'hex');

describe('a capture through rpcapd', () => {
  let house: Monitoring;
  let daemon: RpcapDaemon;
  beforeAll(async () => {
    house = await Monitoring.open();
    daemon = await RpcapDaemon.start([ARP], 4);
  });
  afterAll(async () => {
    await house.close();
    daemon.stop();
  });

  const bodyOf = (password: string) => ({
    kind: 'rpcap',
    host: '127.0.0.1',
    port: daemon.port,
    interface: '\\Device\\NPF_{7F1B}',
    user: 'anna',
    password,
  });

  it('that does not let it in ends at once with its words', async () => {
    const { id } = await house.ask<Source>('addSource', { body: bodyOf('wrong') });
    expect(await house.until(id, 'failed')).toMatchObject({
      message: expect.stringContaining('Authentication failed'),
    });
    expect(JSON.stringify(await house.sources())).not.toContain('wrong');
  });

  it('shows the packets of the other machine and those that it lost', async () => {
    const { id } = await house.ask<Source>('addSource', { body: bodyOf('secret') });
    await house.ask('startSource', { id });
    await vi.waitFor(async () => {
      const facts = await house.facts('host.observed');
      expect(facts.map(({ host }) => host.ip)).toContain('10.20.1.90');
      expect((await house.sources())[0]).toMatchObject({ packets: 1, lost: 5, state: 'running' });
    }, LIMIT);
    expect(await house.ask<Source>('stopSource', { id })).toMatchObject({ state: 'stopped', lost: 5 });
  });
});
