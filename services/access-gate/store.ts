import { cutPage, type Migration, type Page, type StateStore } from '@sphinx/platform';
import type { Verification } from '@sphinx/schema';
import type { Device } from './decision/access-policy.ts';
import type { Access, Decision } from './decision/decide.ts';

export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-access-gate',
    sql: `
      CREATE SCHEMA IF NOT EXISTS access_gate;
      CREATE TABLE access_gate.device (
        asset_id text PRIMARY KEY,
        device jsonb NOT NULL
      );
      CREATE INDEX device_macs ON access_gate.device USING gin ((device->'macs'));
      CREATE TABLE access_gate.client (
        id text PRIMARY KEY,
        name text NOT NULL,
        address text NOT NULL UNIQUE
      );
      CREATE TABLE access_gate.decision (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        asset_id text,
        record jsonb NOT NULL
      );
      CREATE INDEX decision_asset ON access_gate.decision (asset_id, sequence);`,
  },
];

/** Decisions that are kept; the audit trail keeps all. */
const KEPT_DECISIONS = 20_000;

/** A decision as it is kept and shown. */
export interface DecisionRecord {
  readonly id: string;
  readonly time: number;
  readonly assetId: string | null;
  readonly assetName: string;
  /** Hardware address that asked; empty where a verdict was the cause. */
  readonly mac: string;
  /** Switch that asked; empty where a verdict was the cause. */
  readonly client: string;
  readonly verdict: string;
  readonly asked: Access;
  readonly done: Access;
  readonly reasons: readonly string[];
  /** What could not be carried out, in words. */
  readonly faults: readonly string[];
}

export interface RadiusClientRow {
  readonly id: string;
  readonly name: string;
  readonly address: string;
}

/** The tables of the gate. */
export class GateStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async device(assetId: string): Promise<Device | undefined> {
    const [row] = await this.#state.query<{ device: Device }>(
      'SELECT device FROM access_gate.device WHERE asset_id = $1',
      [assetId],
    );
    return row?.device;
  }

  /** @returns undefined where nobody or several have the address: two devices under one address are none that is known */
  async deviceOfMac(mac: string): Promise<Device | undefined> {
    const rows = await this.#state.query<{ device: Device }>(
      `SELECT device FROM access_gate.device WHERE device->'macs' ? $1 LIMIT 2`,
      [mac],
    );
    return rows.length === 1 ? rows[0]?.device : undefined;
  }

  async saveDevice(device: Device): Promise<void> {
    await this.#state.query(
      `INSERT INTO access_gate.device (asset_id, device) VALUES ($1, $2::jsonb)
       ON CONFLICT (asset_id) DO UPDATE SET device = excluded.device`,
      [device.assetId, JSON.stringify(device)],
    );
  }

  async removeDevice(assetId: string): Promise<void> {
    await this.#state.query('DELETE FROM access_gate.device WHERE asset_id = $1', [assetId]);
  }

  async clients(): Promise<readonly RadiusClientRow[]> {
    return this.#state.query<RadiusClientRow>('SELECT id, name, address FROM access_gate.client ORDER BY name');
  }

  async clientOf(address: string): Promise<RadiusClientRow | undefined> {
    const [row] = await this.#state.query<RadiusClientRow>(
      'SELECT id, name, address FROM access_gate.client WHERE address = $1',
      [address],
    );
    return row;
  }

  /** @returns false where the address has one already */
  async addClient({ id, name, address }: RadiusClientRow): Promise<boolean> {
    const rows = await this.#state.query(
      `INSERT INTO access_gate.client (id, name, address) VALUES ($1, $2, $3)
       ON CONFLICT (address) DO NOTHING RETURNING id`,
      [id, name, address],
    );
    return rows.length > 0;
  }

  async removeClient(id: string): Promise<boolean> {
    const rows = await this.#state.query('DELETE FROM access_gate.client WHERE id = $1 RETURNING id', [id]);
    return rows.length > 0;
  }

  async saveDecision(record: DecisionRecord): Promise<void> {
    const [row] = await this.#state.query<{ sequence: number | string }>(
      `INSERT INTO access_gate.decision (id, asset_id, record) VALUES ($1, $2, $3::jsonb)
       ON CONFLICT (id) DO UPDATE SET record = excluded.record RETURNING sequence`,
      [record.id, record.assetId, JSON.stringify(record)],
    );
    const sequence = Number(row?.sequence ?? 0);
    if (sequence % 1000 !== 0) return;
    await this.#state.query('DELETE FROM access_gate.decision WHERE sequence <= $1', [sequence - KEPT_DECISIONS]);
  }

  /** Newest first. */
  async decisions(query: { assetId?: string; before?: number; limit: number }): Promise<Page<DecisionRecord>> {
    const rows = await this.#state.query<{ sequence: number; record: DecisionRecord }>(
      `SELECT sequence, record FROM access_gate.decision
       WHERE ($1::text IS NULL OR asset_id = $1) AND ($2::bigint IS NULL OR sequence < $2)
       ORDER BY sequence DESC LIMIT $3`,
      [query.assetId ?? null, query.before ?? null, query.limit + 1],
    );
    const page = cutPage(rows, query.limit, ({ sequence }) => String(sequence));
    return { ...page, items: page.items.map(({ record }) => record) };
  }

  /** The last decision that a verdict was the cause of. */
  async lastOfVerdict(assetId: string): Promise<DecisionRecord | undefined> {
    const [row] = await this.#state.query<{ record: DecisionRecord }>(
      `SELECT record FROM access_gate.decision WHERE asset_id = $1 AND record->>'mac' = ''
       ORDER BY sequence DESC LIMIT 1`,
      [assetId],
    );
    return row?.record;
  }
}

/** Words of a verdict for records. */
export function verdictWord(verdict: Verification['verdict'] | undefined): string {
  return verdict ?? 'unknown';
}

/** @returns a record of a decision that was just made */
export function recordOf(
  decision: Decision,
  about: Pick<DecisionRecord, 'id' | 'time' | 'mac' | 'client' | 'faults'>,
  device: Device | undefined,
): DecisionRecord {
  return {
    ...about,
    ...decision,
    assetId: device?.assetId ?? null,
    assetName: device?.name ?? '',
    verdict: verdictWord(device?.verdict),
  };
}
