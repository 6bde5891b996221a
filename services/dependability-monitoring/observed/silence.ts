const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Days of the same kind that "usual" is told from, within the last weeks. */
const LOOKED_DAYS = 28;
const LEAST_DAYS = 5;
const USUAL_SHARE = 0.8;
/** Hours that are compared together: a device that has nothing to do for a while is no silent one. */
export const COMPARED_HOURS = 2;

/** Whether anything was seen of a service in an hour; hours in which nothing was seen of anybody are not in the list. */
export interface HeardHour {
  /** Begin of the hour, milliseconds since the Unix epoch. */
  readonly hour: number;
  readonly isHeard: boolean;
}

export interface Silence {
  /** Begin of the silent hours. */
  readonly since: number;
  /** Days of the same kind on which it was heard in these hours, and days that were looked at. */
  readonly usualDays: number;
  readonly days: number;
}

/**
 * A device or service that is always heard at this time of a working day, or of a weekend, and is not today. Learnt by day and
 * hour, so that a modality that sleeps at night is not told.
 *
 * @param hours of the last weeks, in any order
 * @param weekdayOf day of the week of a time in the place of the hospital, 0 is Sunday
 * @returns undefined where it is heard, or where too little is known to say that it should be
 */
export function findSilence(
  hours: readonly HeardHour[],
  now: number,
  weekdayOf: (time: number) => number = (time) => new Date(time).getDay(),
): Silence | undefined {
  const heard = new Map(hours.map(({ hour, isHeard }) => [hour, isHeard]));
  const end = Math.floor(now / HOUR_MS) * HOUR_MS;
  const since = end - COMPARED_HOURS * HOUR_MS;
  const today = stretch(heard, since);
  if (today !== false) return undefined;
  const isWeekend = (time: number) => [0, 6].includes(weekdayOf(time));
  const days = Array.from({ length: LOOKED_DAYS }, (_, day) => since - (day + 1) * DAY_MS)
    .filter((begin) => isWeekend(begin) === isWeekend(since))
    .flatMap((begin) => stretch(heard, begin) ?? []);
  const usualDays = days.filter(Boolean).length;
  if (days.length < LEAST_DAYS || usualDays / days.length < USUAL_SHARE) return undefined;
  return { since, usualDays, days: days.length };
}

/** Whether it was heard in hours that follow one another; undefined where one of them is not known. */
function stretch(heard: ReadonlyMap<number, boolean>, begin: number): boolean | undefined {
  const parts = Array.from({ length: COMPARED_HOURS }, (_, hour) => heard.get(begin + hour * HOUR_MS));
  if (parts.includes(true)) return true;
  return parts.includes(undefined) ? undefined : false;
}
