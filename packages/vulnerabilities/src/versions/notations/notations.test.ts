import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeRange, isInRange } from '../range.ts';
import { readOsvRange } from './osv-events.ts';
import { type RangeSyntax, readPackageRange } from './package-ranges.ts';
import { schemeByName } from './schemes-by-name.ts';
import { readVers } from './vers.ts';
import { readRangeText } from './words.ts';

const told = (text: string) => describeRange(readRangeText(text));

describe('a range in words', () => {
  it.each([
    ['all versions', 'all versions'],
    ['Any version', 'all versions'],
    ['prior to 2.1', 'before 2.1'],
    ['All versions prior to v3.2', 'before 3.2'],
    ['Firmware versions earlier than 1.2', 'before 1.2'],
    ['v1.2 and earlier', 'up to and with 1.2'],
    ['Version 2.1 and prior versions', 'up to and with 2.1'],
    ['up to and including 4.5', 'up to and with 4.5'],
    ['2.x and earlier', 'before 3'],
    ['3.0 and later', 'from 3.0'],
    ['2.0 through 2.4 SP1', 'from 2.0, up to and with 2.4 SP1'],
    ['VB10A through VB20B', 'from VB10A, up to and with VB20B'],
    ['1.0.0 - 1.4.2', 'from 1.0.0, up to and with 1.4.2'],
    ['from 2.0 before 2.4', 'from 2.0, before 2.4'],
    ['7.0 prior to 7.0.4', 'from 7.0, before 7.0.4'],
    ['2.1.x', 'from 2.1, before 2.2'],
    ['version 2.1', 'exactly 2.1'],
    ['1.0, 1.1, and 1.2', 'exactly 1.0, or exactly 1.1, or exactly 1.2'],
    ['all versions prior to 2.0 and versions 3.0 through 3.4', 'before 2.0, or from 3.0, up to and with 3.4'],
    ['< V2.0 SP1', 'before 2.0 SP1'],
    ['≤ 2.4', 'up to and with 2.4'],
    ['>= 1.0, < 3', 'from 1.0, before 3'],
    ['>=1.0|<1.4', 'from 1.0, before 1.4'],
    ['<= 12.2.x', 'before 12.3'],
  ])('"%s" is %s', (text, expected) => expect(told(text)).toBe(expected));

  it.each([
    '',
    'some units made in May',
    'distributed < april 1, 2018',
    'Windows 10',
    '<= U61 | <= L81',
    'all versions of the pump',
    'prior to the upgrade',
    '2.1 and its successors',
  ])('"%s" is not guessed at', (text) => {
    expect(readRangeText(text).unclear).toBe(text);
    expect(isInRange(readRangeText(text), '1.0').isIn).toBe('unknown');
  });
});

describe('VERS', () => {
  it.each([
    ['vers:npm/1.2.3|>=2.0.0|<5.0.0', 'from 2.0.0, before 5.0.0, or exactly 1.2.3'],
    ['vers:pypi/0.0.0|0.0.1|>=0.0.3|<=0.0.5', 'from 0.0.3, up to and with 0.0.5, or exactly 0.0.0, or exactly 0.0.1'],
    ['vers:deb/<1.0|>=2.0|<2.5|>=3.0', 'before 1.0, or from 2.0, before 2.5, or from 3.0'],
    ['vers:golang/!=1.2.3', 'before 1.2.3, or after 1.2.3'],
    ['vers:deb/<1%3A2.0', 'before 1:2.0'],
    ['vers:all/*', 'all versions'],
    ['vers:none/*', 'no version'],
    ['vers:rpm/ <2.0 | >=1.0 ', 'from 1.0, before 2.0'],
  ])('%s is %s', (text, expected) =>
    expect(describeRange(readVers(text) ?? { scheme: 'generic', intervals: [] })).toBe(expected),
  );

  it('tells the scheme, and what breaks its rules', () => {
    expect(readVers('vers:deb/<1.0')?.scheme).toBe('debian');
    expect(readVers('vers:npm/1.*')?.unclear).toBe('vers:npm/1.*');
    expect(readVers('vers:npm/%ff')?.unclear).toBe('vers:npm/%ff');
    expect(readVers('<1.0')).toBeUndefined();
  });
});

describe('a range of a package manager', () => {
  it.each<[RangeSyntax, string, string]>([
    ['npm', '^1.2.3', 'from 1.2.3, before 2'],
    ['npm', '^0.2.3', 'from 0.2.3, before 0.3'],
    ['npm', '~1.2', 'from 1.2, before 1.3'],
    ['npm', '1.2 - 2.3', 'from 1.2, before 2.4'],
    ['npm', '>=1.0.0 <2.0.0 || 3.x', 'from 1.0.0, before 2.0.0, or from 3, before 4'],
    ['npm', '>1.2', 'from 1.3'],
    ['cargo', '1.2', 'from 1.2, before 2'],
    ['cargo', '>=1.2.3, <2', 'from 1.2.3, before 2'],
    ['composer', '^1.0|^2.0', 'from 1.0, before 2, or from 2.0, before 3'],
    ['composer', '~1.2', 'from 1.2, before 2'],
    ['gem', '~> 2.2.1', 'from 2.2.1, before 2.3'],
    ['pypi', '~=1.4.2', 'from 1.4.2, before 1.5'],
    ['pypi', '==1.4.*,!=1.4.3', 'from 1.4, before 1.4.3, or after 1.4.3, before 1.5'],
    ['maven', '[1.0,2.0),[3.0]', 'from 1.0, before 2.0, or exactly 3.0'],
    ['maven', '(,1.0]', 'up to and with 1.0'],
    ['nuget', '1.0', 'from 1.0'],
    ['npm', '>2 <1', 'no version'],
    ['npm', 'latest', '"latest"'],
    ['maven', '[1.0,2.0', '"[1.0,2.0"'],
  ])('of %s: %s is %s', (syntax, text, expected) => {
    expect(describeRange(readPackageRange(syntax, text))).toBe(expected);
  });
});

describe('a range of OSV', () => {
  it('is opened and closed by its events, in whatever order', () => {
    const events = [
      { fixed: '1.0.2' },
      { introduced: '3.0' },
      { introduced: '0' },
      { last_affected: '3.1' },
      { introduced: '4' },
    ];
    const range = readOsvRange('ECOSYSTEM', 'Debian:12', events);
    expect(range.scheme).toBe('debian');
    expect(describeRange(range)).toBe('before 1.0.2, or from 3.0, up to and with 3.1, or from 4');
    expect(describeRange(readOsvRange('SEMVER', 'Go', [{ introduced: '0' }, { limit: '*' }]))).toBe('all versions');
  });

  it('of commits is of no versions', () => {
    expect(readOsvRange('GIT', 'Go', [{ introduced: '0' }]).unclear).toBe('commits, no versions');
  });
});

describe('names of ecosystems', () => {
  it('lead to a scheme, unknown ones to the generic one', () => {
    expect(['npm', 'Debian:12', 'crates.io', 'Red Hat:rhel', 'custom', 'constructor'].map(schemeByName)).toEqual([
      'semver',
      'debian',
      'semver',
      'rpm',
      'generic',
      'generic',
    ]);
  });
});

describe('hostile ranges', () => {
  const piece = fc.constantFrom(
    '1',
    '.',
    '0',
    ' ',
    '-',
    ',',
    '|',
    '<',
    '>',
    '=',
    '^',
    '~',
    '*',
    'x',
    'v',
    '[',
    ')',
    'and ',
    'to ',
    'prior to ',
    '%',
    'vers:npm/',
    'sp ',
    '–',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
  );

  it('are read or left, never thrown at', () => {
    fc.assert(
      fc.property(
        text,
        text,
        fc.constantFrom<RangeSyntax>('npm', 'cargo', 'composer', 'gem', 'pypi', 'maven', 'nuget'),
        (one, other, syntax) => {
          for (const range of [
            readRangeText(one),
            readPackageRange(syntax, one),
            readOsvRange('ECOSYSTEM', one, [{ introduced: one }, { fixed: other }]),
          ]) {
            expect(['yes', 'no', 'unknown']).toContain(isInRange(range, other).isIn);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ' ',
    '[ ',
    '1 ',
    '1.',
    '1 sp 1',
    '1 build . 1',
    ' (rev 1',
    'prior to 1 ',
    '<1,',
    '1 - ',
    '1 and ',
    'a',
    '[1,2],',
    '^1 ',
    '1|',
  ])('made of "%s" are short work', (part) => {
    for (const length of [900, 1e6]) {
      const long = part.repeat(length / part.length);
      expect(readRangeText(long).intervals.length).toBeLessThanOrEqual(900);
      expect(readPackageRange('npm', long).intervals.length).toBeLessThanOrEqual(900);
      expect(readPackageRange('maven', long).intervals.length).toBeLessThanOrEqual(900);
    }
  });
});
