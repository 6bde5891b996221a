import type { Asset, Fact } from '@sphinx/schema';
import type { StateStore } from '../state-store/state-store.ts';

/** What an asset is and where; empty where it is unknown. */
export interface AssetPlace {
  /** Id of the asset. */
  readonly asset: string;
  readonly kind: string;
  readonly zone: string;
}

interface PlacedAsset extends AssetPlace {
  readonly ips: readonly string[];
}

/**
 * Kinds and zones by address, as the inventory told them, for a service that judges by them. Kept in a table of that service:
 * `asset text PRIMARY KEY, ips jsonb, kind text, zone text`, all NOT NULL.
 */
export class AssetPlaces {
  readonly #state: StateStore;
  readonly #table: string;
  readonly #assets = new Map<string, PlacedAsset>();
  readonly #byAddress = new Map<string, Set<PlacedAsset>>();

  /** @param table its name with the schema of the service, for example `data_protection.asset_place` */
  constructor(state: StateStore, table: string) {
    this.#state = state;
    this.#table = table;
  }

  async open(): Promise<void> {
    const rows = await this.#state.query<PlacedAsset>(`SELECT asset, ips, kind, zone FROM ${this.#table}`);
    for (const row of rows) this.#put(row);
  }

  of(ip: string): readonly AssetPlace[] {
    return [...(this.#byAddress.get(ip) ?? [])];
  }

  /** Takes what the inventory says. */
  async take(fact: Fact): Promise<void> {
    if (fact.type === 'asset.discovered' || fact.type === 'asset.updated') await this.#save(fact.data);
    else if (fact.type === 'asset.removed') await this.#remove(fact.data.assetId);
    else if (fact.type === 'asset.merged') await this.#remove(fact.data.mergedAssetId);
  }

  async #save({ id, ips, facts }: Asset): Promise<void> {
    const placed = { asset: id, ips, kind: facts.kind?.value ?? '', zone: facts.zone?.value ?? '' };
    const known = this.#assets.get(id);
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(placed)) return;
    await this.#state.query(
      `INSERT INTO ${this.#table} (asset, ips, kind, zone) VALUES ($1, $2::jsonb, $3, $4)
       ON CONFLICT (asset) DO UPDATE SET ips = excluded.ips, kind = excluded.kind, zone = excluded.zone`,
      [id, JSON.stringify(ips), placed.kind, placed.zone],
    );
    this.#take(id);
    this.#put(placed);
  }

  async #remove(id: string): Promise<void> {
    await this.#state.query(`DELETE FROM ${this.#table} WHERE asset = $1`, [id]);
    this.#take(id);
  }

  #put(placed: PlacedAsset): void {
    this.#assets.set(placed.asset, placed);
    for (const ip of placed.ips) {
      const holders = this.#byAddress.get(ip) ?? new Set();
      this.#byAddress.set(ip, holders.add(placed));
    }
  }

  #take(id: string): void {
    const known = this.#assets.get(id);
    if (known === undefined) return;
    this.#assets.delete(id);
    for (const ip of known.ips) {
      const holders = this.#byAddress.get(ip);
      holders?.delete(known);
      if (holders?.size === 0) this.#byAddress.delete(ip);
    }
  }
}
