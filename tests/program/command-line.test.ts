import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../apps/sphinx/src/terminal/output.ts';
import { writeSampleCapture } from '../../services/traffic-monitoring/sample/write-sample-capture.ts';
import { LAUNCHER, runSphinx, type StartedProgram, startProgram } from './start-program.ts';

let folder = '';
let capture = '';
let broken = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sphinx-command-line-'));
  capture = join(folder, 'hospital.pcap');
  broken = join(folder, 'letter.pcap');
  await writeSampleCapture(capture, Date.now());
  await writeFile(broken, 'Dear ward three, no packets here.');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('A command that ended', () => {
  it.each([
    ['that all is well', ['certificate', 'check', '--help'], EXIT.ok, 'Example:'],
    ['that it was used wrongly', ['assets', '--no-such-option'], EXIT.usage, 'sphinx assets --help'],
    ['that a report of that kind is not made', ['analyze', 'x.pcap', '--report', 'x.doc'], EXIT.usage, '.pdf or .html'],
    ['that there is no such file', ['analyze', 'no-such.pcap'], EXIT.notFound, 'no-such.pcap'],
    ['that no SPHINX runs', ['sources'], EXIT.failure, 'sphinx start'],
  ])('says %s', async (_, parameters, expected, words) => {
    const data = parameters.includes('--help') ? [] : ['--data', join(folder, 'nothing')];
    const { code, output, errors } = await runSphinx([...parameters, ...data]);
    expect(output + errors).toContain(words);
    expect(code).toBe(expected);
  });

  it('says that a certificate does not hold', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const der = publicKey.export({ type: 'spki', format: 'der' });
    const keyid = createHash('sha256').update(der).digest('hex');
    const key = { keyid, algorithm: 'ed25519', publicKey: der.toString('base64'), createdAt: 0 };
    const [keys, letter] = [join(folder, 'keys.json'), join(folder, 'none.dsse.json')];
    await writeFile(keys, JSON.stringify({ keys: [key] }));
    await writeFile(letter, '{"hello": "world"}');
    const { code, output } = await runSphinx(['certificate', 'check', letter, '--keys', keys, '--json']);
    expect(JSON.parse(output)).toMatchObject({ status: 'malformed' });
    expect(code).toBe(EXIT.negative);
  });

  it('says that a capture which is none cannot be read', async () => {
    const { code, errors } = await runSphinx(['analyze', broken, '--json', '--data', folder]);
    expect(errors).toContain('neither a pcap nor a pcapng file');
    expect(code).toBe(EXIT.usage);
  });
});

describe('Work that takes more than a second', () => {
  it.skipIf(!existsSync('/usr/bin/script'))('shows how far it is on a terminal', () => {
    const { stdout, status } = spawnSync(
      '/usr/bin/script',
      ['-qefc', `'${process.execPath}' '${LAUNCHER}' analyze '${capture}'`, '/dev/null'],
      { input: '', encoding: 'utf8', env: { ...process.env, TERM: 'xterm', COLUMNS: '120' } },
    );
    expect(status).toBe(EXIT.ok);
    expect(stdout).toMatch(/Analysing [█░]+ \d+% {2}\S/);
    expect(stdout).toMatch(/SAMPLE_CT1 +ct-scanner/);
  });

  it('shows nothing but its answer when it is piped', async () => {
    const { code, output, errors } = await runSphinx(['analyze', '-', '--json'], { input: await readFile(capture) });
    expect({ code, errors }).toEqual({ code: EXIT.ok, errors: '' });
    expect(JSON.parse(output).assets.length).toBeGreaterThan(10);
  });
});

describe('The traffic sources of a running SPHINX', () => {
  let program: StartedProgram;
  let watched = '';
  const sources = async (...parameters: string[]) => {
    const { code, output, errors } = await runSphinx(['sources', ...parameters, '--data', program.dataFolder]);
    return { code, text: output + errors };
  };
  beforeAll(async () => {
    program = await startProgram();
    watched = join(folder, 'watched');
    await mkdir(watched);
  });
  afterAll(() => program.stop());

  it('are added and read, listed, stopped, started and removed', async () => {
    expect(await sources()).toMatchObject({ code: EXIT.ok, text: expect.stringContaining('No traffic source yet') });
    const read = await sources('add', capture);
    expect(read).toMatchObject({
      code: EXIT.ok,
      text: expect.stringMatching(/hospital\.pcap: finished\. [\d,]+ packets/),
    });
    const added = await sources('add', watched, '--title', 'Mirror port', '--json');
    expect(JSON.parse(added.text)).toMatchObject({ kind: 'folder', title: 'Mirror port', state: 'running' });
    expect(await sources('stop', 'Mirror port')).toEqual({ code: EXIT.ok, text: 'Mirror port: stopped.\n' });
    expect(await sources('start', watched)).toEqual({ code: EXIT.ok, text: 'Mirror port: running.\n' });
    expect((await sources('remove', 'hospital.pcap')).code).toBe(EXIT.ok);
    const left = JSON.parse((await sources('list', '--json')).text);
    expect(left).toMatchObject([{ title: 'Mirror port', state: 'running' }]);
  });

  it('say why one cannot be read, and which there are not', async () => {
    expect(await sources('add', broken)).toMatchObject({
      code: EXIT.failure,
      text: expect.stringContaining('neither a pcap nor a pcapng file'),
    });
    expect((await sources('add', join(folder, 'nowhere'))).code).toBe(EXIT.notFound);
    expect((await sources('stop', 'nothing of that name')).code).toBe(EXIT.notFound);
    expect((await sources('add')).code).toBe(EXIT.usage);
  });
});
