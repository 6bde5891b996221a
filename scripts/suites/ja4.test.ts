import { describe, expect, it } from 'vitest';
import { sharedData } from '../../tests/shared-data.ts';
import type { SuiteCase } from '../suite.ts';
import { judge, suite } from './ja4.ts';

describe('a value that FoxIO expects', () => {
  it('passes only when the same one is found', () => {
    expect(judge('t13d', 't13d').outcome).toBe('passed');
    expect(judge('t13d', 't12d')).toMatchObject({ outcome: 'failed', cause: 'another value' });
    expect(judge('t13d', undefined)).toMatchObject({ outcome: 'failed', cause: 'SPHINX finds none' });
  });

  it('that is empty passes when none is found, and fails when one is', () => {
    expect(judge('', undefined).outcome).toBe('passed');
    expect(judge('', 't13d').outcome).toBe('failed');
  });
});

const FOLDER = sharedData('ja4');

describe.skipIf(FOLDER === undefined)('the captures of FoxIO (skipped where shared/data/ja4 is absent)', () => {
  it('show every JA4 and HASSH as FoxIO has it, inside tunnels too', async () => {
    const cases: SuiteCase[] = [];
    for await (const one of suite.run(FOLDER ?? '')) cases.push(one);
    expect(cases.filter(({ outcome }) => outcome === 'passed').length).toBeGreaterThan(180);
    expect(cases.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(cases.filter(({ outcome, id }) => outcome === 'unsupported' && / JA4\.?\d*$/.test(id))).toEqual([]);
  });
});
