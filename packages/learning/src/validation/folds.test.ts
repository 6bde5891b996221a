import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shiftedFolds } from '../model/blend/shifted-folds.ts';
import { blockFolds, groupedFolds, partsOf, stratifiedFolds } from './folds.ts';

const TYPES = ['normal', 'flood', 'scan', 'sweep', 'guess', 'steal'];
const KIND_OF: Record<string, string> = { flood: 'dos', scan: 'probe', sweep: 'probe', guess: 'r2l', steal: 'r2l' };

describe('Folds', () => {
  it('keep the share of each class (stratified)', () => {
    const classes = Array.from({ length: 100 }, (_, row) => (row < 20 ? 1 : 0));
    const folds = stratifiedFolds(classes, 5, 1);
    for (let fold = 0; fold < 5; fold++) {
      const { testing } = partsOf(folds, fold);
      expect(testing.length).toBe(20);
      expect(testing.filter((row) => classes[row] === 1).length).toBe(4);
    }
  });

  it('never part a group, and ask every row once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }), fc.integer(), (groups, seed) => {
        const folds = groupedFolds(groups, 3, seed);
        const asked = [0, 1, 2].flatMap((fold) => Array.from(partsOf(folds, fold).testing));
        expect(asked.sort((a, b) => a - b)).toEqual(groups.map((_, row) => row));
        for (const [row, group] of groups.entries()) expect(folds[row]).toBe(folds[groups.indexOf(group)]);
      }),
    );
  });

  it('keep rows that follow each other together (blocks)', () => {
    const folds = blockFolds(100, 10, 4, 7);
    for (let row = 0; row < 100; row++) expect(folds[row]).toBe(folds[Math.floor(row / 10) * 10]);
  });

  it('ask for attacks of which nothing was learnt, weighted as the future is imagined', () => {
    const types = Array.from({ length: 600 }, (_, row) => TYPES[row % TYPES.length] ?? '');
    const kinds = types.map((type) => KIND_OF[type] ?? 'normal');
    for (const fold of shiftedFolds(types, kinds, { attackShare: 0.6, unseenShare: 0.5 }, 6, 1)) {
      expect(fold.unseen.size).toBeGreaterThan(0);
      for (const row of fold.training) expect(fold.unseen.has(types[row] ?? '')).toBe(false);
      const learnt = new Set(fold.training);
      expect(fold.testing.some((row) => learnt.has(row))).toBe(false);
      const weightOf = (wanted: (type: string) => boolean) =>
        fold.weights.filter((_, at) => wanted(types[fold.testing[at] ?? 0] ?? '')).reduce((sum, each) => sum + each, 0);
      expect(weightOf((type) => type === 'normal')).toBeCloseTo(0.4, 6);
      expect(weightOf((type) => fold.unseen.has(type))).toBeCloseTo(0.3, 6);
    }
  });

  it('keep whole kinds of attacks and a slice of normal rows from learning where the future is known to be different', () => {
    const types = Array.from({ length: 600 }, (_, row) => TYPES[row % TYPES.length] ?? '');
    const kinds = types.map((type) => KIND_OF[type] ?? 'normal');
    const [first = '', second = ''] = [...new Set(kinds.filter((kind) => kind !== 'normal'))].sort();
    const mix = { seen: { [first]: 0.9, [second]: 0.1 }, unseen: { [first]: 0.2, [second]: 0.8 } };
    const expectation = { attackShare: 0.6, unseenShare: 0.5, mix, shiftedNormalShare: 0.25 };
    const along = Array.from({ length: 4 }, () => Float64Array.from(types, (_, row) => row));
    for (const [at, fold] of shiftedFolds(types, kinds, expectation, 4, 1, along).entries()) {
      const learnt = new Set(fold.training);
      expect(fold.testing.some((row) => learnt.has(row))).toBe(false);
      const weightOf = (wanted: (row: number) => boolean) =>
        fold.weights.filter((_, place) => wanted(fold.testing[place] ?? 0)).reduce((sum, each) => sum + each, 0);
      const isUnseen = (row: number) => fold.unseen.has(types[row] ?? '');
      expect(weightOf((row) => types[row] === 'normal')).toBeCloseTo(0.4, 6);
      const parts = fold.testing.some((row) => isUnseen(row) && kinds[row] === first) ? 0.8 : 1;
      expect(weightOf((row) => isUnseen(row) && kinds[row] === second)).toBeCloseTo(0.6 * 0.5 * parts, 6);
      if (at !== 1) expect(Array.from(learnt).some((row) => kinds[row] === second)).toBe(false);
    }
  });
});
