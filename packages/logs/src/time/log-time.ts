/*
 * Times as logs write them. A text without a zone is of the zone that the caller names; one without a year is of the year that puts
 * it nearest to the time at which it arrived (RFC 3164 §4.1.2 has no year).
 */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MILLISECONDS_PER_DAY = 86_400_000;
/** Epochs below are seconds, from here milliseconds, then micro- and nanoseconds: all of the years 1973 to 5138. */
const SMALLEST_MILLISECONDS = 1e11;
const SMALLEST_MICROSECONDS = 1e14;
const SMALLEST_NANOSECONDS = 1e17;

const ISO =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?/i;
const HTTP = /^\[?(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?\s*([+-]\d{4})?/;
const SYSLOG =
  /^(?:[A-Za-z]{3},? )?([A-Za-z]{3})[ ]+(\d{1,2})(?: (\d{4}))? (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?: (\d{4}))?(?: (Z|UTC|GMT|[+-]\d{2}:?\d{2}))?/;
const DAY_FIRST =
  /^(?:[A-Za-z]{3},? )?(\d{1,2})[-. /]([A-Za-z]{3})[-. /](\d{4})[ ,T]+(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?/i;
/** As auditd writes it: `audit(1790000000.123:4711)`. */
const AUDITD = /^audit\((\d{9,12}\.\d{1,6})/;
/** `30.11.2026 08:15:02`, `11/30/2026 8:15:02 PM`. */
const NUMERIC =
  /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}),?[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AP]M)?/i;
/** `20261130081502` as HL7 writes it, `20261130T081502Z` (ISO 8601, basic form). */
const COMPACT =
  /^((?:19|20)\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])[T ]?([01]\d|2[0-3])([0-5]\d)([0-5]\d)(?:[.,](\d{1,9}))?(Z|[+-]\d{4})?$/;
const DIGITS = /^\d{9,20}(?:\.\d{1,9})?$/;

export interface TimeReading {
  /** When it arrived, milliseconds since 1970: for texts without a year. */
  readonly arrivedMs: number;
  /** Minutes east of UTC of texts without a zone; the machine's own zone when absent. */
  readonly zoneMinutes?: number | undefined;
}

/**
 * Reads a time in any of the usual forms: ISO 8601 and its relatives, Apache's, syslog's, day first, digits alone as HL7 has them,
 * and epochs in seconds to nanoseconds. Of a date in numbers the day is first, unless it has slashes and says AM or PM, or the
 * second number can be no month.
 *
 * @returns milliseconds since 1970; NaN where it is none
 */
export function readLogTime(value: unknown, { arrivedMs, zoneMinutes }: TimeReading): number {
  if (typeof value === 'number') return ofEpoch(value);
  if (typeof value !== 'string') return Number.NaN;
  const text = value.trim();
  const compact = COMPACT.exec(text);
  if (compact !== null) {
    const [, year, month, day, hour, minute, second, fraction, zone] = compact;
    return instant([year, Number(month) - 1, day, hour, minute, second, fraction], zone, zoneMinutes);
  }
  if (DIGITS.test(text)) return ofEpoch(Number(text));
  const numeric = NUMERIC.exec(text);
  if (numeric !== null) return instant(partsOfNumeric(numeric), undefined, zoneMinutes);
  const audited = AUDITD.exec(text)?.[1];
  if (audited !== undefined) return ofEpoch(Number(audited));
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, fraction, zone] = iso;
    return instant([year, Number(month) - 1, day, hour, minute, second, fraction], zone, zoneMinutes);
  }
  const http = HTTP.exec(text) ?? DAY_FIRST.exec(text);
  if (http !== null) {
    const isHttp = text.includes('/') && HTTP.test(text);
    const [, day, month = '', year, hour, minute, second] = http;
    const zone = isHttp ? http[7] : http[8];
    const fraction = isHttp ? undefined : http[7];
    return instant([year, monthOf(month), day, hour, minute, second, fraction], zone, zoneMinutes);
  }
  const syslog = SYSLOG.exec(text);
  if (syslog === null) return Number.NaN;
  const [, month = '', day, yearBefore, hour, minute, second, fraction, yearBehind, zone] = syslog;
  const at = (year: string | number) =>
    instant([year, monthOf(month), day, hour, minute, second, fraction], zone, zoneMinutes);
  const year = yearBefore ?? yearBehind;
  return year === undefined ? nearest(at, arrivedMs) : at(year);
}

function partsOfNumeric([
  ,
  first,
  mark,
  second,
  year,
  hour,
  minute,
  secondOf,
  fraction,
  half,
]: RegExpExecArray): Part[] {
  const isMonthFirst = Number(second) > 12 || (mark === '/' && half !== undefined && Number(first) <= 12);
  const [day, month] = isMonthFirst ? [second, first] : [first, second];
  const isAfternoon = half?.toLowerCase() === 'pm';
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (isAfternoon ? 12 : 0);
  return [year, Number(month) - 1, day, hours, minute, secondOf, fraction];
}

/** In the first days of a year lines of the last one still come in, and a clock may be a day ahead. */
function nearest(at: (year: number) => number, arrivedMs: number): number {
  const year = new Date(arrivedMs).getUTCFullYear();
  const time = at(year);
  if (time > arrivedMs + MILLISECONDS_PER_DAY) return at(year - 1);
  const next = at(year + 1);
  return next <= arrivedMs + MILLISECONDS_PER_DAY ? next : time;
}

function ofEpoch(value: number): number {
  if (!Number.isFinite(value) || value <= 0) return Number.NaN;
  if (value < SMALLEST_MILLISECONDS) return Math.round(value * 1000);
  if (value < SMALLEST_MICROSECONDS) return Math.round(value);
  return Math.round(value < SMALLEST_NANOSECONDS ? value / 1e3 : value / 1e6);
}

type Part = string | number | undefined;

function instant(
  [year, month, day, hour, minute, second, fraction]: readonly Part[],
  zone: string | undefined,
  zoneMinutes: number | undefined,
): number {
  const monthNumber = Number(month);
  if (!(monthNumber >= 0 && monthNumber <= 11) || Number(day) > 31 || Number(day) < 1) return Number.NaN;
  const milliseconds = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
  const parts = [
    Number(year),
    monthNumber,
    Number(day),
    Number(hour ?? 0),
    Number(minute ?? 0),
    Number(second ?? 0),
  ] as const;
  const offset = zone === undefined ? zoneMinutes : offsetOf(zone);
  if (offset === undefined) return new Date(...parts, milliseconds).getTime();
  return Date.UTC(...parts, milliseconds) - offset * 60_000;
}

function offsetOf(zone: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (parts === null) return 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3]);
  return parts[1] === '-' ? -minutes : minutes;
}

function monthOf(name: string): number {
  return MONTHS.indexOf(name.toLowerCase());
}
