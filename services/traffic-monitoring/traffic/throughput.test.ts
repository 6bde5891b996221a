import { describe, expect, it } from 'vitest';
import { Throughput } from './throughput.ts';

describe('throughput', () => {
  it('is zero for silent seconds and never counts the second that is not over', () => {
    const throughput = new Throughput();
    throughput.add(10_200, 5, 500);
    throughput.add(10_900, 5, 500);
    throughput.add(12_000, 7, 700);
    expect(throughput.series(12_500, 3)).toEqual([
      { time: 9_000, packets: 0, bytes: 0 },
      { time: 10_000, packets: 10, bytes: 1000 },
      { time: 11_000, packets: 0, bytes: 0 },
    ]);
  });

  it('is given in bits per second as a mean', () => {
    const throughput = new Throughput();
    throughput.add(10_000, 10, 1000);
    expect(throughput.rate(15_000, 5)).toEqual({ packetsPerSecond: 2, bitsPerSecond: 1600 });
  });

  it('forgets what is older than the window', () => {
    const throughput = new Throughput();
    throughput.add(0, 10, 1000);
    expect(throughput.rate(601_000, 599).packetsPerSecond).toBe(0);
  });
});
