import { PatientDataScanner } from '@sphinx/patient-data';
import { AssetPlaces, type ServiceDefinition } from '@sphinx/platform';
import { loadDataKnowledge } from './knowledge/data-knowledge.ts';
import { type DataProtectionSettings, manifest } from './manifest.ts';
import { mediaRoutes } from './media/media-routes.ts';
import { MEDIA_MIGRATION, MediaStore } from './media/media-store.ts';
import { dataRoutes } from './routes.ts';
import type { DataWatchTask } from './sensor/inspection.ts';
import type { TransferFinding } from './transfers/transfer.ts';
import { TransferDesk } from './transfers/transfer-desk.ts';
import { MIGRATIONS, TransferStore } from './transfers/transfer-store.ts';

const INSPECTION_MODULE = new URL('./sensor/inspection.ts', import.meta.url).href;
const BYTES_PER_KILOBYTE = 1024;

export const service: ServiceDefinition<typeof DataProtectionSettings> = {
  manifest,
  migrations: [...MIGRATIONS, MEDIA_MIGRATION],
  async start(context) {
    const { bus, state, settings, inspection } = context;
    const knowledge = await loadDataKnowledge(context.knowledgeFolder);
    const { patientData, cloudServices, policy, clinicalZones } = knowledge;
    const store = new TransferStore(state);
    const media = new MediaStore(state);
    const places = new AssetPlaces(state, 'data_protection.asset_place');
    await places.open();
    const desk = new TransferDesk({
      store,
      bus,
      policy,
      places,
      clinicalZones,
      services: new Map(cloudServices.map((each) => [each.id, each])),
      quietHours: settings.quietHours,
      ownNetworks: settings.ownNetworks,
    });
    const data: DataWatchTask = {
      patientData,
      cloudServices,
      bytesPerDirection: settings.kilobytesPerConnection * BYTES_PER_KILOBYTE,
    };
    const withdraw = inspection.offer({
      by: manifest.id,
      module: INSPECTION_MODULE,
      data,
      isDivisible: true,
      take: async (findings, { isSample }) => {
        // Made by sensor/inspection.ts, which is the module that is offered.
        for (const finding of findings as readonly TransferFinding[]) await desk.take({ ...finding, isSample });
        context.notify('data-transfers');
      },
    });
    const subscription = await bus.subscribe(
      { consumer: manifest.id, types: [...manifest.consumes], from: 'beginning' },
      async (facts) => {
        for (const fact of facts) {
          if (fact.type === 'source.removed') {
            await store.forget(fact.data.source);
            context.notify('data-transfers');
          } else if (fact.type === 'media.used') {
            await media.save(fact.data);
            context.notify('data-transfers');
          } else if (fact.type === 'conversation.observed') await desk.takeConversation(fact.data);
          else await places.take(fact);
        }
      },
    );
    return {
      routes: [
        ...dataRoutes({ store, knowledge, scanner: new PatientDataScanner(patientData) }),
        ...mediaRoutes(media),
      ],
      health: async () => ({
        state: 'healthy',
        message: `${patientData.identifiers.length} kinds of numbers, ${patientData.formats.length} forms of records, ${cloudServices.length} services on the internet are recognised.`,
        figures: { lag: await subscription.lag() },
      }),
      async stop() {
        withdraw();
        await subscription.stop();
      },
    };
  },
};
