import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReceiver } from '../../services/log-collection/forwarder/index.ts';
import { createTlsOptions, openLogAuthority } from '../../services/log-collection/inputs/tls-certificate.ts';
import { LogCollectionSettings } from '../../services/log-collection/manifest.ts';
import { freePort, House } from '../../services/log-collection/test-house.ts';
import { LAUNCHER, runSphinx } from './start-program.ts';

const TOKEN = 'token-of-the-receiver';
const sealed = new Map<string, Uint8Array>();
const secrets = {
  get: async (name: string) => sealed.get(name),
  set: async (name: string, value: Uint8Array) => void sealed.set(name, value),
  remove: async (name: string) => void sealed.delete(name),
  names: async () => [...sealed.keys()],
};
let house: House;
let folder: string;
let ca: string;
let port: number;
let syslogPort: number;
let receiver: Server | undefined;
let forwarder: ChildProcess | undefined;
let output = '';

/** The real intake, reached as a forwarder reaches it. */
async function openRealReceiver(): Promise<void> {
  const tls = await createTlsOptions(LogCollectionSettings.parse({}), secrets, Date.now());
  receiver = createServer(tls, async (request, response) => {
    const body = await buffer(request);
    if (request.headers.authorization !== `Bearer ${TOKEN}`) {
      response.writeHead(401).end('{}');
      return;
    }
    const query = Object.fromEntries(new URL(request.url ?? '', 'https://localhost').searchParams);
    const headers = { 'content-encoding': String(request.headers['content-encoding']) };
    const answer = await house.ask('takeLogs', { query, raw: new Uint8Array(body), headers });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  receiver.listen(port, '127.0.0.1');
  await once(receiver, 'listening');
}

async function closeReceiver(): Promise<void> {
  const closed = new Promise((resolve) => receiver?.close(resolve));
  receiver?.closeAllConnections();
  await closed;
}

const parameters = (data: string) => [
  ...['forward', '--to', `https://localhost:${port}`, '--ca', join(folder, 'ca.pem'), '--name', 'ward-7', '--json'],
  ...['--data', join(folder, data), '--file', join(folder, '*.log')],
];

function startForwarder(): void {
  const child = spawn(
    process.execPath,
    [LAUNCHER, ...parameters('data'), '--syslog', String(syslogPort), '--listen', '127.0.0.1'],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, SPHINX_FORWARD_TOKEN: TOKEN } },
  );
  child.stdout.on('data', (text) => {
    output += text;
  });
  forwarder = child;
}

async function endForwarder(signal: NodeJS.Signals): Promise<void> {
  if (forwarder === undefined) return;
  const ended = once(forwarder, 'exit');
  forwarder.kill(signal);
  await ended;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
}

const numbered = (from: number, until: number) =>
  Array.from({ length: until - from }, (_, index) => `2026-11-30T08:15:02Z ward entry no${from + index}\n`).join('');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sphinx-forward-'));
  [port, syslogPort] = [await freePort(), await freePort()];
  house = await House.open();
  ca = (await openLogAuthority(secrets, Date.now())).certificate;
  await writeFile(join(folder, 'ca.pem'), ca);
  await openRealReceiver();
});
afterAll(async () => {
  await endForwarder('SIGKILL');
  await closeReceiver();
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

describe('sphinx forward', () => {
  it('sends files and syslog, and loses nothing when the receiver is away and it is killed meanwhile', async () => {
    await writeFile(join(folder, 'ward.log'), numbered(0, 50));
    startForwarder();
    await house.until('no49', 1);
    const socket = createConnection(syslogPort, '127.0.0.1');
    socket.end('<34>1 2026-11-30T08:15:02Z gw1 sshd 1 - - Failed password for root from 203.0.113.7 port 4 ssh2\n');
    const [ssh] = await house.until('format:openssh', 1);
    expect(ssh).toMatchObject({ source_id: 'http/ward-7/syslog-tcp/127.0.0.1', actor_user: 'root' });
    await closeReceiver();
    await appendFile(join(folder, 'ward.log'), numbered(50, 100));
    await until(() => output.includes('"event":"away"'));
    await endForwarder('SIGKILL');
    await rename(join(folder, 'ward.log'), join(folder, 'ward.1.log'));
    await writeFile(join(folder, 'ward.log'), numbered(100, 120));
    startForwarder();
    await openRealReceiver();
    await until(async () => new Set((await house.search('"ward entry"')).map(({ raw }) => raw)).size === 120);
    expect(
      (await house.search('"ward entry"')).every(({ source_id }) => source_id.startsWith('http/ward-7/file/')),
    ).toBe(true);
    const second = await runSphinx([...parameters('data'), '--token', TOKEN]);
    expect(second.code).toBe(1);
    expect(second.errors).toContain('Another "sphinx forward" works in');
    output = '';
    await endForwarder('SIGTERM');
    expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toMatchObject({
      event: 'stopped',
      dropped: 0,
      refused: 0,
      waitingBytes: 0,
    });
    forwarder = undefined;
  }, 60_000);

  it('sends nothing to a receiver whose certificate is of another authority, or that wants another token', async () => {
    const other = new Map<string, Uint8Array>();
    const { certificate } = await openLogAuthority(
      { ...secrets, get: async (name) => other.get(name), set: async (name, value) => void other.set(name, value) },
      Date.now(),
    );
    const line = Buffer.from('{"source":"x","sender":"","raw":"not for strangers"}\n');
    const url = `https://localhost:${port}`;
    for (const [token, authority, reason] of [
      [TOKEN, certificate, /certificate|issuer|signature/i],
      [TOKEN, undefined, /certificate|issuer|signature/i],
      ['another', ca, /refuses the token/],
    ] as const) {
      const stranger = openReceiver({ url, token, name: 'x', ca: authority });
      expect(await stranger.send(line, 1)).toMatchObject({ outcome: 'later', reason: expect.stringMatching(reason) });
      stranger.close();
    }
    expect(await house.search('strangers')).toHaveLength(0);
  });

  it('says what it needs', async () => {
    const without = await runSphinx(['forward', '--to', 'https://localhost:1', '--token', 'x', '--data', folder]);
    expect(without.errors).toContain('Name what to send');
    const wrong = await runSphinx([
      'forward',
      '--to',
      'localhost',
      '--token',
      'x',
      '--data',
      folder,
      '--syslog',
      '5514',
    ]);
    expect(wrong.errors).toContain('write --to https://HOST:8443');
  });
});
