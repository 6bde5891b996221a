import { describe, expect, it } from 'vitest';
import { sharedData } from '../../tests/shared-data.ts';
import type { SuiteCase } from '../suite.ts';
import { suite } from './recog.ts';

const FOLDER = sharedData('recog');

describe.skipIf(FOLDER === undefined)("recog's databases (skipped where shared/data/recog is absent)", () => {
  it('are read whole, and every example is recognised as its file says', async () => {
    const cases: SuiteCase[] = [];
    for await (const one of suite.run(FOLDER ?? '')) cases.push(one);
    expect(cases.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(cases.length).toBeGreaterThan(7000);
  });
});
