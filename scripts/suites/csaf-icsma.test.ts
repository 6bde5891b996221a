import { describe, expect, it } from 'vitest';
import { sharedData } from '../../tests/shared-data.ts';
import type { SuiteCase } from '../suite.ts';
import { probesOf } from './csaf-icsma/probes.ts';
import { suite } from './csaf-icsma.ts';

const entry = (versions: string, isOne = false) => ({ name: 'Pump', versions, isOne });
const asked = (...texts: string[]) =>
  Object.fromEntries(probesOf(texts.map((text) => entry(text))).map(({ version, expected }) => [version, expected]));

describe('probe versions', () => {
  it('stand at and beside each bound', () => {
    expect(asked('< 8.2.2')).toEqual({
      unknown: 'unknown',
      '8.2.2': 'clean',
      '8.2.3': 'clean',
      '8.2.2.1': 'clean',
      '8.2.1': 'affected',
    });
    expect(asked('>= 4.01 | <= 4.34')).toMatchObject({
      '4.0': 'clean',
      '4.34': 'affected',
      '4.35': 'clean',
    });
  });

  it('ask nothing of versions outside where another entry is in words', () => {
    expect(asked('<= 2.0', 'before august')).toEqual({ unknown: 'unknown', '2.0': 'affected', '1.0': 'affected' });
  });
});

const FOLDER = sharedData('csaf-icsma');

describe.skipIf(FOLDER === undefined)('advisories of CISA (skipped where shared/data/csaf-icsma is absent)', () => {
  it('are judged version by version as they say, and their scores are those of their vectors', async () => {
    const cases: SuiteCase[] = [];
    for await (const one of suite.run(FOLDER ?? '')) cases.push(one);
    expect(cases.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(cases.length).toBeGreaterThan(2500);
  });
});
