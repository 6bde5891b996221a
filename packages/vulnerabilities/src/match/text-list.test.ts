import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TextList } from './text-list.ts';

it('gives every text back under its number, however many there are and whenever it is asked', () => {
  fc.assert(
    fc.property(fc.array(fc.json(), { maxLength: 200 }), (texts) => {
      const list = new TextList();
      for (const [index, text] of texts.entries()) {
        expect(list.add(text)).toBe(index);
        expect(list.get(Math.floor(index / 2))).toBe(texts[Math.floor(index / 2)]);
      }
      expect(texts.map((_, index) => list.get(index))).toEqual(texts);
    }),
    { numRuns: 30 },
  );
});
