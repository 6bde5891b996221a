import { createHash } from 'node:crypto';
import type { SqlExecutor } from '@sphinx/platform';
import type { Fact } from '@sphinx/schema';
import { type AssetCard, cardOf, UNSAID } from './asset-card.ts';

/** Every asset of the hospital as risk needs it, as the inventory told it last. */
export class AssetCards {
  readonly #cards = new Map<string, AssetCard>();
  /** Digest of each card as it is stored: what did not change is not written again. */
  readonly #stored = new Map<string, string>();
  /** Ids by address and by name on the network. */
  readonly #byName = new Map<string, string>();

  async open(sql: SqlExecutor): Promise<void> {
    this.#cards.clear();
    this.#stored.clear();
    this.#byName.clear();
    for (const { card } of await sql.query<{ card: AssetCard }>('SELECT card FROM risk_assessment.asset')) {
      this.#put(card.id, { ...UNSAID, ...card });
    }
  }

  /** @param name IP address or host name, with or without its domain */
  find(name: string): string | undefined {
    const lower = name.toLowerCase();
    return this.#byName.get(lower) ?? this.#byName.get(lower.split('.')[0] ?? '');
  }

  all(): readonly AssetCard[] {
    return [...this.#cards.values()];
  }

  /**
   * Takes what the inventory says, in its order.
   *
   * @returns ids of assets that are new, gone or different
   */
  async take(facts: readonly Fact[], sql: SqlExecutor): Promise<ReadonlySet<string>> {
    const next = new Map<string, AssetCard | undefined>();
    for (const fact of facts) {
      if (fact.type === 'asset.discovered' || fact.type === 'asset.updated') next.set(fact.data.id, cardOf(fact.data));
      else if (fact.type === 'asset.removed') next.set(fact.data.assetId, undefined);
      else if (fact.type === 'asset.merged') next.set(fact.data.mergedAssetId, undefined);
    }
    const changed = new Set<string>();
    const rows: { readonly id: string; readonly text: string }[] = [];
    for (const [id, card] of next) {
      const text = card === undefined ? undefined : JSON.stringify(card);
      const isSame = text === undefined ? !this.#cards.has(id) : digestOf(text) === this.#stored.get(id);
      if (isSame) continue;
      changed.add(id);
      if (text !== undefined) rows.push({ id, text });
    }
    await this.#store(
      rows,
      [...changed].filter((id) => next.get(id) === undefined),
      sql,
    );
    // After the store took it: a transaction that fails is handed over again.
    const texts = new Map(rows.map(({ id, text }) => [id, text]));
    for (const id of changed) {
      const text = texts.get(id);
      this.#put(id, next.get(id));
      if (text === undefined) this.#stored.delete(id);
      else this.#stored.set(id, digestOf(text));
    }
    return changed;
  }

  async #store(
    rows: readonly { readonly id: string; readonly text: string }[],
    gone: readonly string[],
    sql: SqlExecutor,
  ): Promise<void> {
    if (rows.length > 0) {
      await sql.query(
        `INSERT INTO risk_assessment.asset (asset, card)
         SELECT asset, card::jsonb FROM unnest($1::text[], $2::text[]) AS told (asset, card)
         ON CONFLICT (asset) DO UPDATE SET card = excluded.card`,
        [rows.map(({ id }) => id), rows.map(({ text }) => text)],
      );
    }
    if (gone.length > 0) await sql.query('DELETE FROM risk_assessment.asset WHERE asset = ANY($1::text[])', [gone]);
  }

  #put(id: string, card: AssetCard | undefined): void {
    for (const name of namesOf(this.#cards.get(id))) if (this.#byName.get(name) === id) this.#byName.delete(name);
    if (card === undefined) this.#cards.delete(id);
    else this.#cards.set(id, card);
    for (const name of namesOf(card)) this.#byName.set(name, id);
  }
}

function namesOf(card: AssetCard | undefined): readonly string[] {
  return card === undefined ? [] : [...card.ips, ...card.hostnames];
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
