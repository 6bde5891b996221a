import {
  type Clock,
  cutPage,
  defineRoute,
  ListQuery,
  PageLimit,
  pageOfList,
  pageSchema,
  type Route,
  SequencePageQuery,
} from '@sphinx/platform';
import { Asset, PatientSafetyClass } from '@sphinx/schema';
import { z } from 'zod';
import { AddressHolder, addressHolders } from './asset-addresses.ts';
import { AssetGraph, graphOf } from './asset-graph.ts';
import type { AssetKeeper } from './asset-keeper.ts';
import { AssetQuery, AssetSummary, listAssets, summaryOf } from './asset-list.ts';
import { HistoryAction } from './asset-record.ts';
import type { IdentificationKnowledge } from './classification/load-knowledge.ts';
import { AssetKind, Zone } from './classification/profile.ts';
import type { InventoryStore } from './store.ts';

const MILLISECONDS_PER_HOUR = 3_600_000;
export const TAG = 'assets';
export const AssetId = z.object({ id: z.string() });

/** What the routes of this service stand on. */
export interface RouteDependencies {
  readonly keeper: AssetKeeper;
  readonly store: InventoryStore;
  readonly knowledge: IdentificationKnowledge;
  readonly clock: Clock;
  readonly newForHours: number;
}

const Count = z.object({ id: z.string(), title: z.string(), count: z.int() });
const Summary = z
  .object({
    total: z.int(),
    new: z.int(),
    unknown: z.int(),
    withConflicts: z.int(),
    sample: z.int(),
    kinds: z.array(Count),
    zones: z.array(Count),
    patientSafetyClasses: z.array(Count),
    manufacturers: z.array(Count),
  })
  .meta({ id: 'AssetsSummary' });

const HistoryItem = z.object({
  sequence: z.int(),
  time: z.int(),
  by: z.string(),
  action: HistoryAction,
  detail: z.string(),
  canUndo: z.boolean().meta({ description: 'The last change of a person, which can be taken back' }),
});

/** Reading the inventory. */
export function assetRoutes(dependencies: RouteDependencies): readonly Route[] {
  const { keeper, store, knowledge, clock, newForHours } = dependencies;
  const { inventory } = keeper;
  const newSince = () => clock.now() - newForHours * MILLISECONDS_PER_HOUR;
  return [
    defineRoute({
      method: 'GET',
      path: '/assets',
      operationId: 'listAssets',
      summary: 'Assets, searched, filtered and sorted',
      tag: TAG,
      permission: 'assets:read',
      query: AssetQuery,
      response: pageSchema(AssetSummary).extend({ total: z.int() }),
      handler: async ({ query }) => {
        const since = newSince();
        return listAssets(inventory.list(), query, (asset) => summaryOf(asset, knowledge, since));
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/assets/summary',
      operationId: 'summariseAssets',
      summary: 'How many assets there are of each kind, zone, class and maker, and how many are new',
      tag: TAG,
      permission: 'assets:read',
      response: Summary,
      handler: async () => summarise(inventory.list(), knowledge, newSince()),
    }),
    defineRoute({
      method: 'GET',
      path: '/assets/graph',
      operationId: 'getAssetGraph',
      summary: 'Who talks to whom, of all assets or around one',
      tag: TAG,
      permission: 'assets:read',
      query: z.object({ around: z.string().optional().meta({ description: 'Id of the asset in the middle' }) }),
      response: AssetGraph,
      handler: async ({ query }) => {
        if (query.around !== undefined) inventory.get(query.around);
        return graphOf(inventory.list(), query.around);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/assets/addresses',
      operationId: 'listAssetAddresses',
      summary: 'Which asset has which IP address; where several claim one, the one seen last',
      tag: TAG,
      permission: 'assets:read',
      query: ListQuery,
      response: pageSchema(AddressHolder),
      handler: async ({ query }) => pageOfList(addressHolders(inventory.list()), query, ({ ip }) => ip),
    }),
    defineRoute({
      method: 'GET',
      path: '/assets/{id}',
      operationId: 'getAsset',
      summary: 'All that is known of an asset, with the evidence',
      tag: TAG,
      permission: 'assets:read',
      params: AssetId,
      response: Asset,
      handler: async ({ params }) => inventory.get(params.id),
    }),
    defineRoute({
      method: 'GET',
      path: '/assets/{id}/history',
      operationId: 'getAssetHistory',
      summary: 'What changed about an asset, newest first',
      tag: TAG,
      permission: 'assets:read',
      params: AssetId,
      query: SequencePageQuery.extend({ action: HistoryAction.optional(), limit: PageLimit.default(100) }),
      response: pageSchema(HistoryItem),
      handler: async ({ params, query }) => {
        inventory.get(params.id);
        const entries = await store.history(params.id, { ...query, limit: query.limit + 1 });
        return cutPage(entries, query.limit, ({ sequence }) => String(sequence));
      },
    }),
    ...knowledgeRoutes(knowledge),
  ];
}

function knowledgeRoutes({ kinds, zones }: IdentificationKnowledge): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/asset-kinds',
      operationId: 'listAssetKinds',
      summary: 'Every kind of asset with what it does for patients',
      tag: TAG,
      permission: 'assets:read',
      query: ListQuery,
      response: pageSchema(AssetKind),
      handler: async ({ query }) => pageOfList([...kinds.values()], query, ({ id }) => id),
    }),
    defineRoute({
      method: 'GET',
      path: '/zones',
      operationId: 'listZones',
      summary: 'The zones of a hospital network',
      tag: TAG,
      permission: 'assets:read',
      query: ListQuery,
      response: pageSchema(Zone),
      handler: async ({ query }) => pageOfList([...zones.values()], query, ({ id }) => id),
    }),
  ];
}

function summarise(
  assets: readonly Asset[],
  { kinds, zones }: IdentificationKnowledge,
  newSince: number,
): z.infer<typeof Summary> {
  const count = (of: (asset: Asset) => string | undefined, titleOf: (id: string) => string) => {
    const counts = new Map<string, number>();
    for (const asset of assets) {
      const id = of(asset) ?? 'unknown';
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return [...counts]
      .map(([id, number]) => ({ id, title: id === 'unknown' ? 'unknown' : titleOf(id), count: number }))
      .sort((left, right) => right.count - left.count || left.title.localeCompare(right.title));
  };
  return {
    total: assets.length,
    new: assets.filter(({ firstSeen }) => firstSeen >= newSince).length,
    unknown: assets.filter(({ facts }) => facts.kind === undefined).length,
    withConflicts: assets.filter(({ conflicts }) => conflicts.length > 0).length,
    sample: assets.filter(({ isSample }) => isSample).length,
    kinds: count(
      ({ facts }) => facts.kind?.value,
      (id) => kinds.get(id)?.title ?? id,
    ),
    zones: count(
      ({ facts }) => facts.zone?.value,
      (id) => zones.get(id)?.title ?? id,
    ),
    patientSafetyClasses: count(
      ({ facts }) => PatientSafetyClass.safeParse(facts.patientSafetyClass?.value).data,
      (id) => id.replace('-', ' '),
    ),
    manufacturers: count(
      ({ facts }) => facts.manufacturer?.value,
      (id) => id,
    ),
  };
}
