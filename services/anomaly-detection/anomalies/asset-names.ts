import type { StateStore } from '@sphinx/platform';
import type { Fact } from '@sphinx/schema';

/** What assets are called, so that an anomaly names devices as people do. */
export class AssetNames {
  readonly #state: StateStore;
  readonly #names = new Map<string, string>();

  constructor(state: StateStore) {
    this.#state = state;
  }

  async open(): Promise<void> {
    const rows = await this.#state.query<{ asset: string; name: string }>(
      'SELECT asset, name FROM anomaly_detection.asset_name',
    );
    for (const { asset, name } of rows) this.#names.set(asset, name);
  }

  /** @returns what was given where it has no name */
  of(key: string): string {
    return this.#names.get(key) ?? key;
  }

  /** Takes what the inventory says. */
  async take(fact: Fact): Promise<void> {
    if (fact.type === 'asset.discovered' || fact.type === 'asset.updated')
      await this.#save(fact.data.id, fact.data.name);
    else if (fact.type === 'asset.removed') await this.#remove(fact.data.assetId);
    else if (fact.type === 'asset.merged') await this.#remove(fact.data.mergedAssetId);
  }

  async #save(asset: string, name: string): Promise<void> {
    if (this.#names.get(asset) === name) return;
    await this.#state.query(
      `INSERT INTO anomaly_detection.asset_name (asset, name) VALUES ($1, $2)
       ON CONFLICT (asset) DO UPDATE SET name = excluded.name`,
      [asset, name],
    );
    this.#names.set(asset, name);
  }

  async #remove(asset: string): Promise<void> {
    if (!this.#names.delete(asset)) return;
    await this.#state.query('DELETE FROM anomaly_detection.asset_name WHERE asset = $1', [asset]);
  }
}
