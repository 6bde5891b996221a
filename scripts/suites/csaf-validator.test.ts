import { describe, expect, it } from 'vitest';
import { sharedData } from '../../tests/shared-data.ts';
import type { SuiteCase } from '../suite.ts';
import { judge, suite } from './csaf-validator.ts';

const result = (id: string, group: 'mandatory' | 'optional', problems: { where: string; what: string }[]) => ({
  id,
  title: id,
  group,
  problems,
  notRun: undefined,
});
const FAULT = [{ where: '/document', what: 'is bad' }];

describe('a document of the list', () => {
  it('passes when the named test complains exactly where it must', () => {
    const complaining = { isValid: false, results: [result('6.1.1', 'mandatory', FAULT)] };
    expect(judge(complaining, '6.1.1', false, true).outcome).toBe('passed');
    expect(judge(complaining, '6.1.1', true, false)).toMatchObject({ outcome: 'failed', cause: 'validity' });
  });

  it('fails when another test than the named one makes it invalid', () => {
    const other = { isValid: false, results: [result('6.1.1', 'mandatory', []), result('6.1.2', 'mandatory', FAULT)] };
    expect(judge(other, '6.1.1', false, true)).toMatchObject({ outcome: 'failed', cause: 'test 6.1.1' });
  });
});

const FOLDER = sharedData('csaf-validator');

describe.skipIf(FOLDER === undefined)(
  'the documents of OASIS (skipped where shared/data/csaf-validator is absent)',
  () => {
    it('are judged as OASIS lists them, but for two that break a mandatory test and are listed as valid', async () => {
      const cases: SuiteCase[] = [];
      for await (const one of suite.run(FOLDER ?? '')) cases.push(one);
      const failed = cases.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id.split('-2021-')[1]);
      // They hold two hashes of one algorithm for one file, which 6.1.25 forbids and 6-1-25-01 is listed as invalid for.
      expect(failed).toEqual(['6-2-08-02.json', '6-2-09-02.json']);
      expect(cases.filter(({ outcome }) => outcome === 'unsupported').every(({ id }) => /^6\.3\.[678] /.test(id))).toBe(
        true,
      );
      expect(cases.length).toBeGreaterThan(200);
    });
  },
);
