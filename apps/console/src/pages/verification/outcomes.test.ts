import { describe, expect, it } from 'vitest';
import { countOutcomes, OUTCOME_ORDER, readOutcome } from './outcomes.ts';

describe('results of checks', () => {
  it('are counted by outcome, with zero for those that did not occur', () => {
    expect(countOutcomes([{ outcome: 'pass' }, { outcome: 'fail' }, { outcome: 'pass' }])).toEqual({
      fail: 1,
      pass: 2,
      'not-observed': 0,
      'not-applicable': 0,
    });
  });

  it('show what failed first', () => {
    expect(OUTCOME_ORDER[0]).toBe('fail');
  });

  it('are not chosen by an address that names no outcome', () => {
    expect(readOutcome('nonsense')).toBeUndefined();
    expect(readOutcome('not-observed')).toBe('not-observed');
  });
});
