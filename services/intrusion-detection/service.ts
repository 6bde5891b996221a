import { AssetPlaces, type ServiceDefinition } from '@sphinx/platform';
import { DetectionStore } from './detections/detection-store.ts';
import { Detector } from './detections/detector.ts';
import { ListLibrary } from './lists/list-library.ts';
import { type IntrusionDetectionSettings, manifest } from './manifest.ts';
import { MIGRATIONS } from './migrations.ts';
import { FeedbackStore } from './models/feedback-store.ts';
import { loadModel } from './models/load-model.ts';
import { ModelDesk } from './models/model-desk.ts';
import { ModelStore } from './models/model-store.ts';
import { intrusionRoutes } from './routes.ts';
import { RuleLibrary } from './rule-sets/rule-library.ts';
import { SetUpdates } from './rule-sets/set-updates.ts';
import { startUpdates } from './rule-sets/updates.ts';
import type { Finding } from './sensor/finding.ts';
import { RuleStore } from './store.ts';
import { Moderator } from './tuning/moderator.ts';
import { withUsualSenders } from './tuning/usual-senders.ts';

const INSPECTION_MODULE = new URL('./sensor/inspection.ts', import.meta.url).href;

export const service: ServiceDefinition<typeof IntrusionDetectionSettings> = {
  manifest,
  migrations: MIGRATIONS,
  async start(context) {
    const { bus, clock, logger, settings, inspection } = context;
    const detections = new DetectionStore(context.state);
    const store = new RuleStore(context.state);
    const places = new AssetPlaces(context.state, 'intrusion_detection.asset_place');
    await places.open();
    const lists = new ListLibrary(context.state, clock);
    await lists.open();
    const moderator = new Moderator((ip) => places.of(ip));
    const detector = new Detector({
      detections,
      moderator,
      store,
      bus,
      clock,
      logger,
      maximumPerMinute: settings.maximumDetectionsPerMinute,
      notify: (topic) => context.notify(topic),
    });
    const feedback = new FeedbackStore(context.state);
    const modelDesk = new ModelDesk({
      base: await loadModel(settings.model, context.knowledgeFolder),
      store: new ModelStore(context.state),
      feedback,
      jobs: context.jobs,
      clock,
      changed: async (what) => {
        if (what === 'model') await offer();
        context.notify('rules');
      },
    });
    await modelDesk.open();
    let withdraw: () => void = () => undefined;
    const offer = async () => {
      const model = modelDesk.inForce();
      const data = { ...(await library.inForce()), ...(model === undefined ? {} : { model }) };
      const take = (findings: readonly unknown[], about: { isSample: boolean }) =>
        // Made by sensor/inspection.ts, which is the module that is offered.
        detector.take(findings as readonly Finding[], about.isSample);
      // Rules that leave something for other flows, and a model that counts flows, need one thread that sees all of them.
      const isDivisible = model === undefined && !library.rules().some(({ rule }) => rule.joinsFlows);
      withdraw = inspection.offer({ by: manifest.id, module: INSPECTION_MODULE, data, isDivisible, take });
    };
    const library = new RuleLibrary({
      store,
      clock,
      homeNetworks: settings.homeNetworks,
      streamReachKilobytes: settings.streamReachKilobytes,
      lists: () => lists.resources(),
      changed: async (what) => {
        moderate();
        if (what === 'rules') await offer();
        context.notify('rules');
      },
    });
    const moderate = () =>
      moderator.use(
        withUsualSenders(
          library.rules().map(({ rule }) => rule),
          library.tunings(),
        ),
      );
    await library.open(context.knowledgeFolder);
    moderate();
    await offer();
    const subscription = await bus.subscribe(
      { consumer: manifest.id, types: ['source.removed', 'detection.found'], from: 'beginning' },
      async (facts) => {
        for (const { type, data, source } of facts) {
          if (type === 'source.removed') await detector.forget(data.source);
          // Others detect too: files that match a YARA rule are found where they are followed.
          else if (type === 'detection.found' && source !== manifest.id) await detector.takeOver(data);
        }
      },
    );
    const placeTypes = manifest.consumes.filter((type) => type.startsWith('asset.'));
    const placing = await bus.subscribe(
      { consumer: `${manifest.id}-places`, types: placeTypes, from: 'beginning' },
      async (facts) => {
        for (const fact of facts) await places.take(fact);
      },
    );
    const setUpdates = new SetUpdates({ library, clock, internalHosts: settings.internalUpdateHosts });
    const updates = startUpdates({ library, setUpdates, clock, hours: settings.updateHours, logger });
    return {
      routes: intrusionRoutes({
        ...{ library, setUpdates, lists, store, detections, feedback, modelDesk, clock },
        captures: context.captures,
        notify: (topic) => context.notify(topic),
      }),
      health: async () => {
        const sets = library.sets();
        const failed = sets.find(({ message }) => message !== '');
        const figures = { rules: library.rules().length, sets: sets.length, detectionsShed: detector.shed };
        if (failed !== undefined) return { state: 'degraded', message: `${failed.title}: ${failed.message}`, figures };
        const inSets = sets.length === 1 ? 'one set' : `${sets.length} sets`;
        return { state: 'healthy', message: `${figures.rules} rules of ${inSets}.`, figures };
      },
      async stop() {
        withdraw();
        updates.stop();
        await modelDesk.stop();
        await subscription.stop();
        await placing.stop();
      },
    };
  },
};
