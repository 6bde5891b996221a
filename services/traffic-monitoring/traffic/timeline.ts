const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Widths that people read without counting. */
const WIDTHS = [
  ...[1, 2, 5, 10, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 6, 12].map((hours) => hours * HOUR),
  ...[1, 7, 30].map((days) => days * DAY),
];

/**
 * @param spanMs time that a time line covers
 * @param points at most this many buckets
 * @returns width of a bucket in milliseconds
 */
export function bucketWidth(spanMs: number, points: number): number {
  const fitting = WIDTHS.find((width) => Math.floor(spanMs / width) + 2 <= points);
  const largest = WIDTHS.at(-1) ?? DAY;
  return fitting ?? Math.ceil(spanMs / Math.max(1, points - 2) / largest) * largest;
}

export interface TimelinePoint {
  /** Start of the bucket, milliseconds since the Unix epoch. */
  readonly time: number;
  readonly packets: number;
  readonly bytes: number;
  readonly flows: number;
}

/** Silent times between the first and the last point are points too, or a chart would hide them. */
export function fillSilence(points: readonly TimelinePoint[], bucketMs: number): TimelinePoint[] {
  const byTime = new Map(points.map((point) => [point.time, point]));
  const first = points[0]?.time ?? 0;
  const last = points.at(-1)?.time ?? -1;
  const count = Math.floor((last - first) / bucketMs) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const time = first + index * bucketMs;
    return byTime.get(time) ?? { time, packets: 0, bytes: 0, flows: 0 };
  });
}
