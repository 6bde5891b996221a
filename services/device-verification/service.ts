import { join } from 'node:path';
import { Outbox, type ServiceContext, type ServiceDefinition } from '@sphinx/platform';
import { openSigningKey } from '@sphinx/platform/signing';
import { CandidateStore } from './candidates/candidate-store.ts';
import { Candidates } from './candidates/candidates.ts';
import { candidateRoutes } from './candidates/routes-candidates.ts';
import { CertificateDesk } from './certificate-desk.ts';
import { DocumentStore } from './documents/document-store.ts';
import { loadVerificationKnowledge } from './knowledge/load-knowledge.ts';
import { type DeviceVerificationSettings, manifest } from './manifest.ts';
import { verificationRoutes } from './routes.ts';
import { certificateRoutes } from './routes-certificates.ts';
import { publicRoutes } from './routes-public.ts';
import { reportRoutes } from './routes-report.ts';
import { MIGRATIONS, VerificationStore } from './store.ts';
import { startSweep } from './sweep.ts';
import { writeTrustFiles } from './trust-files.ts';
import { DeviceReferences } from './vendor-view/device-references.ts';
import { vendorRoutes } from './vendor-view/routes-vendor.ts';
import { VendorStore } from './vendor-view/vendor-store.ts';
import { CONSUMED_FACTS, Verifier } from './verifier.ts';

export const service: ServiceDefinition<typeof import('./manifest.ts').DeviceVerificationSettings> = {
  manifest,
  migrations: MIGRATIONS,
  async start(context) {
    const { bus, clock, logger, settings } = context;
    const knowledge = await loadVerificationKnowledge(context.knowledgeFolder);
    const key = await openSigningKey(context.secrets, 'certificate-signing-key', clock.now());
    const references = await DeviceReferences.open(context.secrets);
    const store = new VerificationStore(context.state);
    const trustFolder = settings.trustFolder === '' ? join(context.scratchFolder, 'trust') : settings.trustFolder;
    const writeTrust = () => writeTrustFiles(trustFolder, store, key, clock.now());
    const trust = new TrustUpdates(writeTrust, context);
    const onChange = (topic: 'verifications' | 'certificates', payload: object) => {
      context.notify(topic, payload);
      if (topic === 'certificates') trust.isDue = true;
    };
    const outbox = new Outbox({ state: context.state, bus, schema: 'device_verification' });
    const documents = new DocumentStore(context.state);
    const candidateStore = new CandidateStore(context.state);
    const candidates = new Candidates({
      store,
      candidates: candidateStore,
      documents,
      knowledge,
      clock,
      onChange: (payload) => context.notify('candidates', payload),
    });
    const desk = new CertificateDesk({ store, outbox, clock, knowledge, key });
    const verifier = new Verifier({ store, documents, candidates, desk, outbox, clock, logger, knowledge, onChange });
    await outbox.publish();
    await writeTrust();
    const subscription = await bus.subscribe(
      { consumer: manifest.id, types: [...CONSUMED_FACTS], from: 'beginning' },
      async (facts) => {
        await verifier.handle(facts);
        await trust.write();
      },
    );
    const sweep = startSweep({ context, store, verifier, afterSweep: () => trust.write() });
    return {
      routes: [
        ...verificationRoutes({ store, verifier, knowledge }),
        ...reportRoutes({ store, knowledge, publicAddress: settings.publicAddress }),
        ...publicRoutes({ store, key, clock, publicAddress: settings.publicAddress }),
        ...candidateRoutes({ candidates, store: candidateStore }),
        ...certificateRoutes({ store, verifier, key, clock, trust }),
        ...vendorRoutes({
          store: new VendorStore(context.state),
          references,
          knowledge,
          publicAddress: settings.publicAddress,
        }),
      ],
      health: async () => {
        const counts = await store.verdictCounts();
        const judged = Object.values(counts).reduce((sum, count) => sum + count, 0);
        return {
          state: 'healthy',
          message:
            judged === 0
              ? 'No asset has been judged yet.'
              : `${judged} assets judged, ${counts.rejected ?? 0} rejected.`,
          figures: { ...counts, checks: knowledge.checks.length, lag: await subscription.lag() },
        };
      },
      async stop() {
        await sweep.stop();
        await subscription.stop();
      },
    };
  },
};

/** Writes the trust files once per change, not once per certificate. */
class TrustUpdates {
  isDue = false;
  readonly #write: () => Promise<void>;
  readonly #context: Pick<ServiceContext<DeviceVerificationSettings>, 'logger'>;

  constructor(write: () => Promise<void>, context: Pick<ServiceContext<DeviceVerificationSettings>, 'logger'>) {
    this.#write = write;
    this.#context = context;
  }

  /** A folder that cannot be written must not stop verification: the same content is served by the API. */
  async write(): Promise<void> {
    if (!this.isDue) return;
    this.isDue = false;
    try {
      await this.#write();
    } catch (error) {
      this.isDue = true;
      this.#context.logger.error('The trust files could not be written', { error: String(error) });
    }
  }
}
