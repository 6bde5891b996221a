import type { Migration, Outbox, SqlExecutor, StateStore } from '@sphinx/platform';
import type { Conversation, HostEvidence } from '@sphinx/schema';
import type { Arrangement, AssetRecord, HistoryEntry, Statements } from './asset-record.ts';
import type { AddressPeriod, Endpoint } from './identity/endpoint.ts';
import type { Program } from './identity/program.ts';
import type { Inventory } from './inventory.ts';
import type { InventoryChange } from './inventory-change.ts';

export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-inventory',
    sql: `
      CREATE SCHEMA IF NOT EXISTS asset_inventory;
      CREATE TABLE asset_inventory.asset (id text PRIMARY KEY, data jsonb NOT NULL);
      CREATE TABLE asset_inventory.endpoint (id text PRIMARY KEY, data jsonb NOT NULL);
      CREATE TABLE asset_inventory.conversation (id text PRIMARY KEY, data jsonb NOT NULL);
      CREATE TABLE asset_inventory.history (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        asset_id text NOT NULL,
        time bigint NOT NULL,
        by_whom text NOT NULL,
        action text NOT NULL,
        detail text NOT NULL,
        before jsonb
      );
      CREATE INDEX history_asset ON asset_inventory.history (asset_id, sequence);
      CREATE TABLE asset_inventory.view (
        id text PRIMARY KEY,
        owner text NOT NULL,
        name text NOT NULL,
        query text NOT NULL,
        created_at bigint NOT NULL
      );`,
  },
  {
    id: '002-outbox',
    sql: `
      CREATE TABLE asset_inventory.outbox (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        fact text NOT NULL
      );`,
  },
];

/** A saved view: the query string of the list of assets under a name. */
export interface AssetView {
  readonly id: string;
  readonly name: string;
  readonly query: string;
  readonly createdAt: number;
}

type StoredTable = 'asset' | 'endpoint' | 'conversation';
interface StoredEndpoint extends Omit<Endpoint, 'ips' | 'evidence' | 'mac' | 'program'> {
  readonly mac: string | null;
  readonly program: Program | null;
  readonly ips: [string, AddressPeriod][];
  readonly evidence: [string, HostEvidence][];
}
interface StoredAsset extends Omit<AssetRecord, 'endpoints'> {
  readonly endpoints: readonly string[];
  readonly statements: Statements;
}

/** The tables of this service. */
export class InventoryStore {
  readonly #state: StateStore;
  readonly #outbox: Outbox;

  constructor(state: StateStore, outbox: Outbox) {
    this.#state = state;
    this.#outbox = outbox;
  }

  async load(): Promise<{ endpoints: Endpoint[]; assets: AssetRecord[]; conversations: Conversation[] }> {
    const [assets, endpoints, conversations] = await Promise.all([
      this.#readAll<StoredAsset>('asset'),
      this.#readAll<StoredEndpoint>('endpoint'),
      this.#readAll<Conversation>('conversation'),
    ]);
    return {
      assets: assets.map((asset) => ({ ...asset, endpoints: new Set(asset.endpoints) })),
      endpoints: endpoints.map(({ mac, program, ips, evidence, ...endpoint }) => ({
        ...endpoint,
        mac: mac ?? undefined,
        program: program ?? undefined,
        ips: new Map(ips),
        evidence: new Map(evidence),
      })),
      conversations,
    };
  }

  /** Stores a change as a whole, and notes the facts that tell it. */
  async save(change: InventoryChange, inventory: Inventory): Promise<void> {
    await this.#state.transaction(async (sql) => {
      await upsert(
        sql,
        'asset',
        change.assets.map((record) => [record.id, { ...record, endpoints: [...record.endpoints] }]),
      );
      await upsert(
        sql,
        'endpoint',
        change.endpoints.map((endpoint) => [
          endpoint.key,
          {
            ...endpoint,
            mac: endpoint.mac ?? null,
            program: endpoint.program ?? null,
            ips: [...endpoint.ips],
            evidence: [...endpoint.evidence],
          },
        ]),
      );
      await upsert(
        sql,
        'conversation',
        change.conversations.flatMap((key) => {
          const conversation = inventory.conversations.get(key);
          return conversation === undefined ? [] : [[key, conversation] as const];
        }),
      );
      await remove(sql, 'asset', change.removedAssets);
      await remove(sql, 'endpoint', change.removedEndpoints);
      await remove(sql, 'conversation', change.removedConversations);
      for (const entry of change.history) await addHistory(sql, entry);
      await this.#outbox.note(change.facts, sql);
    });
  }

  /** Newest first. @param query.cursor sequence that the entries come before */
  async history(
    assetId: string,
    query: { cursor?: number | undefined; action?: HistoryEntry['action'] | undefined; limit: number },
  ): Promise<(HistoryEntry & { sequence: number; canUndo: boolean })[]> {
    const rows = await this.#state.query<HistoryRow>(
      `SELECT ${HISTORY_COLUMNS} FROM asset_inventory.history
       WHERE asset_id = $1 AND ($2::bigint IS NULL OR sequence < $2) AND ($3::text IS NULL OR action = $3)
       ORDER BY sequence DESC LIMIT $4`,
      [assetId, query.cursor ?? null, query.action ?? null, query.limit],
    );
    const undoable = await this.lastChange(assetId);
    return rows.map((row) => ({ ...entryOf(row), canUndo: undoable?.sequence === Number(row.sequence) }));
  }

  /** The last change of a person that was not taken back. */
  async lastChange(
    assetId: string,
  ): Promise<(HistoryEntry & { sequence: number; before: readonly Arrangement[] }) | undefined> {
    const [row] = await this.#state.query<HistoryRow>(
      `SELECT ${HISTORY_COLUMNS} FROM asset_inventory.history
       WHERE asset_id = $1 AND before IS NOT NULL ORDER BY sequence DESC LIMIT 1`,
      [assetId],
    );
    if (row === undefined || row.before === null) return undefined;
    return { ...entryOf(row), before: row.before };
  }

  /** A change that was taken back cannot be taken back again. */
  async markUndone(sequences: readonly number[], assetId: string): Promise<void> {
    await this.#state.query(
      `UPDATE asset_inventory.history SET before = NULL
       WHERE sequence = ANY($1::bigint[]) OR (asset_id = $2 AND action = 'undone')`,
      [`{${sequences.join(',')}}`, assetId],
    );
  }

  async views(owner: string): Promise<AssetView[]> {
    const rows = await this.#state.query<AssetView>(
      `SELECT id, name, query, created_at AS "createdAt" FROM asset_inventory.view WHERE owner = $1 ORDER BY name`,
      [owner],
    );
    return rows.map((view) => ({ ...view, createdAt: Number(view.createdAt) }));
  }

  async addView(owner: string, view: AssetView): Promise<void> {
    await this.#state.query(
      `INSERT INTO asset_inventory.view (id, owner, name, query, created_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, query = excluded.query`,
      [view.id, owner, view.name, view.query, view.createdAt],
    );
  }

  async removeView(owner: string, id: string): Promise<void> {
    await this.#state.query('DELETE FROM asset_inventory.view WHERE owner = $1 AND id = $2', [owner, id]);
  }

  async #readAll<Data>(table: StoredTable): Promise<Data[]> {
    const rows = await this.#state.query<{ data: Data }>(`SELECT data FROM asset_inventory.${table} ORDER BY id`);
    return rows.map(({ data }) => data);
  }
}

const HISTORY_COLUMNS = 'sequence, asset_id, time, by_whom, action, detail, before';

interface HistoryRow {
  readonly sequence: number | string;
  readonly asset_id: string;
  readonly time: number | string;
  readonly by_whom: string;
  readonly action: HistoryEntry['action'];
  readonly detail: string;
  readonly before: readonly Arrangement[] | null;
}

function entryOf(row: HistoryRow): HistoryEntry & { sequence: number } {
  return {
    sequence: Number(row.sequence),
    assetId: row.asset_id,
    time: Number(row.time),
    by: row.by_whom,
    action: row.action,
    detail: row.detail,
  };
}

async function upsert(
  sql: SqlExecutor,
  table: StoredTable,
  rows: readonly (readonly [id: string, data: object])[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `INSERT INTO asset_inventory.${table} (id, data)
     SELECT entry ->> 'id', entry -> 'data' FROM jsonb_array_elements($1::jsonb) AS entry
     ON CONFLICT (id) DO UPDATE SET data = excluded.data`,
    [JSON.stringify(rows.map(([id, data]) => ({ id, data })))],
  );
}

async function remove(sql: SqlExecutor, table: StoredTable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql.query(`DELETE FROM asset_inventory.${table} WHERE id IN (SELECT jsonb_array_elements_text($1::jsonb))`, [
    JSON.stringify(ids),
  ]);
}

async function addHistory(sql: SqlExecutor, entry: HistoryEntry): Promise<void> {
  await sql.query(
    `INSERT INTO asset_inventory.history (asset_id, time, by_whom, action, detail, before)
     VALUES ($1, $2, $3, $4, $5, $6::jsonb)`,
    [
      entry.assetId,
      entry.time,
      entry.by,
      entry.action,
      entry.detail,
      entry.before === undefined ? null : JSON.stringify(entry.before),
    ],
  );
}
