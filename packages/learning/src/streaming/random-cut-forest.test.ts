import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random/random.ts';
import { RandomCutForest } from './random-cut-forest.ts';

const SETTINGS = { dimensions: 3, capacity: 64, trees: 32 };

/** Two numbers that go along with each other, and one of its own. */
function together(random: ReturnType<typeof seededRandom>): number[] {
  const common = random.next() * 4;
  return [common, common + random.normal() * 0.05, random.next()];
}

function taught(): RandomCutForest {
  const random = seededRandom(5);
  const forest = new RandomCutForest(SETTINGS);
  for (let at = 0; at < 400; at++) forest.insert(at % SETTINGS.capacity, together(random));
  return forest;
}

describe('a random cut forest', () => {
  it('finds what is unlike the others together, though each number by itself is usual, and says which numbers', () => {
    const forest = taught();
    const random = seededRandom(6);
    const usual = Array.from({ length: 100 }, () => forest.score(together(random))).sort((a, b) => a - b);
    const shares = new Float64Array(3);
    const odd = forest.score([0.4, 3.6, 0.5], shares);
    expect(odd).toBeGreaterThan((usual[95] ?? 0) * 1.5);
    expect((shares[0] ?? 0) + (shares[1] ?? 0)).toBeGreaterThan(0.8 * odd);
    expect(shares.reduce((sum, each) => sum + each, 0)).toBeCloseTo(odd, 6);
  });

  it('remembers no more than it may, and what goes on becomes usual (drift)', () => {
    const forest = taught();
    const far = [40, 40, 40];
    const first = forest.score(far);
    expect(first).toBeGreaterThan(30);
    for (let at = 0; at < SETTINGS.capacity; at++) forest.insert(at, [40 + at / 100, 40, 40]);
    expect(forest.size).toBe(SETTINGS.capacity);
    expect(forest.score(far)).toBeLessThan(first / 2);
  });

  it('takes many of the same for one place: the more there are, the less one more is displaced', () => {
    const forest = new RandomCutForest(SETTINGS);
    for (let at = 0; at < 32; at++) forest.insert(at, [0, 0, 0]);
    expect(forest.score([0, 0, 0])).toBe(0);
    expect(forest.score([5, 0, 0])).toBe(32);
    for (let at = 32; at < 48; at++) forest.insert(at, [5, 0, 0]);
    expect(forest.score([5, 0, 0])).toBeCloseTo(32 / 17, 6);
  });

  it('says the same whether it was only asked before or not, and the same for the same seed', () => {
    const [one, other] = [taught(), taught()];
    expect(one.score([9, 0, 0])).toBe(other.score([9, 0, 0]));
    for (const [slot, point] of one.points()) expect(point).toHaveLength(3 + 0 * slot);
    for (let at = 0; at < SETTINGS.capacity; at++) one.forget(at);
    expect(one.size).toBe(0);
    expect(one.score([1, 2, 3])).toBe(0);
  });

  it('stays whole whatever comes and goes', () => {
    const step = fc.record({
      slot: fc.integer({ min: -1, max: 9 }),
      isKept: fc.boolean(),
      point: fc.array(fc.oneof(fc.constantFrom(0, 1, 1e-9, Number.NaN), fc.double()), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const forest = new RandomCutForest({ dimensions: 2, capacity: 8, trees: 3 });
        const held = new Set<number>();
        for (const { slot, isKept, point } of steps) {
          if (isKept) forest.insert(slot, point);
          else forest.forget(slot);
          if (slot >= 0 && slot < 8) held[isKept ? 'add' : 'delete'](slot);
          const score = forest.score(point);
          expect(forest.size).toBe(held.size);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(held.size);
        }
      }),
    );
  });
});
