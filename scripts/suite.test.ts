import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runSuite } from './suite.ts';

const SUITE = `
export const suite = {
  title: 'Words of two files, compared',
  *run(folder) {
    yield { id: 'a', outcome: 'passed', reason: 'same in ' + folder };
    yield { id: 'b', outcome: OUTCOME, reason: 'expected x, found y', cause: 'x and y' };
    yield { id: 'c', outcome: 'unsupported', reason: 'needs z' };
  },
  notes: () => ['and a figure'],
};`;

describe('npm run suite', () => {
  let folder: string;
  let out: string[];
  let errors: string[];
  const run = (...args: string[]) =>
    runSuite(args, { out: (line) => out.push(line), error: (line) => errors.push(line) }, join(folder, 'suites'));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'suite-'));
    mkdirSync(join(folder, 'suites'));
    writeFileSync(join(folder, 'suites', 'words.ts'), SUITE.replace('OUTCOME', "'failed'"));
    writeFileSync(join(folder, 'suites', 'good.ts'), SUITE.replace('OUTCOME', "'passed'"));
    writeFileSync(join(folder, 'suites', 'good.test.ts'), '');
    out = [];
    errors = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('ends with the counts, and with exit code 1 when a case failed', async () => {
    expect(await run('words', folder)).toBe(1);
    expect(out.at(-1)).toBe('1 passed, 1 failed, 1 unsupported');
  });

  it('ends with exit code 0 when none failed, though some were unsupported', async () => {
    expect(await run('good', folder)).toBe(0);
    expect(out.at(-1)).toBe('2 passed, 0 failed, 1 unsupported');
  });

  it('counts cases by cause and adds the notes of the suite', async () => {
    await run('words', folder);
    expect(out.join('\n')).toContain('1 failed: x and y');
    expect(out.join('\n')).toContain('1 unsupported: needs z');
    expect(out).toContain('and a figure');
  });

  it('prints every case with its reason as JSON, the counts still last', async () => {
    await run('words', folder, '--json');
    expect(out.slice(0, -1).map((line) => JSON.parse(line))).toEqual([
      { id: 'a', outcome: 'passed', reason: `same in ${folder}` },
      { id: 'b', outcome: 'failed', reason: 'expected x, found y', cause: 'x and y' },
      { id: 'c', outcome: 'unsupported', reason: 'needs z' },
    ]);
    expect(out.at(-1)).toBe('1 passed, 1 failed, 1 unsupported');
  });

  it.each([
    ['no name', []],
    ['an unknown suite', ['nothing']],
    ['an unknown option', ['words', '--fast']],
    ['a folder that is not there', ['words', '/nowhere/at/all']],
    ['one argument too many', ['words', '/tmp', 'more']],
    ['a suite whose folder in the shared data is absent', ['words']],
  ])('refuses %s with exit code 2 and the suites that there are', async (_, args) => {
    expect(await run(...args)).toBe(2);
    expect(errors.join('\n')).toContain('Suites: good, words');
    expect(out).toEqual([]);
  });
});
