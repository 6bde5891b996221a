import type { SqlExecutor } from '@sphinx/platform';
import { type Asset, type Fact, PatientSafetyClass } from '@sphinx/schema';

/** Of ids of devices of the sample hospital. */
export const SAMPLE_ASSET_PREFIX = 'ast_sample_';

/** As much of an asset as incidents need. */
export interface AssetCard {
  readonly id: string;
  readonly name: string;
  readonly ips: readonly string[];
  readonly hostnames: readonly string[];
  readonly kind: string;
  readonly patientSafetyClass: PatientSafetyClass | null;
  readonly careArea: string;
  readonly zone: string;
  readonly owner: string;
}

/** Which device an address or a name is of, as the inventory told it last. */
export class AssetBook {
  readonly #cards = new Map<string, AssetCard>();
  readonly #byName = new Map<string, string>();

  async open(sql: SqlExecutor): Promise<void> {
    this.#cards.clear();
    this.#byName.clear();
    for (const { card } of await sql.query<{ card: AssetCard }>('SELECT card FROM incident_forensics.asset')) {
      this.#put(card);
    }
  }

  get(id: string): AssetCard | undefined {
    return this.#cards.get(id);
  }

  /** Devices of the sample hospital. */
  idsOfSample(): readonly string[] {
    return [...this.#cards.keys()].filter((id) => id.startsWith(SAMPLE_ASSET_PREFIX));
  }

  /** @param name IP address or host name, with or without its domain */
  find(name: string): AssetCard | undefined {
    const lower = name.toLowerCase();
    const id = this.#byName.get(lower) ?? this.#byName.get(lower.split('.')[0] ?? '');
    return id === undefined ? undefined : this.#cards.get(id);
  }

  /** Takes what the inventory says. @returns the card before and after, where the fact is of an asset */
  async take(fact: Fact, sql: SqlExecutor): Promise<void> {
    switch (fact.type) {
      case 'asset.discovered':
      case 'asset.updated':
        return this.#save(cardOf(fact.data), sql);
      case 'asset.removed':
        return this.#remove(fact.data.assetId, sql);
      case 'asset.merged':
        return this.#remove(fact.data.mergedAssetId, sql);
      default:
    }
  }

  async #save(card: AssetCard, sql: SqlExecutor): Promise<void> {
    const known = this.#cards.get(card.id);
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(card)) return;
    await sql.query(
      `INSERT INTO incident_forensics.asset (asset, card) VALUES ($1, $2::jsonb)
       ON CONFLICT (asset) DO UPDATE SET card = excluded.card`,
      [card.id, JSON.stringify(card)],
    );
    this.#take(card.id);
    this.#put(card);
  }

  async #remove(id: string, sql: SqlExecutor): Promise<void> {
    await sql.query('DELETE FROM incident_forensics.asset WHERE asset = $1', [id]);
    this.#take(id);
  }

  #put(card: AssetCard): void {
    this.#cards.set(card.id, card);
    for (const name of namesOf(card)) this.#byName.set(name, card.id);
  }

  #take(id: string): void {
    const known = this.#cards.get(id);
    if (known === undefined) return;
    this.#cards.delete(id);
    for (const name of namesOf(known)) if (this.#byName.get(name) === id) this.#byName.delete(name);
  }
}

function namesOf({ ips, hostnames }: AssetCard): readonly string[] {
  return [...ips, ...hostnames].flatMap((name) => {
    const lower = name.toLowerCase();
    const [short = ''] = lower.split('.');
    // An address is no name with a domain.
    return /^[a-z]/.test(short) && short !== lower && !lower.includes(':') ? [lower, short] : [lower];
  });
}

function cardOf({ id, name, ips, hostnames, facts }: Asset): AssetCard {
  const safety = PatientSafetyClass.safeParse(facts.patientSafetyClass?.value);
  return {
    id,
    name,
    ips,
    hostnames,
    kind: facts.kind?.value ?? '',
    patientSafetyClass: safety.success ? safety.data : null,
    careArea: facts.careArea?.value ?? '',
    zone: facts.zone?.value ?? '',
    owner: facts.owner?.value ?? '',
  };
}
