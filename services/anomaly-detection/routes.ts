import {
  type AssetPlaces,
  type Clock,
  defineRoute,
  ListQuery,
  pageOfList,
  pageSchema,
  type Route,
  SequencePageQuery,
  SphinxError,
} from '@sphinx/platform';
import { Severity } from '@sphinx/schema';
import { z } from 'zod';
import { type Anomaly, AnomalyVerdict, ShownAnomaly } from './anomalies/anomaly.ts';
import type { AnomalyDesk } from './anomalies/anomaly-desk.ts';
import type { AnomalyStore } from './anomalies/anomaly-store.ts';
import type { BaselineLibrary } from './baselines/baseline-library.ts';
import { baselineRoutes } from './baselines/baseline-routes.ts';
import { DetectorItem, detectorItems } from './detectors/detector-items.ts';
import { howRare } from './detectors/words.ts';
import type { AnomalyKnowledge } from './knowledge/anomaly-knowledge.ts';

const TAG = 'anomaly detection';
const AnomalyId = z.object({ id: z.string().max(100) });

export interface AnomalyRouteParts {
  readonly knowledge: AnomalyKnowledge;
  readonly store: AnomalyStore;
  readonly desk: AnomalyDesk;
  readonly library: BaselineLibrary;
  readonly places: AssetPlaces;
  /** Name of an asset; what was given where it has none. */
  readonly nameOf: (key: string) => string;
  readonly clock: Clock;
  /** Share of hours that may be told of by chance, at the moment. */
  readonly rarity: () => number;
}

/** What is unlike itself, what is usual, and what people say of it. */
export function anomalyRoutes(parts: AnomalyRouteParts): readonly Route[] {
  const { store, desk } = parts;
  return [
    defineRoute({
      method: 'GET',
      path: '/anomalies',
      operationId: 'listAnomalies',
      summary: 'What was unlike itself, the latest change first',
      tag: TAG,
      permission: 'anomalies:read',
      query: SequencePageQuery.extend({
        detector: z.string().max(100).optional(),
        severity: Severity.optional(),
        actor: z.string().max(255).optional().meta({ description: 'Address of the host, or name of the user' }),
        asset: z.string().max(100).optional().meta({ description: 'Id of an asset' }),
        source: z.string().max(100).optional().meta({ description: 'Where it was seen' }),
        verdict: z
          .enum(['open', 'normal', 'confirmed'])
          .optional()
          .meta({ description: 'What people have said of it; `open`: nothing yet' }),
      }),
      response: pageSchema(ShownAnomaly),
      handler: async ({ query: { cursor, ...query } }) => {
        await desk.settled();
        const page = await store.list({ ...query, before: cursor });
        return { ...page, items: page.items.map(shown) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/anomalies/{id}',
      operationId: 'getAnomaly',
      summary: 'One anomaly',
      tag: TAG,
      permission: 'anomalies:read',
      params: AnomalyId,
      response: ShownAnomaly,
      handler: async ({ params }) => found(await store.get(params.id)),
    }),
    ...verdictRoutes(parts),
    defineRoute({
      method: 'GET',
      path: '/anomaly-detectors',
      operationId: 'listAnomalyDetectors',
      summary: 'What is looked for, from which value on somebody is told here, and what was found so far',
      tag: TAG,
      permission: 'anomalies:read',
      query: ListQuery,
      response: pageSchema(DetectorItem),
      handler: async ({ query }) => {
        await desk.settled();
        return pageOfList(detectorItems(parts, await store.totals()), query, ({ id }) => id);
      },
    }),
    ...baselineRoutes(parts),
  ];
}

function verdictRoutes({ desk, clock }: AnomalyRouteParts): readonly Route[] {
  return [
    defineRoute({
      method: 'PUT',
      path: '/anomalies/{id}/verdict',
      operationId: 'judgeAnomaly',
      summary: 'Says that an anomaly is normal from now on, or that it was right to tell; what is usual learns from it',
      tag: TAG,
      permission: 'anomalies:write',
      params: AnomalyId,
      body: z.object({
        verdict: AnomalyVerdict,
        scope: z
          .enum(['device', 'kind'])
          .default('device')
          .meta({ description: 'For whom it is normal: this device, or all of its kind' }),
        note: z.string().max(500).default(''),
      }),
      response: ShownAnomaly,
      audit: { action: 'anomaly.judge', subject: ({ params }) => params.id },
      handler: async ({ params, body, principal }) =>
        found(await desk.decide(params.id, { ...body, by: principal.name, at: clock.now() })),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/anomalies/{id}/verdict',
      operationId: 'undoAnomalyVerdict',
      summary: 'Takes back what was said of an anomaly, and what was learnt from it',
      tag: TAG,
      permission: 'anomalies:write',
      params: AnomalyId,
      response: ShownAnomaly,
      audit: { action: 'anomaly.undo', subject: ({ params }) => params.id },
      handler: async ({ params, principal }) =>
        found(
          await desk.decide(params.id, {
            verdict: null,
            scope: 'device',
            note: '',
            by: principal.name,
            at: clock.now(),
          }),
        ),
    }),
  ];
}

function found(anomaly: Anomaly | undefined): ShownAnomaly {
  if (anomaly !== undefined) return shown(anomaly);
  throw new SphinxError('SPX_NOT_FOUND', 'There is no such anomaly. Its source may have been removed.');
}

function shown(anomaly: Anomaly): ShownAnomaly {
  return { ...anomaly, howRare: howRare(anomaly) };
}
