import { defineRoute, ListQuery, pageOfList, pageSchema, type Route } from '@sphinx/platform';
import { z } from 'zod';
import type { ForecastDesk } from '../forecast/forecast-desk.ts';
import { ForecastItem, forecastItemOf, TrackRecordItem, trackRecordItemOf } from './forecast-shapes.ts';

const READ = { tag: 'risk', permission: 'risk:read' } as const;

/** What is expected of the next days, and how right that was so far. */
export function forecastRoutes({ desk }: { readonly desk: ForecastDesk }): readonly Route[] {
  return [
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/risk/forecasts',
      operationId: 'listRiskForecasts',
      summary:
        'Likelihood that clinical services are disrupted, by day: as it was, and as it is expected with its range',
      query: ListQuery,
      response: pageSchema(ForecastItem),
      handler: async ({ query }) => pageOfList((await desk.all()).map(forecastItemOf), query, ({ subject }) => subject),
    }),
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/risk/forecast-record',
      operationId: 'listRiskForecastRecord',
      summary: 'How right forecasts were, by days ahead, against "it stays as it is"',
      query: ListQuery.extend({
        subject: z.string().max(300).optional().meta({ description: 'Of one subject; all together where left out' }),
      }),
      response: pageSchema(TrackRecordItem),
      handler: async ({ query: { subject, ...query } }) => {
        const records = (await desk.record(subject)).map(trackRecordItemOf);
        return pageOfList(records, query, ({ days }) => String(days));
      },
    }),
  ];
}
