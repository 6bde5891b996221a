import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceCheck, type CheckState, changeShare, UNKNOWN_STATE } from './check-state.ts';

const RULES = { failuresToDown: 3, warningsToDegraded: 3, successesToUp: 2 };
const OUTCOMES = { g: 'good', w: 'warning', f: 'failed' } as const;

/** @param answers one letter each, a minute apart */
function after(answers: string, before: CheckState = UNKNOWN_STATE): CheckState {
  return [...answers].reduce((state, letter, index) => {
    const outcome = OUTCOMES[letter as keyof typeof OUTCOMES];
    return advanceCheck(state, { outcome, message: '', latencyMs: 1 }, (index + 1) * 60_000, RULES);
  }, before);
}

describe('The state of a check', () => {
  it('is up with the first good answer, and unknown until failures are enough to tell', () => {
    expect(after('g').state).toBe('up');
    expect(after('ff').state).toBe('unknown');
    expect(after('fff').state).toBe('down');
  });

  it('takes one failure for no outage, and one answer for no recovery', () => {
    expect(after('gff').state).toBe('up');
    expect(after('gfff')).toMatchObject({ state: 'down', since: 4 * 60_000 });
    expect(after('gfffg').state).toBe('down');
    expect(after('gfffgg')).toMatchObject({ state: 'up', since: 6 * 60_000 });
    expect(after('gffgff').state).toBe('up');
  });

  it('is degraded by warnings that go on, and comes back through them', () => {
    expect(after('gww').state).toBe('up');
    expect(after('gwww').state).toBe('degraded');
    expect(after('gwwwgg').state).toBe('up');
    expect(after('fffw').state).toBe('down');
    expect(after('fffww').state).toBe('degraded');
  });

  it('is degraded while it comes and goes, and settles when it is steady', () => {
    const flapping = after('gf'.repeat(11));
    expect(flapping).toMatchObject({ state: 'degraded', isFlapping: true });
    expect(after('g', flapping).isFlapping).toBe(true);
    expect(after('g'.repeat(20), flapping)).toMatchObject({ state: 'up', isFlapping: false });
    expect(after('f'.repeat(20), flapping)).toMatchObject({ state: 'down', isFlapping: false });
  });

  it('counts a new change for more than an old one', () => {
    expect(changeShare(`${'g'.repeat(20)}f`)).toBeGreaterThan(changeShare(`f${'g'.repeat(20)}`));
    expect(changeShare('gfgf')).toBe(0);
  });

  it('never changes twice without several answers of one kind in between', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('g', 'w', 'f'), { maxLength: 80 }), (letters) => {
        let state = UNKNOWN_STATE;
        for (const [index, letter] of letters.entries()) {
          const next = advanceCheck(state, { outcome: OUTCOMES[letter], message: '', latencyMs: null }, index, RULES);
          if (next.state === 'down' && !next.isFlapping && !state.isFlapping && state.state !== 'down')
            expect(next.recent.endsWith('fff')).toBe(true);
          if (state.state === 'down' && next.state === 'up' && !state.isFlapping)
            expect(next.recent.endsWith('gg')).toBe(true);
          expect(next.recent.length).toBeLessThanOrEqual(21);
          state = next;
        }
      }),
    );
  });
});
