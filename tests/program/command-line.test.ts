import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSphinx } from './start-program.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sphinx-command-line-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the command line', () => {
  it.each(['start', 'analyze', 'assets', 'asset', 'verify', 'services', 'doctor', 'config', 'certificate check'])(
    'explains "sphinx %s" with an example',
    async (command) => {
      const { code, output } = await runSphinx([...command.split(' '), '--help']);
      expect(code).toBe(0);
      expect(output).toMatch(/Examples?:/);
      expect(output).toContain(`sphinx ${command}`);
    },
  );

  it('refuses a certificate that is none, and says what it lacks', async () => {
    const file = join(folder, 'not-a-certificate.json');
    await writeFile(file, '{"hello": "world"}');
    const { code, errors, output } = await runSphinx(['certificate', 'check', file]);
    expect(code).not.toBe(0);
    expect(errors + output).toMatch(/certificate|envelope/i);
  });

  it('says that a capture which is none cannot be read, and ends with an error', async () => {
    const file = join(folder, 'letter.pcap');
    await writeFile(file, 'Dear ward three, no packets here.');
    const { code, errors } = await runSphinx(['analyze', file, '--json', '--data', folder]);
    expect(code).not.toBe(0);
    expect(errors).toContain('neither a pcap nor a pcapng file');
  });
});
