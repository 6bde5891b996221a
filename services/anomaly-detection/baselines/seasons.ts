import { SeasonalForecast } from '@sphinx/learning';
import { MEASURE_AT, type MeasureId } from '../traffic/measures.ts';
import type { HourValues } from './baseline.ts';

const HOUR_MS = 3_600_000;
const HOURS_OF_DAY = 24;
const DAYS_OF_WEEK = 7;
/** 1 January 1970 was a Thursday; here Monday is 0. */
const FIRST_WEEKDAY = 3;
const FIRST_DAY_OF_REST = 5;
/** Hours of a working day, then hours of a day of rest (UTC). */
const SEASON = { cycle: HOURS_OF_DAY, kinds: 2 } as const;
/** Silent hours that are taught at once after a pause: two weeks. */
const MOST_SILENT_HOURS = 336;
/** Hours that were watched before a forecast is asked: ten days. */
const HOURS_WATCHED = 240;
/** Share of the error that the season has to take away: what has no season is judged by its distribution alone. */
const LEAST_SKILL = 0.3;

/**
 * Measures that follow the hours of the day in a hospital, each with the amount up to which more or less is all the same: above
 * it, logarithms count; below it, an hour with a little is hardly told from one with nothing.
 */
const UNITS = {
  'bytes-moved': 10_000_000,
  'bytes-to-internet': 1_000_000,
  'bytes-fetched': 4_000_000,
  peers: 3,
  'administered-peers': 0.6,
  'dicom-queries': 4,
} as const satisfies Partial<Record<MeasureId, number>>;
export type SeasonalMeasure = keyof typeof UNITS;
export const SEASONAL_MEASURES = Object.keys(UNITS) as readonly SeasonalMeasure[];

/** As it is stored. */
export type StoredSeasons = Readonly<Partial<Record<SeasonalMeasure, string>>>;

function seasonalPlace(measure: SeasonalMeasure): number {
  return SEASONAL_MEASURES.indexOf(measure);
}

/** Amounts on a scale on which a step of 1 is 2.7 times as much. */
function magnitudeOf(measure: SeasonalMeasure, value: number): number {
  return Math.log1p(value / UNITS[measure]);
}

/** The amount of a magnitude. */
function amountOf(measure: SeasonalMeasure, magnitude: number): number {
  return Math.max(0, Math.expm1(magnitude)) * UNITS[measure];
}

export function isDayOfRest(hour: number): boolean {
  const day = Math.floor(hour / HOUR_MS / HOURS_OF_DAY);
  return (day + FIRST_WEEKDAY) % DAYS_OF_WEEK >= FIRST_DAY_OF_REST;
}

/** What one device does at which hour of which kind of day. Made when there is something to learn. */
export class Seasons {
  readonly #forecasts: (SeasonalForecast | undefined)[] = [];

  /**
   * Takes an hour, and the silent ones since the last that was taken.
   *
   * @param since first hour that was watched, and `last` the last one that was taken; 0 where there is none
   * @param surprised is told how far above its forecast each measure was, in spreads
   */
  take(
    hour: number,
    values: HourValues,
    { since, last }: { readonly since: number; readonly last: number },
    surprised: (spreads: number) => void,
  ): void {
    for (const [place, measure] of SEASONAL_MEASURES.entries()) {
      const value = magnitudeOf(measure, values[MEASURE_AT[measure]] ?? 0);
      let forecast = this.#forecasts[place];
      if (forecast === undefined && value === 0) continue;
      const from = forecast === undefined ? since : last + HOUR_MS;
      forecast ??= new SeasonalForecast(SEASON);
      this.#forecasts[place] = forecast;
      for (let silent = Math.max(from, hour - MOST_SILENT_HOURS * HOUR_MS); silent < hour; silent += HOUR_MS) {
        forecast.take(slotOf(silent), 0);
      }
      if (isReady(forecast)) {
        const spreads = forecast.surprise(slotOf(hour), value);
        if (spreads !== undefined) surprised(Math.max(0, spreads));
      }
      forecast.take(slotOf(hour), value);
    }
  }

  /** How far above the forecast an amount is, in spreads; undefined where the measure has no season that is known. */
  surprise(measure: SeasonalMeasure, hour: number, value: number): number | undefined {
    const forecast = this.#readyOne(measure);
    return forecast?.surprise(slotOf(hour), magnitudeOf(measure, value));
  }

  /** Amount so many spreads above what is forecast of this hour; undefined where the measure has no season that is known. */
  limit(measure: SeasonalMeasure, hour: number, spreads: number): number | undefined {
    const magnitude = this.#readyOne(measure)?.limit(slotOf(hour), spreads);
    return magnitude === undefined ? undefined : amountOf(measure, magnitude);
  }

  /** Hours that taught the measure. */
  hoursOf(measure: SeasonalMeasure): number {
    return this.#forecasts[seasonalPlace(measure)]?.taken ?? 0;
  }

  store(): StoredSeasons {
    return Object.fromEntries(
      SEASONAL_MEASURES.flatMap((measure, place) => {
        const forecast = this.#forecasts[place];
        return forecast === undefined ? [] : [[measure, forecast.store()] as const];
      }),
    );
  }

  static restore(stored: StoredSeasons | undefined): Seasons {
    const seasons = new Seasons();
    for (const [place, measure] of SEASONAL_MEASURES.entries()) {
      seasons.#forecasts[place] = SeasonalForecast.restore(stored?.[measure], SEASON);
    }
    return seasons;
  }

  #readyOne(measure: SeasonalMeasure): SeasonalForecast | undefined {
    const forecast = this.#forecasts[seasonalPlace(measure)];
    return forecast !== undefined && isReady(forecast) ? forecast : undefined;
  }
}

function isReady({ taken, skill }: SeasonalForecast): boolean {
  return taken >= HOURS_WATCHED && skill >= LEAST_SKILL;
}

function slotOf(hour: number): number {
  const ofDay = Math.floor(hour / HOUR_MS) % HOURS_OF_DAY;
  return isDayOfRest(hour) ? HOURS_OF_DAY + ofDay : ofDay;
}
