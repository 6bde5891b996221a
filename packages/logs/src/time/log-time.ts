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
const DIGITS = /^\d{9,20}(?:\.\d{1,9})?$/;

export interface TimeReading {
  /** When it arrived, milliseconds since 1970: for texts without a year. */
  readonly arrivedMs: number;
  /** Minutes east of UTC of texts without a zone; the machine's own zone when absent. */
  readonly zoneMinutes?: number | undefined;
}

/**
 * Reads a time in any of the usual forms: ISO 8601 and its relatives, Apache's, syslog's, day first, and epochs in seconds to
 * nanoseconds.
 *
 * @returns milliseconds since 1970; NaN where it is none
 */
export function readLogTime(value: unknown, { arrivedMs, zoneMinutes }: TimeReading): number {
  if (typeof value === 'number') return ofEpoch(value);
  if (typeof value !== 'string') return Number.NaN;
  const text = value.trim();
  if (DIGITS.test(text)) return ofEpoch(Number(text));
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
