import { type AssetPlaces, defineRoute, ListQuery, pageOfList, pageSchema, type Route } from '@sphinx/platform';
import { z } from 'zod';
import type { AnomalyKnowledge } from '../knowledge/anomaly-knowledge.ts';
import { MEASURES } from '../traffic/measures.ts';
import type { BaselineLibrary, DeviceBaseline } from './baseline-library.ts';
import { limitOfNorm } from './norm.ts';

const TAG = 'anomaly detection';
const HOURS_OF_DAY = 24;
const Moment = z.number().meta({ description: 'Milliseconds since the Unix epoch' });

const BaselineItem = z
  .object({
    key: z.string().meta({ description: 'Id of the asset, or an address that is none' }),
    kind: z.string(),
    hasLearnt: z.boolean().meta({ description: 'Long enough to be compared with itself' }),
    hours: z.int().meta({ description: 'Hours of activity that have taught it' }),
    days: z.int(),
    since: Moment,
    lastSeen: Moment,
    habits: z.int(),
  })
  .meta({ id: 'BaselineSummary' });

const BaselineDetail = BaselineItem.extend({
  comparedWith: z.enum(['itself', 'kind', 'site', 'hospitals']),
  devicesOfKind: z.int().meta({ description: 'Devices of its kind that have learnt' }),
  measures: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      unit: z.enum(['count', 'bytes', 'seconds']),
      usual: z.number().nullable().meta({ description: 'Half of its hours have no more' }),
      high: z.number().meta({ description: 'One hour in a hundred has more' }),
      limit: z.number().meta({ description: 'From here on somebody is told' }),
      recent: z.array(z.object({ hour: Moment, value: z.number() })).meta({ description: 'Its last hours' }),
    }),
  ),
  habitList: z.array(z.object({ name: z.string(), since: Moment, lastSeen: Moment, isKnown: z.boolean() })),
  peers: z
    .array(
      z.object({
        key: z.string().meta({ description: 'Id of the asset, or an address that is none' }),
        name: z.string(),
        role: z
          .enum(['asked', 'asks'])
          .meta({ description: '`asked`: it speaks to this one; `asks`: this one speaks to it' }),
        since: Moment,
        lastSeen: Moment,
        days: z.int().meta({ description: 'Days on which they have spoken' }),
      }),
    )
    .meta({ description: 'Devices here, those of most days first; up to 64' }),
  activeHours: z.array(z.int()).meta({ description: 'Days on which it was active in each hour of the day, UTC' }),
}).meta({ id: 'Baseline' });
export type BaselineDetail = z.infer<typeof BaselineDetail>;

export interface BaselineRouteParts {
  readonly knowledge: AnomalyKnowledge;
  readonly library: BaselineLibrary;
  readonly places: AssetPlaces;
  readonly nameOf: (key: string) => string;
  readonly rarity: () => number;
}

/** What is usual. */
export function baselineRoutes(parts: BaselineRouteParts): readonly Route[] {
  const { library } = parts;
  return [
    defineRoute({
      method: 'GET',
      path: '/baselines',
      operationId: 'listBaselines',
      summary: 'Devices whose behaviour is learnt, those last that were silent longest',
      tag: TAG,
      permission: 'anomalies:read',
      query: ListQuery,
      response: pageSchema(BaselineItem),
      handler: async ({ query }) => {
        const items = library.list().map(itemOf);
        items.sort((a, b) => b.lastSeen - a.lastSeen || (a.key < b.key ? -1 : 1));
        return pageOfList(items, query, ({ key }) => key);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/baselines/{id}',
      operationId: 'getBaseline',
      summary: 'What is usual of one device, beside its last hours; of no hours where nothing was learnt of it yet',
      tag: TAG,
      permission: 'anomalies:read',
      params: z.object({ id: z.string().max(255).meta({ description: 'Id of an asset, or an address' }) }),
      response: BaselineDetail,
      handler: async ({ params }) => {
        const [place] = parts.places.of(params.id);
        const key = place?.asset ?? params.id;
        return detailOf(parts, library.device(key) ?? library.unknown(key, place?.kind ?? ''));
      },
    }),
  ];
}

function itemOf({ key, kind, hasLearnt, baseline }: DeviceBaseline): z.infer<typeof BaselineItem> {
  const { hours, days, firstHour: since, lastHour: lastSeen, habits } = baseline;
  return { key, kind, hasLearnt, hours, days, since, lastSeen, habits: habits.size };
}

function detailOf(parts: BaselineRouteParts, device: DeviceBaseline): z.infer<typeof BaselineDetail> {
  const { knowledge, library } = parts;
  const rarity = parts.rarity();
  const norms = knowledge.detectors.flatMap(({ actors, measures = [] }) =>
    actors === 'external'
      ? []
      : measures.map(({ id, floor, high }) => {
          const norm = library.norm(device.key, device.kind, id, { floor, high });
          return { id, norm, limit: limitOfNorm(norm, rarity, floor) };
        }),
  );
  // What it never does is no chart.
  const shown = norms.filter(
    ({ id }) => device.recent.of(id).some(({ value }) => value > 0) || device.baseline.sketchOf(id),
  );
  return {
    ...itemOf(device),
    comparedWith: norms[0]?.norm.basis ?? 'hospitals',
    devicesOfKind: library.kind(device.kind)?.devices ?? 0,
    measures: shown.map(({ id, norm, limit }) => ({
      id,
      title: MEASURES[id].title,
      unit: MEASURES[id].unit,
      usual: norm.usual ?? null,
      high: norm.high,
      limit,
      recent: [...device.recent.of(id)],
    })),
    habitList: device.baseline.habits
      .list()
      .map(({ name, since, last, isKnown }) => ({ name, since, lastSeen: last, isKnown })),
    peers: device.peers
      .list()
      .map(({ key, role, since, last, days }) => ({ key, name: parts.nameOf(key), role, since, lastSeen: last, days })),
    activeHours: Array.from({ length: HOURS_OF_DAY }, (_, hour) => device.baseline.activeIn(hour)),
  };
}
