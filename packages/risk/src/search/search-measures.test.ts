import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchMeasures } from './search-measures.ts';

const always = () => true;
/** What each measure averts alone; together as if independent. */
function house(effects: Readonly<Record<string, number>>) {
  let asked = 0;
  const ask = async (measures: readonly string[]) => {
    asked += 1;
    return 1 - measures.reduce((left, measure) => left * (1 - (effects[measure] ?? 0)), 1);
  };
  return { ask, asked: () => asked };
}

describe('the search for measures', () => {
  it('finds pairs and triples where each adds something, the most effective first', async () => {
    const found = await searchMeasures(['a', 'b', 'c'], always, house({ a: 0.5, b: 0.4, c: 0.3 }).ask);
    expect(found[0]?.measures).toEqual(['a', 'b', 'c']);
    expect(found.map(({ measures }) => measures.join('+'))).toEqual(['a+b+c', 'a+b', 'a+c', 'b+c', 'a', 'b', 'c']);
  });

  it('leaves out what adds nothing and what averts nothing', async () => {
    const found = await searchMeasures(
      ['all', 'little', 'none'],
      always,
      house({ all: 0.99, little: 0.5, none: 0 }).ask,
    );
    expect(found.map(({ measures }) => measures)).toEqual([['all'], ['little']]);
  });

  it('puts nothing together that does not fit', async () => {
    const found = await searchMeasures(['a', 'b'], () => false, house({ a: 0.5, b: 0.5 }).ask);
    expect(found.every(({ measures }) => measures.length === 1)).toBe(true);
  });

  it('asks few questions, and returns rising combinations of what it was given, whatever they avert', async () => {
    const effect = fc.double({ min: -0.5, max: 1.5, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(effect, { maxLength: 24 }), async (effects) => {
        const { ask, asked } = house(Object.fromEntries(effects.map((each, index) => [`m${index}`, each])));
        const names = effects.map((_, index) => `m${index}`);
        const found = await searchMeasures(names, always, ask);
        expect(asked()).toBeLessThanOrEqual(effects.length + 15 + 18);
        expect(found.length).toBeLessThanOrEqual(8);
        for (const { measures, reduction } of found) {
          expect(new Set(measures).size).toBe(measures.length);
          expect(reduction).toBeGreaterThanOrEqual(0);
          expect(reduction).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 100 },
    );
  });
});
