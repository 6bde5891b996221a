import { AssetPlaces, loadFileTypes, type ServiceDefinition } from '@sphinx/platform';
import { Acceptances } from './anomalies/acceptances.ts';
import { AnomalyDesk } from './anomalies/anomaly-desk.ts';
import { AnomalyStore } from './anomalies/anomaly-store.ts';
import { AssetNames } from './anomalies/asset-names.ts';
import { BaselineLibrary } from './baselines/baseline-library.ts';
import { BaselineStore } from './baselines/baseline-store.ts';
import { FileEndings } from './detectors/file-endings.ts';
import { ListedAddresses } from './detectors/listed-addresses.ts';
import { TrafficWatch } from './detectors/traffic-watch.ts';
import { userPlace } from './detectors/users.ts';
import { loadAnomalyKnowledge } from './knowledge/anomaly-knowledge.ts';
import { Learning } from './learning.ts';
import { type AnomalyDetectionSettings, manifest } from './manifest.ts';
import { MIGRATIONS } from './migrations.ts';
import { anomalyRoutes } from './routes.ts';
import { Locality } from './traffic/locality.ts';

export const service: ServiceDefinition<typeof AnomalyDetectionSettings> = {
  manifest,
  migrations: MIGRATIONS,
  async start(context) {
    const { bus, state, settings, telemetry, logger, clock } = context;
    const knowledge = await loadAnomalyKnowledge(context.knowledgeFolder);
    const fileTypes = await loadFileTypes(context.knowledgeFolder);
    const places = new AssetPlaces(state, 'anomaly_detection.asset_place');
    await places.open();
    const names = new AssetNames(state);
    await names.open();
    const nameOf = (key: string) => names.of(key);
    const placeOf = (actor: string) => userPlace(actor) ?? places.of(actor)[0];
    const library = new BaselineLibrary(settings.learningDays);
    const acceptances = new Acceptances(placeOf);
    const endings = new FileEndings(fileTypes.flatMap(({ extensions }) => extensions));
    const learning = new Learning({ store: new BaselineStore(state), library, endings, logger });
    await learning.open();
    const store = new AnomalyStore(state);
    const desk = new AnomalyDesk({
      store,
      bus,
      logger,
      detectors: knowledge.detectors,
      version: knowledge.version,
      acceptances,
      placeOf,
      quietHours: settings.quietHours,
      alertsPerDay: settings.alertsPerDay,
      notify: () => context.notify('anomalies'),
      onHabit: (anomaly, isNormal) => learning.setHabit(anomaly, isNormal),
    });
    await desk.open();
    const parts = {
      knowledge,
      acceptances,
      placeOf,
      nameOf,
      endings,
      locality: new Locality(settings.ownNetworks),
      listed: new ListedAddresses(settings.listedAddresses),
      falseAlarmsPerDay: settings.falseAlarmsPerDay,
      tell: desk.take.bind(desk),
    };
    const watch = new TrafficWatch({ ...parts, library });
    // What the sample hospital does must not teach what is usual in this one.
    const ofSample = new TrafficWatch({ ...parts, library: new BaselineLibrary(settings.learningDays) });
    const watchOf = (isSample: boolean) => (isSample ? ofSample : watch);
    const subscriptions = [
      telemetry.subscribe('network_activity', (rows) => {
        for (const row of rows) watchOf(row.is_sample).takeFlow(row);
      }),
      telemetry.subscribe('protocol_activity', (rows) => {
        for (const row of rows) watchOf(row.is_sample).takeRecord(row);
      }),
    ];
    subscriptions.push(
      telemetry.subscribe('log_activity', (rows) => {
        for (const row of rows) watchOf(row.is_sample).logons.take(row);
      }),
    );
    const facts = await bus.subscribe(
      { consumer: manifest.id, types: [...manifest.consumes], from: 'beginning' },
      async (arrived) => {
        for (const fact of arrived) {
          if (fact.type !== 'source.removed') {
            await places.take(fact);
            await names.take(fact);
          } else {
            for (const each of [watch, ofSample]) each.forget(fact.data.source);
            await desk.forget(fact.data.source);
          }
          if (fact.type === 'asset.removed') library.remove(fact.data.assetId);
          else if (fact.type === 'asset.merged') library.remove(fact.data.mergedAssetId);
        }
      },
    );
    return {
      routes: anomalyRoutes({ knowledge, store, desk, library, places, nameOf, clock, rarity: () => watch.rarity }),
      health: async () => {
        const { hosts, pairs } = watch.figures;
        const figures = { devices: library.devices, hosts, pairs, lost: desk.lost, lag: await facts.lag() };
        const learnt = library.list().filter(({ hasLearnt }) => hasLearnt).length;
        return {
          state: 'healthy',
          message: `${library.devices} devices are learnt, ${learnt} of them long enough.`,
          figures,
        };
      },
      async stop() {
        for (const end of subscriptions) end();
        await facts.stop();
        await desk.settled();
        await learning.close();
      },
    };
  },
};
