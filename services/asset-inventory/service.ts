import { Outbox, type ServiceDefinition } from '@sphinx/platform';
import { AssetKeeper } from './asset-keeper.ts';
import { Classifier } from './classification/classify.ts';
import { loadIdentificationKnowledge } from './classification/load-knowledge.ts';
import { Networks } from './identity/networks.ts';
import { Inventory } from './inventory.ts';
import { type AssetInventorySettings, manifest } from './manifest.ts';
import { assetRoutes } from './routes.ts';
import { changeRoutes } from './routes-changes.ts';
import { exchangeRoutes } from './routes-exchange.ts';
import { viewRoutes } from './routes-views.ts';
import { InventoryStore, MIGRATIONS } from './store.ts';

const BATCH_SIZE = 500;

export const service: ServiceDefinition<typeof AssetInventorySettings> = {
  manifest,
  migrations: MIGRATIONS,
  async start(context) {
    const { bus, clock, settings, state } = context;
    const knowledge = await loadIdentificationKnowledge(context.knowledgeFolder);
    const networks = new Networks(settings.ownNetworks, settings.zones);
    const inventory = new Inventory({ networks, classifier: new Classifier(knowledge) });
    const outbox = new Outbox({ state, bus, schema: 'asset_inventory' });
    const store = new InventoryStore(state, outbox);
    const keeper = new AssetKeeper(inventory, store, outbox, context);
    const kept = await store.load();
    await keeper.change(() => inventory.restore(kept));
    const subscription = await bus.subscribe(
      {
        consumer: manifest.id,
        types: ['host.observed', 'conversation.observed', 'source.removed'],
        from: 'beginning',
        batchSize: BATCH_SIZE,
      },
      (facts) => keeper.observe(facts),
    );
    const shared = { keeper, store, knowledge, clock, newForHours: settings.newForHours };
    return {
      routes: [...assetRoutes(shared), ...changeRoutes(shared), ...exchangeRoutes(shared), ...viewRoutes(shared)],
      health: async () => {
        const assets = inventory.list();
        const unknown = assets.filter(({ facts }) => facts.kind === undefined).length;
        const figures = { assets: assets.length, unknown, profiles: knowledge.profiles.length };
        const message = assets.length === 0 ? 'No asset yet.' : `${assets.length} assets, ${unknown} of unknown kind.`;
        return { state: 'healthy', message, figures: { ...figures, lag: await subscription.lag() } };
      },
      stop: () => subscription.stop(),
    };
  },
};
