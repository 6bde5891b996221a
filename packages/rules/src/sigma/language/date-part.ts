import type { DatePart } from './field-test.ts';

/* "Time Modifiers" of the Sigma modifiers appendix: a number out of a date, without turning time zones. */

const WRITTEN = /(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2}))?/;
/** Numbers above this are milliseconds since 1970, below it seconds. */
const SMALLEST_MILLISECONDS = 100_000_000_000;
const DAY_MS = 86_400_000;

/** @returns undefined where the text holds no date, or no time of day and one is asked for */
export function datePartOf(text: string, part: DatePart): number | undefined {
  const numbers = readDate(text);
  if (numbers === undefined) return undefined;
  const [year, month, day, hour, minute] = numbers;
  switch (part) {
    case 'minute':
      return minute;
    case 'hour':
      return hour;
    case 'day':
      return day;
    case 'week':
      return isoWeek(year, month, day);
    case 'month':
      return month;
    case 'year':
      return year;
  }
}

type DateNumbers = readonly [number, number, number, number | undefined, number | undefined];

function readDate(text: string): DateNumbers | undefined {
  const match = WRITTEN.exec(text);
  if (match !== null) {
    const [, year, month, day, hour, minute] = match;
    const time = [hour, minute].map((each) => (each === undefined ? undefined : Number(each)));
    return [Number(year), Number(month), Number(day), time[0], time[1]];
  }
  if (!/^\d{9,16}(?:\.\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  const date = new Date(number < SMALLEST_MILLISECONDS ? number * 1000 : number);
  if (Number.isNaN(date.getTime())) return undefined;
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes()];
}

/** ISO 8601: the week that holds the year's first Thursday is the first. */
function isoWeek(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(year, month - 1, day));
  const thursday = date.getTime() + (4 - (date.getUTCDay() || 7)) * DAY_MS;
  const start = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.floor((thursday - start) / (7 * DAY_MS)) + 1;
}
