import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareVersions, type VersionScheme } from '@sphinx/vulnerabilities';
import type { Suite, SuiteCase } from '../suite.ts';

/* A case is one line `a < b`, `a = b` or `a > b` of a file `SCHEME-versions….txt`. Lines with # or // before them are words. */

const SCHEMES: Readonly<Record<string, VersionScheme>> = {
  alpine: 'alpine',
  cran: 'cran',
  debian: 'debian',
  generic: 'generic',
  hackage: 'hackage',
  maven: 'maven',
  nuget: 'nuget',
  packagist: 'packagist',
  pub: 'pub',
  pypi: 'pypi',
  redhat: 'rpm',
  rubygems: 'rubygems',
  semver: 'semver',
};

const SIGNS = { '<': -1, '=': 0, '>': 1 } as const;
const LINE = /^(?<first>.+?)\s+(?<sign>[<=>])\s+(?<second>.+)$/;

export const suite: Suite = {
  title: 'Pairs of versions in order',
  *run(folder) {
    for (const file of readdirSync(folder)
      .filter((name) => name.endsWith('.txt'))
      .sort()) {
      const scheme = SCHEMES[file.split('-')[0] ?? ''];
      if (scheme === undefined) yield { id: file, outcome: 'unsupported', reason: 'no scheme of that name' };
      else yield* judgeLines(file, scheme, readFileSync(join(folder, file), 'utf8').split('\n'));
    }
  },
};

function* judgeLines(file: string, scheme: VersionScheme, lines: readonly string[]): Iterable<SuiteCase> {
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith('//')) continue;
    yield { id: `${file}:${index + 1}`, ...judgePair(scheme, line) };
  }
}

/** @param line `1.0 < 1.1` */
export function judgePair(scheme: VersionScheme, line: string): Omit<SuiteCase, 'id'> {
  const { first = '', sign = '', second = '' } = LINE.exec(line)?.groups ?? {};
  if (sign === '') return { outcome: 'failed', reason: `not a pair: ${line}`, cause: 'not a pair' };
  const expected = SIGNS[sign as keyof typeof SIGNS];
  const found = compareVersions(scheme, first, second);
  const back = compareVersions(scheme, second, first);
  if (found === expected && back === (expected === 0 ? 0 : -expected)) return { outcome: 'passed', reason: line };
  return { outcome: 'failed', reason: `${line}, found ${found} and back ${back}`, cause: `${scheme}: ${line}` };
}
