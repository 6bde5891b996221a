import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../apps/sphinx/src/terminal/output.ts';
import { LAUNCHER, runSphinx } from './program/start-program.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  engines: { node: string };
  dependencies: { node: string };
};
const pinned = read('.nvmrc').trim();

interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'problem';
  readonly message: string;
}

async function doctor(data: string, environment: Record<string, string> = {}) {
  const { code, output, errors } = await runSphinx(['doctor', '--json', '--data', data], { environment });
  expect(errors).toBe('');
  const findings = JSON.parse(output) as Finding[];
  return { code, finding: (check: string) => findings.find((each) => each.check === check) };
}

describe('The Node that SPHINX runs on', () => {
  it('is the same in .nvmrc, in the dependency that brings it, in the lock and in the launcher', () => {
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version: string }> };
    const [major] = pinned.split('.');
    expect(manifest.dependencies.node).toBe(`^${pinned}`);
    expect(lock.packages['node_modules/node']?.version).toBe(pinned);
    expect(read('apps/sphinx/bin/sphinx.js')).toContain(`const REQUIRED_MAJOR = ${major};`);
    expect(process.versions.node).toBe(pinned);
  });

  it('can be installed and started by what engines and README say', () => {
    const [, from] = /^>=(\d+)$/.exec(manifest.engines.node) ?? [];
    expect(Number(from)).toBeLessThanOrEqual(Number(pinned.split('.')[0]));
    expect(read('README.md')).toContain(`Needs Node (any version from ${from})`);
  });

  // Whoever starts it by `npx` has their own Node first: here the first one that is not the project's.
  const other = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map(
      (folder) => spawnSync(join(folder, 'node'), ['--version'], { encoding: 'utf8' }).stdout && join(folder, 'node'),
    )
    .find(Boolean);
  it.skipIf(other === undefined)('is its own whatever Node the machine has', () => {
    const { stdout, status } = spawnSync(other ?? '', [LAUNCHER, '--version'], { encoding: 'utf8' });
    expect({ stdout, status }).toEqual({ stdout: '0.1.0\n', status: EXIT.ok });
  });
});

describe('The doctor', () => {
  let folder = '';
  let taken: Server;
  let port = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sphinx-doctor-'));
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterAll(async () => {
    taken.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds a sound installation sound, and names the Node of .nvmrc and engines', async () => {
    const { code, finding } = await doctor(folder, { SPHINX_SERVER_PORT: '0' });
    expect(finding('Node')).toEqual({
      check: 'Node',
      state: 'ok',
      message: `${pinned}, as pinned (any Node from ${manifest.engines.node.replace('>=', '')} can start it)`,
    });
    for (const check of ['Settings', 'Data folder', 'Console', 'Stores', 'Port']) {
      expect(finding(check), check).toMatchObject({ state: 'ok' });
    }
    expect(code).toBe(EXIT.ok);
  });

  it('says which port is taken, and how to choose another', async () => {
    const { code, finding } = await doctor(folder, { SPHINX_SERVER_PORT: String(port) });
    expect(finding('Port')).toMatchObject({ state: 'problem', message: expect.stringContaining('--port') });
    expect(code).toBe(EXIT.negative);
  });

  it('says which settings do not fit', async () => {
    await writeFile(join(folder, 'sphinx.yaml'), 'server: { port: eighty, pint: 3 }\n');
    const { code, finding } = await doctor(folder);
    expect(finding('Settings')).toMatchObject({
      state: 'problem',
      message: expect.stringMatching(/server\.port.*server\.pint/s),
    });
    expect(code).toBe(EXIT.negative);
    await rm(join(folder, 'sphinx.yaml'));
  });

  it('says that a data folder cannot be used, and looks at the rest all the same', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    const { code, finding } = await doctor(join(file, 'data'), { SPHINX_SERVER_PORT: '0' });
    expect(finding('Data folder')).toMatchObject({ state: 'problem', message: expect.stringContaining('--data') });
    expect(finding('Console')).toMatchObject({ state: 'ok' });
    expect(code).toBe(EXIT.negative);
  });

  it('says what a live capture needs when no capture program is there', async () => {
    const { finding } = await doctor(folder, { SPHINX_SERVER_PORT: '0', PATH: folder });
    // Folders of the system are looked at, too, whatever the path says.
    expect(finding('Live capture')?.message).toMatch(/tcpdump|dumpcap/);
  });
});
