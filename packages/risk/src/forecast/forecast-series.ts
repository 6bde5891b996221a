import { returnToUsual } from './return-to-usual.ts';

/** Levels of the quantiles that a forecast tells; the second and the last but one are the ends of the 80 % range. */
export const QUANTILES = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95] as const;
/** Days of history below which nothing is forecast. */
export const LEAST_DAYS = 14;
export const FARTHEST_DAY = 7;
/** Errors of the past that a range is made from, at least: a tenth of the cases needs ten of them. */
const LEAST_ERRORS = 9;
const MOST_ERRORS = 120;
/** Days of history that the first forecast of the past is made from. */
const FIRST_END = 10;
/** Lines are drawn anew so often, in days. */
const REFIT_DAYS = 5;
/** Errors by which one of the two ways is preferred: the latest. */
const COMPARED = 14;

/** Forecast for one day ahead or more. */
export interface DayForecast {
  readonly days: number;
  /** In the order of `QUANTILES`. */
  readonly quantiles: readonly number[];
  /** The same of "it stays as it is". */
  readonly naive: readonly number[];
}

/**
 * Forecasts a percentage of days that follow one another, in logarithms. Of two ways, "it returns to what is usual" (`returnToUsual`) and "it
 * stays as it is", the one is taken that was nearer of late. The range comes from the errors that this made on the series so far, each
 * with nothing known but what was then (conformal prediction: Lei et al., "Distribution-free predictive inference for regression",
 * JASA 113, 2018, §2.2; rolling origin: Tashman, International Journal of Forecasting 16, 2000).
 *
 * @param values 0 to 100, the oldest first
 * @returns for 1 to 7 days ahead as far as there are errors enough; none with less than 14 days of history
 */
export function forecastSeries(values: readonly number[]): readonly DayForecast[] {
  if (values.length < LEAST_DAYS) return [];
  const logs = values.map((value) => Math.log1p(value));
  const forecasts: DayForecast[] = [];
  for (let days = 1; days <= FARTHEST_DAY; days++) {
    const { middle, errors, stayErrors } = rollOver(logs, days);
    if (errors.length < LEAST_ERRORS) break;
    forecasts.push({ days, quantiles: around(middle, errors), naive: around(logs.at(-1) ?? 0, stayErrors) });
  }
  return forecasts;
}

/** Forecasts from every day of the past, and from today. */
function rollOver(logs: readonly number[], days: number) {
  const [errors, stayErrors, returnErrors]: [number[], number[], number[]] = [[], [], []];
  let line = returnToUsual(logs, 0, days);
  let middle = 0;
  const first = Math.max(FIRST_END, logs.length - days - MOST_ERRORS);
  for (let end = first; end <= logs.length; end++) {
    const isLast = end === logs.length;
    if (isLast || (end - first) % REFIT_DAYS === 0) line = returnToUsual(logs, end, days);
    const now = logs[end - 1] ?? 0;
    const returned = line.start + line.part * now;
    // Known then: errors of forecasts whose day had come.
    const known = Math.max(0, stayErrors.length - days + 1);
    const isReturning = meanOf(returnErrors, known) < meanOf(stayErrors, known);
    const told = isReturning ? returned : now;
    if (isLast) middle = told;
    const actual = logs[end + days - 1];
    if (actual === undefined) continue;
    errors.push(actual - told);
    stayErrors.push(actual - now);
    returnErrors.push(actual - returned);
  }
  return { middle, errors, stayErrors };
}

/** Mean size of the latest errors before `end`. */
function meanOf(errors: readonly number[], end: number): number {
  const latest = errors.slice(Math.max(0, end - COMPARED), end);
  return latest.reduce((sum, error) => sum + Math.abs(error), 0) / Math.max(1, latest.length);
}

/** @returns quantiles as percentages, rising */
function around(middle: number, errors: readonly number[]): readonly number[] {
  const sorted = errors.toSorted((a, b) => a - b);
  return QUANTILES.map((level) => {
    // Ranks of n + 1: the next error may as well lie outside of all so far.
    const rank = level < 0.5 ? Math.floor(level * (sorted.length + 1)) - 1 : Math.ceil(level * (sorted.length + 1)) - 1;
    const error = sorted[Math.max(0, Math.min(sorted.length - 1, rank))] ?? 0;
    return Math.min(100, Math.max(0, Math.expm1(middle + error)));
  });
}
