import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreCvss } from './cvss.ts';
import { formatCvssVector, parseCvssVector } from './cvss-vector.ts';
import { type AssetContext, applyContext } from './environment.ts';

const UNKNOWN: AssetContext = { safetyClass: undefined, exposure: undefined, hasPatientData: undefined };

describe('scores of a CVSS vector', () => {
  it.each([
    // Examples of the specifications and of FIRST's calculators.
    ['AV:N/AC:L/Au:N/C:N/I:N/A:C', 7.8, 7.8, 7.8, 'high'],
    ['AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C', 7.8, 6.4, 6.4, 'medium'],
    ['AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H', 7.8, 6.4, 9.2, 'high'],
    ['(AV:N/AC:L/Au:S/C:C/I:C/A:C/E:F/RL:U/RC:C)', 9, 8.6, 8.6, 'high'],
    ['CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8, 9.8, 9.8, 'critical'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0, 0, 0, 'none'],
    ['CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:H/I:H/A:H', 9, 9, 9.1, 'critical'],
    ['CVSS:3.1/AV:L/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N/E:U/RL:O/RC:U/MAV:P', 4.6, 3.7, 2.9, 'low'],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', 10, 10, 10, 'critical'],
    ['CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:P', 7.3, 5.9, 5.9, 'medium'],
  ])('%s', (vector, base, temporal, environmental, severity) => {
    expect(scoreCvss(vector)).toMatchObject({ base, temporal, environmental, severity });
  });

  it.each([
    '',
    'AV:N',
    'AV:N/AC:L/Au:N/C:N/I:N/A:C/AV:N',
    'AV:X/AC:L/Au:N/C:N/I:N/A:C',
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H',
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/XX:Y',
    'CVSS:5.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:S/SA:H',
  ])('"%s" are not made up', (vector) => expect(scoreCvss(vector)).toBeUndefined());

  it('of hostile text are none, at once', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(scoreCvss(text)).toBeUndefined();
      }),
    );
    expect(scoreCvss(`CVSS:4.0/${'AV:N/'.repeat(1e6)}`)).toBeUndefined();
  });
});

describe('a device', () => {
  const apply = (vector: string, context: Partial<AssetContext>) => {
    const parsed = parseCvssVector(vector);
    if (parsed === undefined) throw new Error(vector);
    return formatCvssVector(applyContext(parsed, { ...UNKNOWN, ...context }));
  };
  const base = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:L';

  it('of which nothing is known leaves a vector as it is', () => expect(apply(base, {})).toBe(base));

  it('that keeps a patient alive raises what integrity and availability count', () => {
    const raised = apply(base, { safetyClass: 'life-sustaining' });
    expect(raised).toBe(`${base}/IR:H/AR:H`);
    expect(scoreCvss(raised)?.environmental).toBeGreaterThan(scoreCvss(base)?.environmental ?? 10);
  });

  it('that is shut off is not attacked from afar, and never more easily than published', () => {
    expect(apply(base, { exposure: 'isolated' })).toBe(`${base}/MAV:L`);
    expect(apply(base.replace('AV:N', 'AV:P'), { exposure: 'restricted' })).not.toContain('MAV');
    expect(apply(base, { exposure: 'internet' })).toBe(base);
  });

  it('that can hurt a patient has safety impacts in version 4', () => {
    const vector = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:H/SC:N/SI:N/SA:N';
    const safe = apply(vector, { safetyClass: 'therapy', hasPatientData: true });
    expect(safe).toBe(`${vector}/CR:H/IR:H/AR:H/MSI:S/MSA:S`);
    expect(scoreCvss(safe)?.environmental).toBeGreaterThan(scoreCvss(vector)?.environmental ?? 10);
  });

  it('does not overrule what the vector says of its environment', () => {
    expect(apply(`${base}/AR:L`, { safetyClass: 'life-sustaining' })).toBe(`${base}/IR:H/AR:L`);
  });
});
