import { describe, expect, it } from 'vitest';
import { joinSeconds } from './rates.ts';

describe('throughput', () => {
  it('is the mean of its seconds where several are joined, silent ones included', () => {
    const points = [
      { time: 10_000, packets: 10, bytes: 1000 },
      { time: 11_000, packets: 0, bytes: 0 },
      { time: 12_000, packets: 4, bytes: 100 },
    ];
    expect(joinSeconds(points, 2)).toEqual([
      { time: 10_000, bitsPerSecond: 4000, packetsPerSecond: 5 },
      { time: 12_000, bitsPerSecond: 800, packetsPerSecond: 4 },
    ]);
  });
});
