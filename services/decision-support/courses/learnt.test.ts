import type { Effects } from '@sphinx/playbooks';
import { describe, expect, it } from 'vitest';
import { learn, type Outcome } from './learnt.ts';

const STATED: Effects = {
  risk_reduction: [0.4, 0.8],
  minutes_to_effect: [5, 10],
  work_hours: [1, 2],
  interference: 'restricted',
  care_effect: 'Hardly anything.',
  reversibility: 'at-once',
  basis: 'test',
  confidence: 0.6,
};
const times = (count: number, result: Outcome['result'], care: Outcome['care'] = 'as-expected') =>
  Array.from({ length: count }, () => ({ result, care }));

describe('What outcomes teach', () => {
  it('leaves the judgement as it is while nothing happened', () => {
    expect(learn(STATED, [])).toMatchObject({
      cases: 0,
      riskReduction: [expect.closeTo(0.4), expect.closeTo(0.8)],
      confidence: 0.6,
      careShift: 0,
    });
  });

  it('raises and lowers what is expected, and narrows the range', () => {
    const [worked, failed] = [learn(STATED, times(6, 'worked')), learn(STATED, times(6, 'failed'))];
    const middle = ([low, high]: readonly [number, number]) => (low + high) / 2;
    expect(middle(worked.riskReduction)).toBeGreaterThan(0.6);
    expect(middle(failed.riskReduction)).toBeLessThan(0.35);
    expect(worked.riskReduction[1] - worked.riskReduction[0]).toBeLessThan(0.3);
    expect(worked.confidence).toBeGreaterThan(0.6);
    expect(worked).toMatchObject({ cases: 6, worked: 6 });
  });

  it('does not let one case speak for all', () => {
    expect(learn(STATED, times(1, 'failed')).riskReduction[1]).toBeGreaterThan(0.6);
  });

  it('expects more disturbance of care where there was more', () => {
    expect(learn(STATED, times(4, 'worked', 'more')).careShift).toBeGreaterThan(0.1);
    expect(learn(STATED, times(4, 'worked', 'less')).careShift).toBeLessThan(0);
  });
});
