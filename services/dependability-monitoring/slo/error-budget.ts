import type { Interval } from '../maintenance/maintenance.ts';
import type { Objective, StateSpan } from '../watch/monitored-service.ts';
import type { HourCount } from '../watch/result-store.ts';
import { type Availability, availabilityOf } from './availability.ts';

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/**
 * Burning that a person should know of: share of the budget of the whole time that is spent so fast (Google, "The Site Reliability
 * Workbook", chapter 5, table 5-8): 2 percent in an hour, 5 percent in six hours.
 */
const BURNING = [
  { hours: 1, rate: 14.4 },
  { hours: 6, rate: 6 },
] as const;

/** What of an objective is left. */
export interface ErrorBudget {
  readonly availability: Availability;
  /** Time that it may be down within the days of the objective. */
  readonly allowedMs: number;
  readonly leftMs: number;
  /** Below 0 where more was spent than is allowed. */
  readonly leftPercent: number;
  readonly isMet: boolean;
  /** How many times faster than allowed the budget goes at the moment, by the hours looked at. */
  readonly burning: readonly { readonly hours: number; readonly rate: number; readonly isFast: boolean }[];
  /** Share of checks that were answered fast; null without an objective or without checks. */
  readonly fastPercent: number | null;
  readonly isFastEnough: boolean | null;
}

/**
 * The error budget of a service now.
 *
 * @param spans oldest first, those that reach into the days of the objective
 * @param hours counts of checks within them
 * @param now milliseconds since the Unix epoch
 */
export function errorBudgetOf(
  objective: Objective,
  {
    spans,
    maintenance,
    hours,
    now,
  }: { spans: readonly StateSpan[]; maintenance: readonly Interval[]; hours: readonly HourCount[]; now: number },
): ErrorBudget {
  const share = 1 - objective.availabilityPercent / 100;
  const over = (ms: number) => availabilityOf(spans, maintenance, { from: now - ms, until: now });
  const availability = over(objective.days * DAY_MS);
  const allowedMs = objective.days * DAY_MS * share;
  const leftMs = allowedMs - availability.downMs;
  const fastPercent = objective.fastPercent === null ? null : fastShare(hours);
  return {
    availability,
    allowedMs,
    leftMs,
    leftPercent: Math.round((100 * leftMs) / allowedMs),
    isMet: leftMs >= 0,
    burning: BURNING.map(({ hours: past, rate: limit }) => {
      // Of the whole time: a service that is watched for a minute has not spent an hour.
      const { downMs } = over(past * HOUR_MS);
      const rate = Math.round((10 * downMs) / (past * HOUR_MS) / share) / 10;
      return { hours: past, rate, isFast: rate >= limit };
    }),
    fastPercent,
    isFastEnough: fastPercent === null || objective.fastPercent === null ? null : fastPercent >= objective.fastPercent,
  };
}

function fastShare(hours: readonly HourCount[]): number | null {
  const asked = hours.reduce((sum, { good, warnings, failures }) => sum + good + warnings + failures, 0);
  const fast = hours.reduce((sum, hour) => sum + hour.fast, 0);
  return asked === 0 ? null : Math.round((1000 * fast) / asked) / 10;
}
