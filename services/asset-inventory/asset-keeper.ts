import type { Outbox, ServiceContext } from '@sphinx/platform';
import type { Fact } from '@sphinx/schema';
import type { Inventory } from './inventory.ts';
import type { InventoryChange } from './inventory-change.ts';
import type { AssetInventorySettings } from './manifest.ts';
import type { InventoryStore } from './store.ts';

type Context = Pick<ServiceContext<AssetInventorySettings>, 'notify' | 'fail'>;

/** Carries changes of the inventory out, one after the other: store, publish, tell the console. */
export class AssetKeeper {
  readonly inventory: Inventory;
  readonly #store: InventoryStore;
  readonly #outbox: Outbox;
  readonly #context: Context;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(inventory: Inventory, store: InventoryStore, outbox: Outbox, context: Context) {
    this.inventory = inventory;
    this.#store = store;
    this.#outbox = outbox;
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
      await this.#carryOut(change);
      if (change.facts.length > 0) this.#context.notify('assets', { changed: change.facts.length });
      return change;
    });
    this.#queue = done.catch(() => undefined);
    return done;
  }

  /** What the memory holds and the store does not would be lost: the service starts again from what is stored. */
  async #carryOut(change: InventoryChange): Promise<void> {
    try {
      await this.#store.save(change, this.inventory);
      await this.#outbox.publish();
    } catch (error) {
      this.#context.fail(error);
      throw error;
    }
  }
}
