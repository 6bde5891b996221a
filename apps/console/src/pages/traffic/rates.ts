import type { ThroughputPoint } from './queries.ts';

/** A span of the chart. */
export interface RateBucket {
  /** Start, milliseconds since the epoch. */
  readonly time: number;
  readonly bitsPerSecond: number;
  readonly packetsPerSecond: number;
}

/**
 * Joins seconds into spans that can be told apart in a chart; each is the mean of its seconds.
 *
 * @param seconds points of one second each, oldest first
 */
export function joinSeconds(seconds: readonly ThroughputPoint[], secondsPerBucket: number): readonly RateBucket[] {
  const widthMs = secondsPerBucket * 1000;
  const groups = new Map<number, ThroughputPoint[]>();
  for (const point of seconds) {
    const start = Math.floor(point.time / widthMs) * widthMs;
    const group = groups.get(start);
    if (group === undefined) groups.set(start, [point]);
    else group.push(point);
  }
  return [...groups].map(([time, points]) => ({
    time,
    bitsPerSecond: (8 * points.reduce((sum, { bytes }) => sum + bytes, 0)) / points.length,
    packetsPerSecond: points.reduce((sum, { packets }) => sum + packets, 0) / points.length,
  }));
}
