import { defineRoute, type Route, SphinxError } from '@sphinx/platform';
import { deterministicId } from '@sphinx/schema';
import { z } from 'zod';
import { NOTHING_STATED } from './asset-record.ts';
import { exportCsv, exportJson } from './exchange/export-assets.ts';
import { AssetImport, ImportRow, type PlannedRow, planImport } from './exchange/import-assets.ts';
import type { InventoryChange } from './inventory-change.ts';
import { stateAsset } from './manual-changes.ts';
import { type RouteDependencies, TAG } from './routes.ts';

const ImportResult = z.object({
  items: z.array(ImportRow),
  totals: z.object({ update: z.int(), create: z.int(), unchanged: z.int(), skip: z.int() }),
});

/** Exchange with equipment databases (CMMS): out as CSV or JSON, in with a preview of what would change. */
export function exchangeRoutes(dependencies: RouteDependencies): readonly Route[] {
  const { keeper, knowledge } = dependencies;
  const { inventory } = keeper;
  return [
    defineRoute({
      method: 'GET',
      path: '/assets/export',
      operationId: 'exportAssets',
      summary: 'Every asset as CSV or JSON',
      tag: TAG,
      permission: 'assets:read',
      query: z.object({ format: z.enum(['csv', 'json']).default('csv') }),
      response: { raw: 'text/csv' },
      handler: async ({ query }) => {
        const assets = [...inventory.list()].sort((left, right) => left.name.localeCompare(right.name));
        const isCsv = query.format === 'csv';
        return new Response(isCsv ? exportCsv(assets) : exportJson(assets), {
          headers: {
            'content-type': isCsv ? 'text/csv; charset=utf-8' : 'application/json',
            'content-disposition': `attachment; filename="assets.${query.format}"`,
          },
        });
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/assets/import/preview',
      operationId: 'previewAssetImport',
      summary: 'What an import would change, row by row; nothing is changed',
      tag: TAG,
      permission: 'assets:write',
      body: AssetImport,
      response: ImportResult,
      audit: { action: 'asset.import.preview', subject: ({ body }) => body.format },
      handler: async ({ body }) => resultOf(planImport(body, inventory.list(), knowledge)),
    }),
    defineRoute({
      method: 'POST',
      path: '/assets/import',
      operationId: 'importAssets',
      summary: 'Carries an import out; each row can be taken back on its asset',
      tag: TAG,
      permission: 'assets:write',
      body: AssetImport,
      response: ImportResult,
      audit: { action: 'asset.import', subject: ({ body }) => body.format },
      handler: async ({ body, principal }) => {
        const plan = planImport(body, inventory.list(), knowledge);
        const done: ImportRow[] = [];
        for (const row of plan) done.push(await carryOut(row, dependencies, principal.name));
        return resultOf(done);
      },
    }),
  ];
}

/** A row that cannot be carried out stops none of the others. */
async function carryOut(row: PlannedRow, dependencies: RouteDependencies, by: string): Promise<ImportRow> {
  const { keeper, knowledge, clock } = dependencies;
  const { inventory } = keeper;
  if (row.action !== 'update' && row.action !== 'create') return row;
  const actor = { name: by, time: clock.now() };
  try {
    let assetId = row.assetId;
    if (assetId === null) assetId = await createAsset(row, dependencies, actor);
    const id = assetId;
    if (Object.keys(row.change).length > 0) {
      await keeper.change(() => stateAsset(inventory, knowledge, id, row.change, actor, 'imported'));
    }
    return { ...row, assetId };
  } catch (error) {
    if (error instanceof SphinxError) return { ...row, action: 'skip', message: error.message };
    throw error;
  }
}

async function createAsset(
  row: PlannedRow,
  { keeper }: RouteDependencies,
  actor: { name: string; time: number },
): Promise<string> {
  const { inventory } = keeper;
  let id = '';
  await keeper.change((): InventoryChange => {
    const key = inventory.addImported(row.address, actor.time);
    id = inventory.assetOfEndpoint(key) ?? deterministicId('ast', key);
    const arrangement = { id, isSample: false, endpoints: [key], statements: NOTHING_STATED };
    const history = { assetId: id, time: actor.time, by: actor.name, action: 'imported', detail: 'Imported.' } as const;
    return inventory.rearrange([arrangement], history);
  });
  return id;
}

function resultOf(rows: readonly ImportRow[]): z.infer<typeof ImportResult> {
  const totals = { update: 0, create: 0, unchanged: 0, skip: 0 };
  for (const { action } of rows) totals[action] += 1;
  return { items: [...rows], totals };
}
