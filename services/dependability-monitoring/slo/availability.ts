import type { Interval } from '../maintenance/maintenance.ts';
import type { StateSpan } from '../watch/monitored-service.ts';

/** How a service was within a time. All in milliseconds. */
export interface Availability {
  /** Time in which its state was known and no maintenance was. */
  readonly measuredMs: number;
  readonly downMs: number;
  readonly degradedMs: number;
  /** Time within maintenance windows that is left out. */
  readonly plannedMs: number;
  /** Times that it went down. */
  readonly outages: number;
  /** null where nothing was measured. */
  readonly percent: number | null;
}

/**
 * Availability over a time, maintenance left out.
 *
 * @param spans oldest first
 */
export function availabilityOf(
  spans: readonly StateSpan[],
  maintenance: readonly Interval[],
  time: Interval,
): Availability {
  const windows = merged(maintenance);
  const total = { up: 0, down: 0, degraded: 0 };
  let plannedMs = 0;
  let outages = 0;
  for (const { state, from, until } of spans) {
    if (state === 'unknown') continue;
    const cut = { from: Math.max(from, time.from), until: Math.min(until ?? time.until, time.until) };
    if (cut.until <= cut.from) continue;
    const planned = windows.reduce((sum, window) => sum + overlap(window, cut), 0);
    plannedMs += planned;
    total[state] += cut.until - cut.from - planned;
    if (state === 'down' && planned < cut.until - cut.from) outages += 1;
  }
  const measuredMs = total.up + total.down + total.degraded;
  const percent = measuredMs === 0 ? null : 100 * (1 - total.down / measuredMs);
  return { measuredMs, downMs: total.down, degradedMs: total.degraded, plannedMs, outages, percent };
}

function overlap(a: Interval, b: Interval): number {
  return Math.max(0, Math.min(a.until, b.until) - Math.max(a.from, b.from));
}

/** Windows that overlap count once. */
function merged(windows: readonly Interval[]): readonly Interval[] {
  const result: { from: number; until: number }[] = [];
  for (const { from, until } of [...windows].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last.until) last.until = Math.max(last.until, until);
    else result.push({ from, until });
  }
  return result;
}
