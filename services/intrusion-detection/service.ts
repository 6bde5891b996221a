import type { ServiceDefinition } from '@sphinx/platform';
import { Detector } from './detections/detector.ts';
import { type IntrusionDetectionSettings, manifest } from './manifest.ts';
import { intrusionRoutes } from './routes.ts';
import { RuleLibrary } from './rule-sets/rule-library.ts';
import { startUpdates } from './rule-sets/updates.ts';
import type { Finding } from './sensor/finding.ts';
import { DetectionStore, MIGRATIONS } from './store.ts';

const INSPECTION_MODULE = new URL('./sensor/inspection.ts', import.meta.url).href;

export const service: ServiceDefinition<typeof IntrusionDetectionSettings> = {
  manifest,
  migrations: MIGRATIONS,
  async start(context) {
    const { bus, clock, logger, settings, inspection } = context;
    const store = new DetectionStore(context.state);
    const detector = new Detector({
      store,
      bus,
      clock,
      logger,
      maximumPerMinute: settings.maximumDetectionsPerMinute,
      notify: () => context.notify('detections'),
    });
    let withdraw: () => void = () => undefined;
    const offer = async () => {
      const data = await library.inForce();
      const take = (findings: readonly unknown[], about: { isSample: boolean }) =>
        // Made by sensor/inspection.ts, which is the module that is offered.
        detector.take(findings as readonly Finding[], about.isSample);
      withdraw = inspection.offer({ module: INSPECTION_MODULE, data, take });
    };
    const library = new RuleLibrary({
      store,
      clock,
      homeNetworks: settings.homeNetworks,
      changed: async () => {
        await offer();
        context.notify('rules');
      },
    });
    await library.open(context.knowledgeFolder);
    await offer();
    const subscription = await bus.subscribe(
      { consumer: manifest.id, types: ['source.removed'], from: 'beginning' },
      async (facts) => {
        for (const { type, data } of facts) if (type === 'source.removed') await detector.forget(data.source);
      },
    );
    const updates = startUpdates({ library, hours: settings.updateHours, logger });
    return {
      routes: intrusionRoutes({ library, store }),
      health: async () => {
        const sets = await library.sets();
        const failed = sets.find(({ message }) => message !== '');
        const figures = { rules: library.rules().length, sets: sets.length, detectionsShed: detector.shed };
        if (failed !== undefined) return { state: 'degraded', message: `${failed.title}: ${failed.message}`, figures };
        return { state: 'healthy', message: `${figures.rules} rules of ${sets.length} sets.`, figures };
      },
      async stop() {
        withdraw();
        updates.stop();
        await subscription.stop();
      },
    };
  },
};
