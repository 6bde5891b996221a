import { describe, expect, it } from 'vitest';
import { apiQueryOf, changeFilter, isNarrowed, NO_FILTER, nextSort, readFilter } from './file-filter.ts';

const of = (text: string) => readFilter(new URLSearchParams(text));

describe('the filter of files in the address', () => {
  it('says what it was set to, and nothing about what it was not', () => {
    const set = {
      ...NO_FILTER,
      search: 'a&b',
      verdict: 'matched',
      isMismatch: true,
      span: 'day',
      sort: '-size',
    } as const;
    const address = changeFilter(new URLSearchParams('file=fil_1'), set);
    expect(readFilter(address)).toEqual(set);
    expect(address.get('file')).toBe('fil_1');
    expect(changeFilter(address, NO_FILTER).toString()).toBe('file=fil_1');
  });

  it('leaves out what it does not understand', () => {
    expect(of('verdict=evil&seen=ever&sort=colour&sha256=xyz&mismatch=maybe&activity=')).toEqual(NO_FILTER);
  });

  it('is the same question to the API for a minute', () => {
    const minute = 1_790_000_040_000;
    const anHourBefore = { from: minute - 3_600_000, isKept: 'true', sort: '-time' };
    expect(apiQueryOf(of('seen=hour&kept=true'), minute + 59_999)).toEqual(anHourBefore);
    expect(apiQueryOf(of('seen=hour&kept=true'), minute)).toEqual(anHourBefore);
  });

  it('narrows the list by anything but its order', () => {
    expect(isNarrowed(of('sort=size'))).toBe(false);
    for (const text of ['search=x', 'seen=week', 'mismatch=true', 'inFlow=flw_1', 'rule=EICAR_Test_File'])
      expect(isNarrowed(of(text)), text).toBe(true);
  });

  it('turns the order round with the second click', () => {
    expect(nextSort('-time', 'size')).toBe('size');
    expect(nextSort('size', 'size')).toBe('-size');
    expect(nextSort('-size', 'size')).toBe('size');
  });
});
