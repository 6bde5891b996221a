import { Outbox, type ServiceDefinition } from '@sphinx/platform';
import { systemNetwork } from '@sphinx/probes';
import { deviceOf, loadProbingKnowledge, ProbeNetworks } from '@sphinx/probes/policy';
import type { Fact } from '@sphinx/schema';
import { manifest } from './manifest.ts';
import { MIGRATIONS } from './migrations.ts';
import { Prober } from './prober.ts';
import { probingRoutes } from './routes.ts';
import { controlRoutes } from './routes-control.ts';
import { type Schedule, startSchedule } from './schedule.ts';
import { ProbingStore } from './store.ts';

const DAY_MS = 86_400_000;
const CONSUMED = ['asset.discovered', 'asset.updated', 'asset.merged', 'asset.removed'] as const;

export const service: ServiceDefinition<typeof import('./manifest.ts').ActiveProbingSettings> = {
  manifest,
  migrations: MIGRATIONS,
  async start(context) {
    const { bus, clock, logger, settings, state } = context;
    const knowledge = await loadProbingKnowledge(context.knowledgeFolder);
    const networks = new ProbeNetworks(settings.allowedNetworks, settings.excludedNetworks);
    const store = new ProbingStore(state);
    const outbox = new Outbox({ state, bus, schema: 'active_probing' });
    const onChange = (runId: string) => context.notify('probes', { runId });
    const { concurrentDevices, isNmapAllowed } = settings;
    const prober = new Prober({
      store,
      outbox,
      clock,
      logger,
      knowledge,
      networks,
      network: systemNetwork,
      concurrentDevices,
      isNmapAllowed,
      scratchFolder: context.scratchFolder,
      onChange,
    });
    await prober.open();
    await store.forgetExchanges(clock.now() - settings.recordDays * DAY_MS);
    const schedule = settings.isAutomatic
      ? startSchedule({
          prober,
          store,
          clock,
          policies: knowledge.policies,
          settleSeconds: settings.settleSeconds,
          onFailure: context.fail,
        })
      : undefined;
    const subscription = await bus.subscribe(
      { consumer: manifest.id, types: [...CONSUMED], from: 'beginning' },
      async (facts) => {
        for (const fact of facts) await take(fact, prober, store, schedule);
      },
    );
    return {
      routes: [...probingRoutes({ prober, store, knowledge }), ...controlRoutes({ prober })],
      health: async () => {
        const { running, waiting } = prober.activity;
        const figures = { running, waiting, marked: prober.marks.length, lag: await subscription.lag() };
        if (prober.stop !== undefined) {
          return {
            state: 'degraded',
            message: `Probing was stopped by ${prober.stop.by}: ${prober.stop.reason}`,
            figures,
          };
        }
        return { state: 'healthy', message: `${running} devices are being probed, ${waiting} wait.`, figures };
      },
      async stop() {
        await schedule?.stop();
        await subscription.stop();
        await prober.close();
      },
    };
  },
};

async function take(
  fact: Fact<(typeof CONSUMED)[number]>,
  prober: Prober,
  store: ProbingStore,
  schedule: Schedule | undefined,
): Promise<void> {
  if (fact.type === 'asset.merged' || fact.type === 'asset.removed') {
    const assetId = fact.type === 'asset.merged' ? fact.data.mergedAssetId : fact.data.assetId;
    prober.forgetDevice(assetId);
    await store.removeDevice(assetId);
    return;
  }
  const device = deviceOf(fact.data);
  if (device === undefined) return;
  prober.noteDevice(device);
  await store.saveDevice(device, fact.time);
  if (fact.type === 'asset.discovered') schedule?.noteNew(device, fact.time);
}
