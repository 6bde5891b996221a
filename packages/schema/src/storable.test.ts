import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFact } from './event.ts';
import { isStorable, maySayUnstorable, storable } from './storable.ts';

describe('Text that no store keeps', () => {
  it('is found in any JSON value, and nothing else is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.constantFrom('\0', '\ud83d', '\udc00'), (value, odd) => {
        const isFound = (candidate: unknown) => maySayUnstorable(JSON.stringify(candidate)) && !isStorable(candidate);
        expect(isFound(storable(value))).toBe(false);
        expect(isFound([value, { [`name ${odd}`]: 1 }])).toBe(true);
        expect(isFound({ value, text: `a${odd}b` })).toBe(true);
        if (isStorable(value)) expect(storable(value)).toEqual(value);
      }),
    );
  });

  it('leaves emoji and backslashes alone', () => {
    const value = { name: 'Herz 🫀', path: 'C:\\u0000\\ud800' };
    expect(isStorable(value)).toBe(true);
    expect(storable(value)).toEqual(value);
  });

  it('is replaced in a fact, whose id is that of what it says then', () => {
    const fact = (reason: string) =>
      createFact('asset.removed', { key: 'a', time: 1, source: 'test', data: { assetId: 'a', reason } });
    expect(fact('gone\0 \ud83d')).toEqual(fact('gone\ufffd \ufffd'));
  });
});
