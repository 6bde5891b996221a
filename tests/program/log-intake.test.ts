import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, createHttpsClient } from '../../apps/sphinx/src/client/api-client.ts';
import { readLocalEndpoint } from '../../apps/sphinx/src/runtime/local-endpoint.ts';
import { freePort } from '../../services/log-collection/test-house.ts';
import { runSphinx, type StartedProgram, startProgram } from './start-program.ts';

let folder = '';
let port = 0;
let program: StartedProgram;
let client: ApiClient;
/** Numbers of the lines that the program said to have taken. */
const acknowledged: number[] = [];

async function start(): Promise<void> {
  program = await startProgram(folder);
  const endpoint = await readLocalEndpoint(folder);
  if (endpoint === undefined) throw new Error('SPHINX runs and does not say where');
  client = createHttpsClient(endpoint);
}

/** Sends with curl, as a script would. @returns whether it was answered with success */
async function curl(number: number, token: string): Promise<boolean> {
  const parameters = ['-sk', '-f', '-H', `Authorization: Bearer ${token}`, '--data-binary', `{"msg":"kill ${number}"}`];
  const child = spawn('curl', [...parameters, `${program.url}/api/v1/logs/intake?source=curl`], { stdio: 'ignore' });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code === 0)));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sphinx-intake-'));
  port = await freePort();
  const settings = `services:\n  log-collection:\n    listenAddress: 127.0.0.1\n    syslogTcpPort: ${port}\n    watchedFiles: [${join(folder, 'watched*.log')}]\n`;
  await writeFile(join(folder, 'sphinx.yaml'), settings);
  await writeFile(join(folder, 'watched.log'), 'watched one\nwatched two\n');
  await start();
  const token = (await readLocalEndpoint(folder))?.token ?? '';
  // A sender over TCP that never stops, while curl sends line by line.
  const socket = createConnection(port, '127.0.0.1').on('error', () => undefined);
  const flood = setInterval(() => socket.write(`<13>Nov 30 08:15:02 h flood: over TCP\n`.repeat(200)), 5);
  for (let number = 0; number < 15; number++) if (await curl(number, token)) acknowledged.push(number);
  const last = curl(99, token).then((isTaken) => isTaken && acknowledged.push(99));
  await program.kill();
  await last;
  clearInterval(flood);
  socket.destroy();
  await start();
}, 120_000);
afterAll(async () => {
  await program.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('Logs that a SPHINX has said to have taken, killed while it takes in others', () => {
  it('are there, each once', async () => {
    const { items } = await client.send<{ items: { message: string }[] }>(
      'GET',
      '/logs?query=source:http/curl&limit=1000',
    );
    const found = items.map(({ message }) => Number(message.replace('kill ', '')));
    expect(acknowledged.length).toBeGreaterThanOrEqual(15);
    expect(acknowledged.filter((number) => !found.includes(number))).toEqual([]);
    expect(new Set(found).size).toBe(found.length);
  });

  it('came in over TCP at the same time', async () => {
    const { total } = await client.send<{ total: number }>('GET', '/logs/histogram?query=service:flood&from=0');
    expect(total).toBeGreaterThan(0);
  });

  it('and files are followed over the crash', async () => {
    await writeFile(join(folder, 'watched.log'), 'watched one\nwatched two\nwatched three\n');
    await expect
      .poll(
        async () =>
          (await client.send<{ items: { raw: string }[] }>('GET', '/logs?query=source:file*')).items.map(
            ({ raw }) => raw,
          ),
        { timeout: 20_000 },
      )
      .toContain('watched three');
  });
});

describe('The command line', () => {
  it('takes files in and finds their events, and says what a query means wrongly', async () => {
    const file = join(folder, 'import.log');
    await writeFile(
      file,
      '<38>Nov 30 08:15:02 gw1 sshd[1]: Failed password for root from 203.0.113.7 port 1 ssh2\nnobody knows\n',
    );
    const taken = await runSphinx(['logs', 'import', file, '--data', folder]);
    expect(taken.output).toContain('2 events taken in');
    const found = await runSphinx(['logs', 'search', 'format:openssh user:root', '--data', folder]);
    expect(found.output).toMatch(/low\s+gw1 sshd: Failed password for root/);
    const wrong = await runSphinx(['logs', 'search', '(', '--data', folder]);
    expect(wrong.code).not.toBe(0);
    expect(wrong.errors).toMatch(/value is missing|never closes/);
    const sources = await runSphinx(['logs', 'sources', '--data', folder]);
    expect(sources.output).toMatch(/http\/import\.log\s+openssh\s+2\s+1/);
  });
});
