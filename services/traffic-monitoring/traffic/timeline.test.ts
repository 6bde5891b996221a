import { describe, expect, it } from 'vitest';
import { bucketWidth, fillSilence } from './timeline.ts';

const DAY = 86_400_000;

describe('a time line', () => {
  it('has spans that people read without counting, and never more points than fit', () => {
    expect(bucketWidth(0, 120)).toBe(1000);
    expect(bucketWidth(600_000, 120)).toBe(10_000);
    expect(bucketWidth(DAY, 120)).toBe(1_800_000);
    for (const span of [1, 59_999, 3_600_000, DAY, 400 * DAY, 40_000 * DAY]) {
      const width = bucketWidth(span, 120);
      expect(Math.floor(span / width) + 2).toBeLessThanOrEqual(120);
    }
  });

  it('shows silence as silence', () => {
    const point = (time: number) => ({ time, packets: 1, bytes: 100, flows: 1 });
    expect(fillSilence([point(0), point(3000)], 1000).map(({ bytes }) => bytes)).toEqual([100, 0, 0, 100]);
    expect(fillSilence([], 1000)).toEqual([]);
  });
});
