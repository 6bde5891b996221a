import type { ServiceContext } from '@sphinx/platform';
import type { Asset, Fact } from '@sphinx/schema';
import type { Inventory } from './inventory.ts';
import type { InventoryChange } from './inventory-change.ts';
import type { AssetInventorySettings } from './manifest.ts';
import type { InventoryStore } from './store.ts';

type Context = Pick<ServiceContext<AssetInventorySettings>, 'bus' | 'clock' | 'logger' | 'notify'>;

/** Carries changes of the inventory out, one after the other: publish, store, tell the console. */
export class AssetKeeper {
  readonly inventory: Inventory;
  readonly #store: InventoryStore;
  readonly #context: Context;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(inventory: Inventory, store: InventoryStore, context: Context) {
    this.inventory = inventory;
    this.#store = store;
    this.#context = context;
  }

  /** Takes in what was observed. */
  observe(facts: readonly Fact<'host.observed' | 'conversation.observed' | 'source.removed'>[]): Promise<void> {
    return this.change(() => this.inventory.observe(facts)).then(() => undefined);
  }

  /**
   * Makes a change while nothing else does, and carries it out.
   *
   * @param make changes the inventory; may throw before it has changed anything
   */
  change(make: () => InventoryChange): Promise<InventoryChange> {
    const done = this.#queue.then(async () => {
      const change = make();
      // Facts first: their ids follow from their content, so that publishing them again after a crash changes nothing.
      await this.#context.bus.publish(change.facts);
      await this.#store.save(change, this.inventory);
      if (change.facts.length > 0) this.#context.notify('assets', { changed: change.facts.length });
      return change;
    });
    this.#queue = done.catch(() => undefined);
    return done;
  }

  get(id: string): Asset {
    return this.inventory.get(id);
  }
}
