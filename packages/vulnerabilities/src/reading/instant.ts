/**
 * Moments of RFC 3339 in order of time, to any number of decimals: documents hold microseconds, which `Date` cuts off.
 *
 * @returns below 0 when `a` is earlier than `b`; 0 where one of them is no moment
 */
export function compareInstants(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  const difference = left.seconds - right.seconds;
  if (difference !== 0 || left.fraction === right.fraction) return Number.isNaN(difference) ? 0 : difference;
  return left.fraction < right.fraction ? -1 : 1;
}

function split(instant: string) {
  const fraction = /\.(\d+)/.exec(instant)?.[1] ?? '';
  return { seconds: Date.parse(instant.replace(/\.\d+/, '')) / 1000, fraction: fraction.replace(/0+$/, '') };
}

/** @returns milliseconds since the epoch; undefined where there is no moment */
export function toMilliseconds(instant: string | undefined): number | undefined {
  const milliseconds = instant === undefined ? Number.NaN : Date.parse(instant);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
