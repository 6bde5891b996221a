import { Outbox, type ServiceDefinition } from '@sphinx/platform';
import { systemNetwork } from '@sphinx/probes';
import { loadProbePolicies, ProbeNetworks } from '@sphinx/probes/policy';
import { SIGNAL_FACTS, SignalBook } from './cause/signal-book.ts';
import { DeviceBook } from './devices/device-book.ts';
import { DrillStore } from './drills/drill.ts';
import { drillRoutes } from './drills/drill-routes.ts';
import { loadCheckDefinitions } from './knowledge/check-definition.ts';
import { MaintenanceBook } from './maintenance/maintenance.ts';
import { maintenanceRoutes } from './maintenance/maintenance-routes.ts';
import { type DependabilitySettings, manifest } from './manifest.ts';
import { MIGRATIONS } from './migrations.ts';
import { TrafficRound } from './observed/traffic-round.ts';
import { TrafficStore } from './observed/traffic-store.ts';
import { ownAddresses, TrafficWatch } from './observed/traffic-watch.ts';
import { uptimeRoutes } from './routes.ts';
import { statusRoutes } from './status/status-routes.ts';
import { UptimeDesk } from './uptime-desk.ts';
import { CheckRunner } from './watch/check-runner.ts';
import { ServiceRegistry } from './watch/registry.ts';
import { ResultStore } from './watch/result-store.ts';
import { Scheduler } from './watch/scheduler.ts';
import { ServiceStore } from './watch/service-store.ts';
import { StateDesk } from './watch/state-desk.ts';

const ASSET_FACTS = ['asset.discovered', 'asset.updated', 'asset.merged', 'asset.removed'] as const;
const WARNINGS_TO_DEGRADED = 3;
const FORGET_EVERY_MS = 3_600_000;

export const service: ServiceDefinition<typeof DependabilitySettings> = {
  manifest,
  migrations: MIGRATIONS,
  async start(context) {
    const { bus, state, settings, clock, logger, secrets, signal } = context;
    const now = () => clock.now();
    const notify = () => context.notify('uptime');
    const changed = () => {
      traffic.renew();
      notify();
    };
    const definitions = await loadCheckDefinitions(context.knowledgeFolder);
    const definitionOf = new Map(definitions.map((definition) => [definition.id, definition]));
    const policies = await loadProbePolicies(context.knowledgeFolder);
    const networks = new ProbeNetworks(settings.allowedNetworks, settings.excludedNetworks);
    const devices = new DeviceBook(state);
    const store = new ServiceStore(state);
    const results = new ResultStore(state);
    const maintenance = new MaintenanceBook(state);
    const signals = new SignalBook();
    const runner = new CheckRunner({
      definitions: definitionOf,
      policies,
      networks,
      devices,
      results,
      secrets,
      network: systemNetwork,
      now,
    });
    const registry = new ServiceRegistry({ store, definitions: definitionOf, runner, secrets, now });
    const trafficStore = new TrafficStore(state);
    const desk: StateDesk = new StateDesk({
      registry,
      store,
      results,
      outbox: new Outbox({ state, bus, schema: 'dependability_monitoring' }),
      devices,
      signals,
      maintenance,
      trafficVoice: (watched) => traffic.voice(watched),
      titleOf: (kind) => definitionOf.get(kind)?.title ?? kind,
      rules: {
        failuresToDown: settings.failuresToDown,
        warningsToDegraded: WARNINGS_TO_DEGRADED,
        successesToUp: settings.successesToUp,
      },
      logger,
      now,
      notify,
    });
    const traffic = new TrafficWatch({
      store: trafficStore,
      services: () => registry.all(),
      addressesOf: (watched) => desk.addressesOf(watched),
      ownAddresses: ownAddresses(),
      now,
    });
    await Promise.all([devices.open(), maintenance.open(now()), registry.open()]);
    await Promise.all([signals.open(bus, now()), desk.open(), results.forget(now(), settings.resultDays)]);
    await traffic.open();
    const { concurrentChecks } = settings;
    const scheduler = new Scheduler({ registry, runner, desk, concurrentChecks, signal, now, onFailure: context.fail });
    const assets = await bus.subscribe(
      { consumer: manifest.id, types: [...ASSET_FACTS], from: 'beginning' },
      async (facts) => {
        for (const fact of facts) await devices.take(fact);
      },
    );
    const telling = await bus.subscribe(
      { consumer: `${manifest.id}/signals`, types: [...SIGNAL_FACTS], from: 'now' },
      async (facts) => {
        for (const fact of facts) {
          const told = signals.take(fact, now());
          if (told !== undefined) await desk.takeSignal(told);
        }
      },
    );
    const telemetry = [
      context.telemetry.subscribe('network_activity', (rows) => {
        for (const row of rows) traffic.takeFlow(row);
      }),
      context.telemetry.subscribe('protocol_activity', (rows) => {
        for (const row of rows) traffic.takeRecord(row);
      }),
    ];
    const listening = new TrafficRound({ registry, desk, traffic, onFailure: context.fail });
    listening.start();
    const forgetting = setInterval(() => {
      const forgotten = [results.forget(now(), settings.resultDays), trafficStore.forget(now())];
      Promise.all(forgotten).catch(context.fail);
    }, FORGET_EVERY_MS);
    forgetting.unref();
    scheduler.start();
    const uptime = new UptimeDesk({
      registry,
      desk,
      store,
      results,
      maintenance,
      devices,
      runner,
      traffic,
      definitions,
      now,
    });
    return {
      routes: [
        ...uptimeRoutes({ registry, desk, uptime, store, results, scheduler, definitions, now, notify: changed }),
        ...drillRoutes({ drills: new DrillStore(state), registry, now, notify }),
        ...statusRoutes({ registry, desk, maintenance, isPublic: settings.isStatusPagePublic, now }),
        ...maintenanceRoutes({ book: maintenance, registry, now, notify }),
      ],
      health: async () => {
        const states = registry.all().map(({ id }) => desk.standing(id)?.state ?? 'unknown');
        const down = states.filter((each) => each === 'down').length;
        const figures = { watched: states.length, down, running: scheduler.running, lag: await assets.lag() };
        return { state: 'healthy', message: `${states.length} services are watched, ${down} are down.`, figures };
      },
      async stop() {
        clearInterval(forgetting);
        for (const end of telemetry) end();
        await listening.stop();
        await scheduler.stop();
        await Promise.all([assets.stop(), telling.stop()]);
        await desk.settled();
      },
    };
  },
};
