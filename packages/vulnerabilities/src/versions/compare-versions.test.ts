import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VersionScheme } from '../advisory.ts';
import { compareVersions, isReadableVersion, VERSION_SCHEMES } from './compare-versions.ts';

/** Versions from old to new, from the schemes' specifications. */
const IN_ORDER: Readonly<Record<VersionScheme, readonly string[]>> = {
  alpine: [
    '1.2_alpha',
    '1.2_alpha3',
    '1.2_rc1',
    '1.2',
    '1.2-r0',
    '1.2-r10',
    '1.2_p1',
    '1.2a',
    '1.2.03',
    '1.2.1',
    '1.10',
  ],
  cran: ['0.9', '0.75', '1.0', '1.0-0', '1.0-1', '1.1'],
  debian: ['1.0~~', '1.0~~a', '1.0~', '1.0', '1.0-1', '1.0a', '1.0+b', '1.10', '1:0.1'],
  generic: ['2.0 beta 1', '2.0 RC2', '2.0', '2.0a', '2.0 SP1', '2.0 SP10', '2.0.1', '2.4', '2.10', '10.0.19045.3803'],
  hackage: ['1', '1.0', '1.0.0', '1.0.1', '1.10'],
  maven: [
    '1-alpha',
    '1-alpha1',
    '1-beta-1',
    '1-milestone',
    '1-rc1',
    '1-SNAPSHOT',
    '1',
    '1-sp',
    '1-xyz',
    '1-1',
    '1.1',
    '1.10',
  ],
  nuget: ['1.0.0-alpha', '1.0.0-BETA.2', '1.0.0-beta.11', '1.0', '1.0.0.1-rc', '1.0.0.1', '1.10'],
  packagist: ['1.0foo', '1.0-dev', '1.0a1', '1.0-beta2', '1.0RC1', '1.0', '1.0.1', '1.0pl1', '1.10'],
  pub: ['1.0.0-pre', '1.0.0-pre+build', '1.0.0', '1.0.0+1', '1.0.0+a', '1.0.1'],
  pypi: [
    '0.9-legacy',
    '1.dev0',
    '1.0a0.dev1',
    '1.0a1',
    '1.0b2.post1',
    '1.0rc1',
    '1.0',
    '1.0+abc',
    '1.0+5',
    '1.0.post1',
    '1.1',
    '1!0.1',
  ],
  rpm: ['1.0~rc1', '1.0~rc1^git1', '1.0', '1.0-1', '1.0^git1', '1.0a', '1.0.1', '1.10', '1:0.1'],
  rubygems: ['1.0.a.2', '1.0.b1', '1.0', '1.0.1.rc1', '1.0.1', '1.10'],
  semver: [
    '1.0.0-0',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0',
    '1.10.0',
  ],
};

const SAME: readonly (readonly [VersionScheme, string, string])[] = [
  ['debian', '0:1.0-0', '1.0'],
  ['rpm', '1.0001', '1_1'],
  ['alpine', '1-r1', '1-r01'],
  ['maven', '1.0-ga', '1'],
  ['maven', '1a1', '1-alpha-1'],
  ['pypi', '1.0-ALPHA_1', '1a1'],
  ['pypi', '1.0-1', '1.0.post1'],
  ['nuget', '1.0.0-BETA', '1-beta+x'],
  ['semver', 'v1.2', '1.2.0+build'],
  ['rubygems', '1.0.a2', '1.a.2.0'],
  ['generic', 'Version 2.4 Service Pack 1', 'v2.4.0 SP1'],
];

describe('the order of versions', () => {
  it.each(VERSION_SCHEMES)('is the one that %s specifies', (scheme) => {
    const versions = IN_ORDER[scheme];
    for (const [i, older] of versions.entries()) {
      for (const newer of versions.slice(i + 1)) {
        expect(compareVersions(scheme, older, newer), `${older} < ${newer}`).toBe(-1);
        expect(compareVersions(scheme, newer, older), `${newer} > ${older}`).toBe(1);
      }
    }
  });

  it.each(SAME)('takes in %s "%s" for "%s"', (scheme, first, second) => {
    expect(compareVersions(scheme, first, second)).toBe(0);
    expect(compareVersions(scheme, second, first)).toBe(0);
  });

  it('follows vendors who count letters and releases', () => {
    expect(compareVersions('generic', 'VB10B', 'VB20A')).toBe(-1);
    expect(compareVersions('generic', 'A.01.12', 'B.01.02')).toBe(-1);
    expect(compareVersions('generic', '1.0.2k', '1.0.2zd')).toBe(-1);
    expect(compareVersions('generic', '2.4 build 100', '2.4 build 99')).toBe(1);
  });

  it('tells what is no version of a scheme', () => {
    expect(isReadableVersion('semver', 'latest')).toBe(false);
    expect(isReadableVersion('pypi', '1.0-bulbasaur')).toBe(false);
    expect(isReadableVersion('debian', '1:2.0-3+deb11u1')).toBe(true);
    expect(isReadableVersion('generic', 'unknown')).toBe(false);
  });
});

const HOSTILE = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('0', '1', '9', '.', '-', '_', '+', '~', '^', ':', '!', 'a', 'r', 'z', 'A', ' '),
    maxLength: 9,
  }),
);
const WORDS = [
  'alpha',
  'a',
  'beta',
  'rc',
  'RC',
  'sp',
  'dev',
  'post',
  'final',
  'pre',
  'p',
  'patch',
  'x',
  '_p',
  '_rc',
  '-r',
  'SNAPSHOT',
];
const LIKELY = fc
  .array(fc.tuple(fc.constantFrom('', '.', '-', '_', '+', '~'), fc.constantFrom('0', '1', '02', '10', ...WORDS)), {
    maxLength: 5,
  })
  .map((parts) => `1${parts.flat().join('')}`);

/** The circles that Maven and PHP specify themselves are left out: a word at the beginning or after a dot, `#`. */
function withoutCircles(scheme: VersionScheme, version: string): string {
  if (scheme === 'packagist') return version.replaceAll('#', '');
  return scheme === 'maven' ? `1-${version}`.replaceAll(/\.(?!\d)/g, '-') : version;
}

describe.each(VERSION_SCHEMES)('versions of %s', (scheme) => {
  const version = fc.oneof(LIKELY, HOSTILE).map((text) => withoutCircles(scheme, text));

  it('are as they are themselves, and turn round', () => {
    fc.assert(
      fc.property(version, version, (first, second) => {
        expect(compareVersions(scheme, first, first.slice(0))).toBe(0);
        expect(compareVersions(scheme, first, second) + compareVersions(scheme, second, first)).toBe(0);
      }),
      { numRuns: 400 },
    );
  });

  it('make a chain', () => {
    fc.assert(
      fc.property(version, version, version, (...three) => {
        const [old, middle, late] = three.sort((first, second) => compareVersions(scheme, first, second));
        expect(compareVersions(scheme, old ?? '', middle ?? '')).toBeLessThanOrEqual(0);
        expect(compareVersions(scheme, middle ?? '', late ?? '')).toBeLessThanOrEqual(0);
        expect(compareVersions(scheme, old ?? '', late ?? ''), JSON.stringify(three)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 1500 },
    );
  });

  it('that are hostile are put somewhere, at once', () => {
    for (const text of ['9'.repeat(1e6), '-'.repeat(1e6), '1.'.repeat(5e5), 'a1'.repeat(5e5), '~'.repeat(1e6)]) {
      expect(compareVersions(scheme, text, '1')).toBe(-compareVersions(scheme, '1', text) || 0);
      expect(isReadableVersion(scheme, text)).toBe(false);
    }
  });
});
