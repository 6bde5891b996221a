import { defineRoute, type Route, SphinxError } from '@sphinx/platform';
import { deterministicId } from '@sphinx/schema';
import { z } from 'zod';
import { NOTHING_STATED } from './asset-record.ts';
import type { IdentificationKnowledge } from './classification/load-knowledge.ts';
import { exportCsv, exportJson } from './exchange/export-assets.ts';
import { AssetImport, ImportRow, type PlannedRow, planImport } from './exchange/import-assets.ts';
import type { Inventory } from './inventory.ts';
import { type InventoryChange, joinChanges } from './inventory-change.ts';
import { type Actor, stateAsset } from './manual-changes.ts';
import { type RouteDependencies, TAG } from './routes.ts';

/** Rows that are stored together: many make it fast, few let what is seen meanwhile in between. */
const ROWS_AT_ONCE = 100;

const ImportResult = z.object({
  items: z.array(ImportRow),
  totals: z.object({ update: z.int(), create: z.int(), unchanged: z.int(), skip: z.int() }),
});

/** Exchange with equipment databases (CMMS): out as CSV or JSON, in with a preview of what would change. */
export function exchangeRoutes(dependencies: RouteDependencies): readonly Route[] {
  const { keeper, knowledge, clock } = dependencies;
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
        const actor = { name: principal.name, time: clock.now() };
        const done: ImportRow[] = [];
        for (let start = 0; start < plan.length; start += ROWS_AT_ONCE) {
          const rows = plan.slice(start, start + ROWS_AT_ONCE);
          await keeper.change(() => {
            const carriedOut = rows.map((row) => carryOut(row, inventory, knowledge, actor));
            done.push(...carriedOut.map((one) => one.row));
            return joinChanges(carriedOut.flatMap(({ changes }) => changes));
          });
        }
        return resultOf(done);
      },
    }),
  ];
}

/** A row that cannot be carried out stops none of the others. */
function carryOut(
  row: PlannedRow,
  inventory: Inventory,
  knowledge: IdentificationKnowledge,
  actor: Actor,
): { row: ImportRow; changes: readonly InventoryChange[] } {
  const { change, address, ...planned } = row;
  if (row.action !== 'update' && row.action !== 'create') return { row: planned, changes: [] };
  const changes: InventoryChange[] = [];
  try {
    const created = row.assetId === null ? createAsset(address, inventory, actor) : undefined;
    if (created !== undefined) changes.push(created.change);
    const assetId = row.assetId ?? created?.id ?? '';
    if (Object.keys(change).length > 0)
      changes.push(stateAsset(inventory, knowledge, assetId, change, actor, 'imported'));
    return { row: { ...planned, assetId }, changes };
  } catch (error) {
    if (error instanceof SphinxError) return { row: { ...planned, action: 'skip', message: error.message }, changes };
    throw error;
  }
}

function createAsset(
  address: PlannedRow['address'],
  inventory: Inventory,
  actor: Actor,
): { id: string; change: InventoryChange } {
  const key = inventory.addImported(address, actor.time);
  const id = inventory.assetOfEndpoint(key) ?? deterministicId('ast', key);
  const arrangement = { id, isSample: false, endpoints: [key], statements: NOTHING_STATED };
  const history = { assetId: id, time: actor.time, by: actor.name, action: 'imported', detail: 'Imported.' } as const;
  return { id, change: inventory.rearrange([arrangement], history) };
}

function resultOf(rows: readonly ImportRow[]): z.infer<typeof ImportResult> {
  const totals = { update: 0, create: 0, unchanged: 0, skip: 0 };
  for (const { action } of rows) totals[action] += 1;
  return { items: [...rows], totals };
}
