import { describe, expect, it } from 'vitest';
import { matchTriggers, type Situation } from './match.ts';

const INCIDENT: Situation = {
  subject: 'incident',
  severity: 'high',
  techniques: ['T1021.001', 'T1486'],
  stages: ['lateral-movement', 'impact'],
  assetKinds: ['workstation'],
  safetyClasses: ['none'],
  zones: ['office'],
  titles: ['Shadow copies are deleted'],
  isKnownExploited: false,
  hasFix: false,
};

describe('A trigger', () => {
  it('fits when everything it states fits, one of each list being enough', () => {
    const match = matchTriggers(
      [{ subject: 'incident', techniques: ['T1021', 'T1490'], stages: ['lateral-movement'] }],
      INCIDENT,
    );
    expect(match?.reasons).toEqual(['technique T1021', 'the stage lateral-movement']);
    expect(matchTriggers([{ subject: 'incident', techniques: ['T1021'], zones: ['guest'] }], INCIDENT)).toBeUndefined();
    expect(matchTriggers([{ subject: 'weakness' }], INCIDENT)).toBeUndefined();
  });

  it('takes a sub-technique for its technique, not the other way round', () => {
    expect(matchTriggers([{ subject: 'incident', techniques: ['T1021'] }], INCIDENT)).toBeDefined();
    expect(matchTriggers([{ subject: 'incident', techniques: ['T1486.001'] }], INCIDENT)).toBeUndefined();
    expect(matchTriggers([{ subject: 'incident', techniques: ['T102'] }], INCIDENT)).toBeUndefined();
  });

  it('is the more specific, the more exactly it speaks of what happened', () => {
    const specificity = (trigger: object) =>
      matchTriggers([{ subject: 'incident', ...trigger }], INCIDENT)?.specificity ?? -1;
    expect(specificity({ techniques: ['T1486'] })).toBeGreaterThan(specificity({ stages: ['impact'] }));
    expect(specificity({ techniques: ['T1486', 'T1021'] })).toBeGreaterThan(specificity({ techniques: ['T1486'] }));
    expect(specificity({})).toBe(0);
  });

  it('asks for a severity, for exploitation and for a fix', () => {
    expect(matchTriggers([{ subject: 'incident', least_severity: 'critical' }], INCIDENT)).toBeUndefined();
    expect(matchTriggers([{ subject: 'incident', least_severity: 'medium' }], INCIDENT)?.reasons).toEqual([
      'severity high',
    ]);
    expect(matchTriggers([{ subject: 'incident', is_known_exploited: true }], INCIDENT)).toBeUndefined();
    expect(matchTriggers([{ subject: 'incident', has_fix: false }], INCIDENT)?.reasons).toEqual([
      'not: there is a fix',
    ]);
  });
});
