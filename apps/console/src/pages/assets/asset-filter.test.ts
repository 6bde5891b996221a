import { describe, expect, it } from 'vitest';
import { DEFAULT_COLUMNS } from './asset-columns.ts';
import { apiQueryOf, isNarrowed, nextSort, readFilter, writeFilter } from './asset-filter.ts';

describe('the filter of the asset list', () => {
  it('gives the same list again when its address is opened elsewhere', () => {
    const address =
      'search=siemens&kind=ct-scanner&zone=imaging&class=diagnosis&new=true&sort=-lastSeen&columns=name%2Czone';
    expect(writeFilter(readFilter(new URLSearchParams(address))).toString()).toBe(address);
  });

  it('leaves the address empty when everything is as usual', () => {
    expect(writeFilter(readFilter(new URLSearchParams())).toString()).toBe('');
  });

  it('ignores columns and orders that do not exist', () => {
    const filter = readFilter(new URLSearchParams('columns=nonsense&sort=password'));
    expect(filter.columns).toEqual(DEFAULT_COLUMNS);
    expect(filter.sort).toBe('name');
  });

  it('asks the API only for what narrows the list', () => {
    expect(apiQueryOf(readFilter(new URLSearchParams('class=therapy')))).toEqual({
      patientSafetyClass: 'therapy',
      sort: 'name',
    });
  });

  it('knows whether something narrows the list', () => {
    expect(isNarrowed(readFilter(new URLSearchParams('sort=-name')))).toBe(false);
    expect(isNarrowed(readFilter(new URLSearchParams('new=true')))).toBe(true);
  });

  it('turns the order round at the second click', () => {
    expect(nextSort('name', 'zone')).toBe('zone');
    expect(nextSort('zone', 'zone')).toBe('-zone');
    expect(nextSort('-zone', 'zone')).toBe('zone');
  });
});
