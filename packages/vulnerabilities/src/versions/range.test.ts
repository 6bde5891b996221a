import { describe, expect, it } from 'vitest';
import type { VersionInterval, VersionRange } from '../advisory.ts';
import { describeRange, isInRange } from './range.ts';

const from = (version: string, isInclusive = true) => ({ from: { version, isInclusive } });
const to = (version: string, isInclusive = true) => ({ to: { version, isInclusive } });
const generic = (...intervals: VersionInterval[]): VersionRange => ({ scheme: 'generic', intervals });

describe('a version and a range', () => {
  it('in which it is, or is not, by its bounds', () => {
    const range = generic({ ...from('2.0'), ...to('2.4', false) }, { ...from('3.1'), ...to('3.1') });
    const judge = (version: string) => isInRange(range, version).isIn;
    expect(['1.9', '2', '2.3.9', '2.4 beta', '2.4', '3.1.0', '3.2'].map(judge)).toEqual([
      'no',
      'yes',
      'yes',
      'yes',
      'no',
      'yes',
      'no',
    ]);
    expect(isInRange(range, '2.5').reason).toBe('2.5 is not in from 2.0, before 2.4, or exactly 3.1');
  });

  it('is neither in nor out when it is not known', () => {
    for (const version of [undefined, '', ' ', 'unknown', 'N/A', '*', '-']) {
      expect(isInRange(generic(to('2.4')), version).isIn).toBe('unknown');
      expect(isInRange(generic({}), version).isIn).toBe('unknown');
      expect(isInRange(generic(), version).isIn).toBe('unknown');
    }
  });

  it('cannot be told where the scheme cannot read it, unless it is written as the bound is', () => {
    const range: VersionRange = { scheme: 'semver', intervals: [{ ...from('nightly'), ...to('nightly') }] };
    expect(isInRange(range, 'nightly').isIn).toBe('yes');
    expect(isInRange(range, '1.0.0')).toMatchObject({ isIn: 'unknown', reason: expect.stringContaining('nightly') });
    expect(isInRange({ scheme: 'semver', intervals: [to('1.0.0')] }, 'nightly').isIn).toBe('unknown');
    expect(isInRange({ scheme: 'semver', intervals: [{}] }, 'nightly').isIn).toBe('yes');
  });

  it('cannot be told where the range is in words that were not understood', () => {
    const verdict = isInRange({ ...generic(), unclear: 'some units made in May' }, '1.0');
    expect(verdict).toEqual({
      isIn: 'unknown',
      reason: 'the source gives the range in words: "some units made in May"',
    });
  });

  it('are compared in the form that Composer gives them', () => {
    const range: VersionRange = { scheme: 'packagist', intervals: [to('1.0')] };
    expect(isInRange(range, '1.0.0').isIn).toBe('yes');
    expect(isInRange(range, 'v1.0.0-beta1').isIn).toBe('yes');
    expect(isInRange(range, '1.0.1').isIn).toBe('no');
  });

  it('is told in words', () => {
    expect(describeRange(generic())).toBe('no version');
    expect(describeRange(generic({}))).toBe('all versions');
    expect(describeRange(generic(from('1', false), to('2')))).toBe('after 1, or up to and with 2');
  });
});
