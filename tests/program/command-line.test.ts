import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../apps/sphinx/src/terminal/output.ts';
import { bytes } from '../../packages/wire/src/testing/bytes.ts';
import { conversationsCapture } from '../../packages/wire/src/testing/conversation-capture.ts';
import { client, server } from '../../packages/wire/src/testing/play.ts';
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

  it('leaves out what services would have found that are off', async () => {
    const off = ['ANOMALY_DETECTION', 'INTRUSION_DETECTION', 'VULNERABILITY_ASSESSMENT', 'DEVICE_VERIFICATION'];
    const environment = Object.fromEntries(off.map((name) => [`SPHINX_SERVICES_${name}_ENABLED`, 'false']));
    const { code, output, errors } = await runSphinx(['analyze', capture, '--json'], { environment });
    expect({ code, errors }).toEqual({ code: EXIT.ok, errors: '' });
    const { assets, anomalies, detections, weaknesses } = JSON.parse(output);
    expect(assets.length).toBeGreaterThan(10);
    expect({ anomalies, detections, weaknesses }).toEqual({ anomalies: [], detections: [], weaknesses: [] });
  });
});

/** The agreed test file of malware scanners, a program under the name of a document, and a letter; over HTTP. */
function filesCapture(): Uint8Array {
  const program = bytes('MZ', new Uint8Array(58), 64, 0, 0, 0, 'PE', 0, 0, new Uint8Array(500));
  const contents = { '/check.com': bytes(EICAR), '/Mustermann.pdf': program, '/letter.txt': bytes('Dear ward three') };
  return conversationsCapture(
    Object.entries(contents).map(([path, content], index) => ({
      ends: { clientIp: '10.0.0.10', serverIp: '10.0.0.20', clientPort: 40_000 + index, serverPort: 80 },
      turns: [
        client(bytes(`GET ${path} HTTP/1.1\r\nHost: ward\r\n\r\n`)),
        server(bytes(`HTTP/1.1 200 OK\r\nContent-Length: ${content.length}\r\n\r\n`, content)),
      ],
    })),
  );
}

const EICAR = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
const EICAR_MD5 = '44d88612fea8a8f36de82e1278abb02f';

describe('Files in a capture', () => {
  let path = '';
  beforeAll(async () => {
    path = join(folder, 'files.pcap');
    await writeFile(path, filesCapture());
  });

  it('are told by type with what matched, in a report too, and written to disk only where policy keeps them', async () => {
    const extracted = join(folder, 'extracted');
    const report = join(folder, 'files.html');
    const { code, output, errors } = await runSphinx([
      ...['analyze', path, '--report', report, '--extract-files', extracted],
    ]);
    expect(code).toBe(EXIT.ok);
    expect(output).toContain('3 files: 2 text, 1 pe. 1 matched a YARA rule:');
    expect(output).toMatch(
      /EICAR_Test_File: check\.com \(text\), 10\.0\.0\.20 to 10\.0\.0\.10 over http, SHA-256 275a02/,
    );
    expect(errors).toContain('1 file is on disk that may be malware');
    const [name, ...others] = await readdir(extracted);
    expect(others).toEqual([]);
    expect(await readFile(join(extracted, name ?? ''), 'utf8')).toBe(EICAR);
    expect((await stat(join(extracted, name ?? ''))).mode & 0o777).toBe(0o600);
    const text = await readFile(report, 'utf8');
    expect(text).toContain('EICAR_Test_File');
    expect(output + text).not.toContain('Mustermann');
  });

  it('are told to programs', async () => {
    const { output } = await runSphinx(['analyze', path, '--json']);
    const { filesSeen, detections } = JSON.parse(output);
    expect(filesSeen).toMatchObject({
      types: [
        { type: 'text', files: 2 },
        { type: 'pe', mismatched: 1 },
      ],
      extracted: [],
    });
    expect(filesSeen.matched).toMatchObject([{ md5: EICAR_MD5, rules: '["EICAR_Test_File"]' }]);
    expect(detections).toMatchObject([
      { rule: { set: 'yara/sphinx-general' }, file: { id: filesSeen.matched[0].file_id } },
    ]);
  });
});

describe('The files of a running SPHINX', () => {
  let program: StartedProgram;
  const files = async (...parameters: string[]) => {
    const { code, output, errors } = await runSphinx(['files', ...parameters, '--data', program.dataFolder]);
    return { code, output, errors };
  };
  beforeAll(async () => {
    program = await startProgram();
  });
  afterAll(() => program.stop());

  it('are listed, narrowed and counted', async () => {
    expect((await files()).output).toBe('No file has crossed the network yet.\n');
    const path = join(folder, 'files-of-the-ward.pcap');
    await writeFile(path, filesCapture());
    expect((await runSphinx(['sources', 'add', path, '--data', program.dataFolder])).code).toBe(EXIT.ok);
    const { output } = await files('list', '--sort=size');
    expect(output).toMatch(/\*\.txt +text +15 .*clean/);
    expect(output).toMatch(/\*\.pdf +pe \(not as named\)/);
    expect(output.trim().split('\n')).toHaveLength(4);
    expect((await files('--limit', '1')).output).toContain('These are the first 1. --limit shows more.');
    const found = async (...filters: string[]) => JSON.parse((await files('list', ...filters, '--json')).output).length;
    for (const filter of ['--verdict=matched', '--kept', '--mismatch', '--kind=program', '--rule=EICAR_Test_File'])
      expect(await found(filter), filter).toBe(1);
    expect((await files('--search', 'nothing')).output).toBe('No file fits. Leave a filter out.\n');
    expect((await files('types')).output).toMatch(/text +text +2 +83 +1/);
    expect((await files('--verdict', 'bad')).code).toBe(EXIT.usage);
    expect((await files('--kind', 'bad')).code).toBe(EXIT.usage);
    expect((await files('--limit', 'all')).code).toBe(EXIT.usage);
  }, 120_000);

  it('are shown one by one, by id or hash, and downloaded with a warning, never over another file', async () => {
    const shown = await files('show', EICAR_MD5);
    expect(shown.output).toMatch(/By its name +PE32 executable \(MS Windows\) or MS-DOS executable/);
    expect(shown.output).toMatch(/low: EICAR anti-malware test file \(YARA rule EICAR_Test_File\)\n {2}Harmless/);
    const target = join(folder, 'taken.bin');
    const taken = await files('download', EICAR_MD5, target, '--json');
    expect(JSON.parse(taken.output)).toMatchObject({ path: target, bytes: 68, isWhole: true });
    expect(taken.errors).toContain('this may be malware');
    expect(await readFile(target, 'utf8')).toBe(EICAR);
    expect(await files('download', EICAR_MD5, target)).toMatchObject({
      code: EXIT.usage,
      errors: expect.stringContaining('it is there already'),
    });
    expect((await files('show', 'fil_none')).code).toBe(EXIT.notFound);
    expect((await files('show', '0'.repeat(64))).code).toBe(EXIT.notFound);
    const [clean] = JSON.parse((await files('--verdict', 'clean', '--json')).output);
    expect((await files('download', clean.file_id, folder)).code).toBe(EXIT.notFound);
  }, 120_000);
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
