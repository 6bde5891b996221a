import type { TrackRecord } from '@sphinx/risk';
import { QUANTILES } from '@sphinx/risk';
import { z } from 'zod';
import type { SubjectForecast } from '../forecast/forecast-desk.ts';
import { recordText } from '../forecast/forecast-desk.ts';

const Percent = z.number().min(0).max(100);
const Day = z.string().meta({ description: '2026-11-30, in UTC' });
const DAY_MS = 24 * 3_600_000;

export const ForecastItem = z
  .object({
    subject: z.string().meta({ description: '"house", or id of a clinical service' }),
    name: z.string(),
    history: z
      .array(z.object({ day: Day, percent: Percent }))
      .meta({ description: 'Disrupted within 30 days, by day' }),
    forecasts: z.array(
      z.object({
        day: Day,
        quantiles: z.array(Percent).meta({ description: `At ${QUANTILES.join(', ')}` }),
        low: Percent.meta({ description: 'Lower end of the 80 % range' }),
        middle: Percent,
        high: Percent,
      }),
    ),
    tooLittle: z
      .object({ days: z.int(), needed: z.int() })
      .nullable()
      .meta({ description: 'Days of history that are there and are needed; null where it is forecast' }),
  })
  .meta({ id: 'RiskForecast' });
export type ForecastItem = z.infer<typeof ForecastItem>;

export const TrackRecordItem = z
  .object({
    days: z.int().meta({ description: 'Days ahead of the last whole day' }),
    count: z.int(),
    coverage: z.number().min(0).max(1).meta({ description: 'Part that lay in the 80 % range' }),
    crps: z.number().meta({ description: 'Continuous ranked probability score, per cent points; the less the better' }),
    naiveCrps: z.number().meta({ description: 'The same of "it stays as it is"' }),
    skill: z.number().nullable().meta({ description: '1 - crps / naiveCrps' }),
    text: z.string(),
  })
  .meta({ id: 'ForecastTrackRecord' });
export type TrackRecordItem = z.infer<typeof TrackRecordItem>;

export function forecastItemOf({ subject, name, history, forecasts, tooLittle }: SubjectForecast): ForecastItem {
  const last = history.at(-1)?.day ?? 0;
  return {
    subject,
    name,
    history: history.map(({ day, value }) => ({ day: dayOf(day), percent: value })),
    forecasts: forecasts.map(({ days, quantiles }) => {
      const [, low = 0, , middle = 0, , high = 0] = quantiles;
      return { day: dayOf(last + days), quantiles: [...quantiles], low, middle, high };
    }),
    tooLittle,
  };
}

export function trackRecordItemOf(record: TrackRecord): TrackRecordItem {
  return { ...record, text: recordText(record) };
}

function dayOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
