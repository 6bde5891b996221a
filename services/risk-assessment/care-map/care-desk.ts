import { type Clock, SphinxError, type StateStore } from '@sphinx/platform';
import {
  buildCareMap,
  type CareEdit,
  type CareKnowledge,
  type CareMap,
  type CareStatements,
  foldEdits,
  type NetworkBits,
} from '@sphinx/risk';
import type { Fact } from '@sphinx/schema';
import type { AssetCard } from '../assets/asset-card.ts';
import type { AssetCards } from '../assets/asset-cards.ts';
import type { EditStore, MadeEdit } from './edit-store.ts';

/** A map that takes longer to make is made so seldom that it costs at most a tenth of the time. */
const QUICK_MS = 50;
const SHARE = 10;

/** Keeps the care map: from what the inventory tells and what people state. */
export class CareDesk {
  readonly #parts: {
    readonly state: StateStore;
    readonly cards: AssetCards;
    readonly edits: EditStore;
    readonly knowledge: CareKnowledge;
    readonly bits: NetworkBits;
    readonly clock: Clock;
  };
  #statements: CareStatements = foldEdits([]);
  #map: CareMap | undefined;
  #assets: readonly AssetCard[] = [];
  #isStale = true;
  #notBefore = 0;

  constructor(parts: {
    readonly state: StateStore;
    readonly cards: AssetCards;
    readonly edits: EditStore;
    readonly knowledge: CareKnowledge;
    readonly bits: NetworkBits;
    readonly clock: Clock;
  }) {
    this.#parts = parts;
  }

  async open(): Promise<void> {
    await this.#parts.cards.open(this.#parts.state);
    await this.#readEdits();
  }

  get knowledge(): CareKnowledge {
    return this.#parts.knowledge;
  }

  /** The map as it is now; of a very large hospital it may be some seconds old while devices are found. */
  map(): CareMap {
    if (this.#map !== undefined && (!this.#isStale || performance.now() < this.#notBefore)) return this.#map;
    const begun = performance.now();
    const { cards, knowledge, bits } = this.#parts;
    this.#assets = cards.all();
    this.#map = buildCareMap(this.#assets, knowledge, this.#statements, bits);
    this.#isStale = false;
    const took = performance.now() - begun;
    this.#notBefore = took > QUICK_MS ? performance.now() + SHARE * took : 0;
    return this.#map;
  }

  /** The map, with the assets that it was made of, in its order. */
  snapshot(): { readonly map: CareMap; readonly assets: readonly AssetCard[] } {
    const map = this.map();
    return { map, assets: this.#assets };
  }

  /** Takes what the inventory says. @returns ids of assets that are new, gone or different */
  async take(facts: readonly Fact[]): Promise<ReadonlySet<string>> {
    const merged = facts.filter((fact) => fact.type === 'asset.merged');
    const changed = await this.#parts.state.transaction(async (sql) => {
      for (const { data } of merged) await this.#parts.edits.rename(data.mergedAssetId, data.assetId, sql);
      return this.#parts.cards.take(facts, sql);
    });
    if (merged.length > 0) await this.#readEdits();
    if (changed.size > 0) this.#isStale = true;
    return changed;
  }

  /** @throws SphinxError SPX_INVALID_INPUT where what it names is not there or needs itself */
  async edit(edit: CareEdit, note: string, by: string): Promise<MadeEdit> {
    this.#check(edit);
    const made = await this.#parts.edits.add({ edit, note, by, time: this.#parts.clock.now() });
    await this.#readEdits();
    return made;
  }

  /** @throws SphinxError SPX_NOT_FOUND, SPX_CONFLICT */
  async undo(id: string, by: string): Promise<MadeEdit> {
    const undone = await this.#parts.edits.undo(id, by, this.#parts.clock.now());
    await this.#readEdits();
    return undone;
  }

  async #readEdits(): Promise<void> {
    this.#statements = foldEdits(await this.#parts.edits.standing());
    this.#isStale = true;
    // What a person changed is to be seen at once.
    this.#notBefore = 0;
  }

  #check(edit: CareEdit): void {
    const map = this.map();
    switch (edit.kind) {
      case 'dependency':
      case 'no-dependency': {
        const [dependent, provider] = [edit.dependent, edit.provider].map((id) => placeOf(map, id));
        if (dependent === provider) throw new SphinxError('SPX_INVALID_INPUT', 'Nothing needs itself. Name two.');
        break;
      }
      case 'member':
        placeOf(map, edit.asset);
        if (!map.services.has(edit.service)) {
          const message = `There is no clinical service "${edit.service}". Add it first, with a title.`;
          throw new SphinxError('SPX_INVALID_INPUT', message);
        }
        break;
      case 'beds':
      case 'service':
        break;
      default:
        edit satisfies never;
    }
  }
}

function placeOf(map: CareMap, id: string): number {
  const place = map.placeOf(id);
  if (place === undefined) throw new SphinxError('SPX_INVALID_INPUT', `The care map has no "${id}".`);
  return place;
}
