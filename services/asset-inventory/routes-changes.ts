import { defineRoute, ListQuery, pageOfList, pageSchema, type Route, SphinxError } from '@sphinx/platform';
import { Asset } from '@sphinx/schema';
import { z } from 'zod';
import { AssetChange, mergeAssets, partsOf, splitAsset, stateAsset, undoChange } from './manual-changes.ts';
import { AssetId, type RouteDependencies, TAG } from './routes.ts';

/** What people change about assets. Every change can be taken back. */
export function changeRoutes({ keeper, store, knowledge, clock }: RouteDependencies): readonly Route[] {
  const { inventory } = keeper;
  const actor = (name: string) => ({ name, time: clock.now() });
  return [
    defineRoute({
      method: 'PATCH',
      path: '/assets/{id}',
      operationId: 'changeAsset',
      summary: 'States name, facts or that it is confirmed; what a person states wins over what was found',
      tag: TAG,
      permission: 'assets:write',
      params: AssetId,
      body: AssetChange,
      response: Asset,
      audit: { action: 'asset.change', subject: ({ params }) => params.id },
      handler: async ({ params, body, principal }) => {
        await keeper.change(() => stateAsset(inventory, knowledge, params.id, body, actor(principal.name)));
        return inventory.get(params.id);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/assets/{id}/merge',
      operationId: 'mergeAssets',
      summary: 'Makes this and other assets one',
      tag: TAG,
      permission: 'assets:write',
      params: AssetId,
      body: z.object({ assetIds: z.array(z.string()).min(1).max(100) }),
      response: Asset,
      audit: { action: 'asset.merge', subject: ({ params, body }) => `${params.id} with ${body.assetIds.join(', ')}` },
      handler: async ({ params, body, principal }) => {
        await keeper.change(() => mergeAssets(inventory, params.id, body.assetIds, actor(principal.name)));
        return inventory.get(params.id);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/assets/{id}/parts',
      operationId: 'listAssetParts',
      summary: 'What the asset can be split into: its network cards, and addresses seen only through a router',
      tag: TAG,
      permission: 'assets:read',
      params: AssetId,
      query: ListQuery,
      response: pageSchema(z.object({ address: z.string(), ips: z.array(z.string()) })),
      handler: async ({ params, query }) => pageOfList(partsOf(inventory, params.id), query, ({ address }) => address),
    }),
    defineRoute({
      method: 'POST',
      path: '/assets/{id}/split',
      operationId: 'splitAsset',
      summary: 'Makes an asset of its own from some addresses of this one',
      tag: TAG,
      permission: 'assets:write',
      params: AssetId,
      body: z.object({ addresses: z.array(z.string().min(2)).min(1).max(100) }),
      response: Asset.meta({ description: 'The new asset' }),
      status: 201,
      audit: { action: 'asset.split', subject: ({ params, body }) => `${params.id}: ${body.addresses.join(', ')}` },
      handler: async ({ params, body, principal }) => {
        let newId = '';
        await keeper.change(() => {
          const split = splitAsset(inventory, params.id, body.addresses, actor(principal.name));
          newId = split.newId;
          return split.change;
        });
        return inventory.get(newId);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/assets/{id}/undo',
      operationId: 'undoAssetChange',
      summary: 'Takes the last change that a person made to this asset back',
      tag: TAG,
      permission: 'assets:write',
      params: AssetId,
      response: Asset,
      audit: { action: 'asset.undo', subject: ({ params }) => params.id },
      handler: async ({ params, principal }) => {
        const entry = await store.lastChange(params.id);
        if (entry === undefined) {
          throw new SphinxError('SPX_CONFLICT', 'Nobody changed this asset, so there is nothing to take back.');
        }
        await keeper.change(() => undoChange(inventory, entry, actor(principal.name)));
        await store.markUndone([entry.sequence], params.id);
        return inventory.get(params.id);
      },
    }),
  ];
}
