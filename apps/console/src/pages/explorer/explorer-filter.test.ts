import { describe, expect, it } from 'vitest';
import { changeFilter, flowQuery, isNarrowed, NO_FILTER, readFilter, recordQuery } from './explorer-filter.ts';

describe('the filter of the traffic explorer', () => {
  it('gives the same traffic again when its address is opened elsewhere', () => {
    const filter = { ...NO_FILTER, address: '10.20.2.21', protocol: 'dicom', isUnanswered: true, from: 5, until: 9 };
    expect(readFilter(changeFilter(new URLSearchParams(), filter))).toEqual(filter);
  });

  it('changes nothing else in the address, and leaves out what is as usual', () => {
    const before = new URLSearchParams('view=flows&protocol=hl7');
    expect(changeFilter(before, { protocol: null, encryption: 'clear' }).toString()).toBe(
      'view=flows&encryption=clear',
    );
    expect(changeFilter(before, NO_FILTER).toString()).toBe('view=flows');
  });

  it('ignores what it does not understand', () => {
    expect(readFilter(new URLSearchParams('from=yesterday&encryption=perhaps&unanswered=1'))).toEqual(NO_FILTER);
  });

  it('asks about flows all that it says, and about records what records know', () => {
    const filter = { ...NO_FILTER, protocol: 'hl7', encryption: 'clear' as const, isUnanswered: true };
    expect(flowQuery(filter)).toEqual({ protocol: 'hl7', isEncrypted: false, state: 'one-way' });
    expect(recordQuery(filter)).toEqual({ protocol: 'hl7' });
    expect([isNarrowed(filter), isNarrowed(NO_FILTER)]).toEqual([true, false]);
  });
});
