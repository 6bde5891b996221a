import { randomUUID } from 'node:crypto';
import { defineRoute, ListQuery, pageOfList, pageSchema, type Route } from '@sphinx/platform';
import { z } from 'zod';
import { AssetId, type RouteDependencies, TAG } from './routes.ts';

const AssetView = z
  .object({
    id: z.string(),
    name: z.string(),
    query: z.string().meta({ description: 'Query string of the list of assets' }),
    createdAt: z.int(),
  })
  .meta({ id: 'AssetView' });

/** Saved views of the list of assets; everybody has their own. */
export function viewRoutes({ store, clock }: RouteDependencies): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/asset-views',
      operationId: 'listAssetViews',
      summary: 'Own saved views',
      tag: TAG,
      permission: 'assets:read',
      query: ListQuery,
      response: pageSchema(AssetView),
      handler: async ({ query, principal }) => pageOfList(await store.views(principal.id), query, ({ id }) => id),
    }),
    defineRoute({
      method: 'POST',
      path: '/asset-views',
      operationId: 'saveAssetView',
      summary: 'Saves filters, columns and order of the list under a name',
      tag: TAG,
      permission: 'assets:read',
      body: z.object({ name: z.string().trim().min(1).max(100), query: z.string().max(4000) }),
      response: AssetView,
      status: 201,
      audit: { action: 'asset-view.save', subject: ({ body }) => body.name },
      handler: async ({ body, principal }) => {
        const view = { id: `view_${randomUUID()}`, ...body, createdAt: clock.now() };
        await store.addView(principal.id, view);
        return view;
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/asset-views/{id}',
      operationId: 'removeAssetView',
      summary: 'Removes an own saved view',
      tag: TAG,
      permission: 'assets:read',
      params: AssetId,
      response: null,
      audit: { action: 'asset-view.remove', subject: ({ params }) => params.id },
      handler: ({ params, principal }) => store.removeView(principal.id, params.id),
    }),
  ];
}
