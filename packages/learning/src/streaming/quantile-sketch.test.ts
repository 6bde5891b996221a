import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random/random.ts';
import { QuantileSketch } from './quantile-sketch.ts';
import { limitOf, rarityOf, tailOf, tailThrough } from './rare-value.ts';

/** Value of the rank that the sketch promises to be near. */
function exactQuantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
}

describe('a quantile sketch', () => {
  it('is right within its accuracy, whatever was added and in whatever parts', () => {
    const values = fc.array(fc.integer({ min: 1, max: 1_000_000_000 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(values, values, fc.constantFrom(0.1, 0.5, 0.9, 0.99, 1), (first, second, q) => {
        const options = { accuracy: 0.02, maximumBins: 2000 };
        const [one, other] = [new QuantileSketch(options), new QuantileSketch(options)];
        for (const value of first) one.add(value);
        for (const value of second) other.add(value);
        one.merge(other);
        const exact = exactQuantile([...first, ...second], q);
        expect(Math.abs(one.quantile(q) - exact)).toBeLessThanOrEqual(0.02 * exact + 1e-6);
        expect(one.weight).toBe(first.length + second.length);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps to its bins, and is most exact where values are high', () => {
    const sketch = new QuantileSketch({ maximumBins: 20 });
    for (let value = 1; value <= 100_000; value += 7) sketch.add(value);
    expect(sketch.bins).toBeLessThanOrEqual(20);
    expect(sketch.quantile(0.99)).toBeGreaterThan(94_000);
    expect(sketch.quantile(0.99)).toBeLessThan(104_000);
  });

  it('counts nothing as nothing and leaves out what is no number', () => {
    const sketch = new QuantileSketch();
    for (const value of [0, 0, 0, 5, Number.NaN, -1, Number.POSITIVE_INFINITY]) sketch.add(value);
    expect(sketch.weight).toBe(4);
    expect(sketch.quantile(0.5)).toBe(0);
    expect(sketch.shareAbove(0)).toBe(0.25);
    expect(new QuantileSketch().quantile(0.9)).toBe(0);
  });

  it('forgets what is old: after enough of the new, the old is gone', () => {
    const sketch = new QuantileSketch({ maximumWeight: 100 });
    for (let hour = 0; hour < 100; hour++) sketch.add(1_000_000);
    for (let hour = 0; hour < 1000; hour++) sketch.add(10);
    expect(sketch.quantile(0.99)).toBeLessThan(12);
    expect(sketch.weight).toBeLessThanOrEqual(100);
  });

  it('is the same after it was stored, and what is no sketch is none', () => {
    const sketch = new QuantileSketch();
    for (const value of [0, 3, 3, 70, 90_000]) sketch.add(value);
    const restored = QuantileSketch.restore(JSON.parse(JSON.stringify(sketch.store())));
    expect(restored?.store()).toEqual(sketch.store());
    expect(restored?.weight).toBe(5);
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.array(fc.double())), (stored) => {
        const read = QuantileSketch.restore(stored);
        expect(read === undefined || read.weight >= 0).toBe(true);
      }),
    );
  });
});

describe('how rare a value is', () => {
  /** Values with a power for a tail: one in a thousand is above 1000^ξ. */
  function paretoValues(index: number): QuantileSketch {
    const random = seededRandom(7);
    const sketch = new QuantileSketch({ accuracy: 0.02, maximumBins: 500 });
    for (let count = 0; count < 20_000; count++) sketch.add(10 * (1 - random.next()) ** -index);
    return sketch;
  }

  it.each([0.25, 0.5])('is told beyond all that was seen, for tails of index %s', (index) => {
    const tail = tailOf(paretoValues(index));
    expect(tail.index).toBeCloseTo(index, 1);
    const limit = limitOf(tail, 1e-6);
    const exact = 10 * 1e6 ** index;
    expect(limit).toBeGreaterThan(exact / 2);
    expect(limit).toBeLessThan(exact * 2);
    expect(rarityOf(tail, limit)).toBeCloseTo(1e-6, 9);
  });

  it('falls as values rise, and the limit rises as rarity falls', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e9, noNaN: true }),
        fc.double({ min: 1.01, max: 100, noNaN: true }),
        (high, by) => {
          const tail = tailThrough(high);
          expect(rarityOf(tail, high * by)).toBeLessThan(rarityOf(tail, high));
          expect(limitOf(tail, 1e-7)).toBeGreaterThan(limitOf(tail, 1e-5));
        },
      ),
    );
  });

  it('says of a value that one in a hundred exceeds that it is one in a hundred', () => {
    expect(rarityOf(tailThrough(50), 50)).toBe(0.01);
  });

  it('never calls impossible what a short history has not shown', () => {
    const sketch = new QuantileSketch();
    for (let hour = 0; hour < 10; hour++) sketch.add(5);
    expect(rarityOf(tailOf(sketch), 6)).toBeGreaterThan(0.01);
  });
});
