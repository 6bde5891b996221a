import { describe, expect, it } from 'vitest';
import { sharedData } from '../../tests/shared-data.ts';
import type { SuiteCase } from '../suite.ts';
import { suite } from './match-labels.ts';

const FOLDER = sharedData('match-labels');
const SOURCE = sharedData('cve5');

describe.skipIf(FOLDER === undefined || SOURCE === undefined)(
  'human judgements of packages (skipped where shared/data/match-labels or cve5 is absent)',
  () => {
    it('are met with few false alarms, and where the source tells of the version nearly all are found', async () => {
      const cases: SuiteCase[] = [];
      for await (const one of suite.run(FOLDER ?? '')) cases.push(one);
      const told = suite.notes?.().find((note) => note.includes('the version, too'));
      const [precision, recall] = [...(told?.matchAll(/\d\.\d+/g) ?? [])].map(([figure]) => Number(figure));
      expect(cases.length).toBeGreaterThan(12_000);
      expect(precision).toBeGreaterThan(0.95);
      expect(recall).toBeGreaterThan(0.95);
    });
  },
);
