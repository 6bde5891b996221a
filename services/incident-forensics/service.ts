import { join } from 'node:path';
import { Outbox, type ServiceDefinition } from '@sphinx/platform';
import { openSigningKey } from '@sphinx/platform/signing';
import { AssetBook } from './assets/asset-book.ts';
import { Collector } from './evidence/collector.ts';
import { EvidenceDesk } from './evidence/evidence-desk.ts';
import { EvidenceStore } from './evidence/evidence-store.ts';
import { TimeStamper } from './evidence/time-stamper.ts';
import { ChecklistStore } from './incidents/checklist-store.ts';
import { IncidentDesk, type IncidentDeskParts } from './incidents/incident-desk.ts';
import { IncidentStore } from './incidents/incident-store.ts';
import { IncidentWork } from './incidents/incident-work.ts';
import { MIGRATIONS } from './incidents/migrations.ts';
import { AttackKnowledge } from './knowledge/attack-knowledge.ts';
import { loadChecklists } from './knowledge/checklists.ts';
import { loadScoringPolicy } from './knowledge/scoring-policy.ts';
import { type IncidentForensicsSettings, manifest } from './manifest.ts';
import { loadDuties } from './notifications/authority-drafts.ts';
import { ChannelStore } from './notifications/channel-store.ts';
import { NotificationDesk } from './notifications/notification-desk.ts';
import { send } from './notifications/send.ts';
import { evidenceRoutes } from './routes/evidence-routes.ts';
import { notificationRoutes } from './routes/notification-routes.ts';
import { incidentRoutes } from './routes.ts';
import { SampleDesk } from './sample/sample-desk.ts';
import { professionalsOf } from './signals/professionals.ts';

const TOLD = ['incident.opened', 'incident.updated', 'incident.closed'] as const;
const GROUPED = manifest.consumes.filter((type) => !TOLD.some((told) => told === type));

export const service: ServiceDefinition<typeof IncidentForensicsSettings> = {
  manifest,
  migrations: MIGRATIONS,
  async start(context) {
    const { bus, state, clock, settings, knowledgeFolder } = context;
    const [attack, policy, checklists, duties] = await Promise.all([
      AttackKnowledge.load(join(knowledgeFolder, 'attack-techniques')),
      loadScoringPolicy(join(knowledgeFolder, 'incident-scoring')),
      loadChecklists(join(knowledgeFolder, 'incident-checklists')),
      loadDuties(join(knowledgeFolder, 'notifications')),
    ]);
    const store = new IncidentStore(state);
    const outbox = new Outbox({ state, bus, schema: 'incident_forensics' });
    const assets = new AssetBook();
    const parts: IncidentDeskParts = {
      state,
      store,
      outbox,
      clock,
      assets,
      attack,
      policy,
      threshold: settings.threshold,
      isProfessional: professionalsOf(settings.professionals, assets),
      notify: () => context.notify('incidents'),
      onTold: (event, view) => {
        // What went wrong is in the log already.
        if (!settings.collectsEvidence) return;
        if (event === 'opened') collector.collect(view).catch(() => undefined);
        if (event === 'updated') collector.collectSessions(view).catch(() => undefined);
        if (event === 'closed') collector.collectAfterwards(view).catch(() => undefined);
      },
    };
    const key = await openSigningKey(context.secrets, 'evidence-signing-key', clock.now());
    const evidence = new EvidenceStore(state);
    const stamper = new TimeStamper({
      authority: settings.timeStampAuthority,
      store: evidence,
      clock,
      logger: context.logger,
    });
    const evidenceDesk = new EvidenceDesk({ state, store: evidence, blobs: context.blobs, clock, key });
    const { telemetry, captures, sessions, logger } = context;
    const collector = new Collector({
      incidents: store,
      evidence: evidenceDesk,
      assets,
      telemetry,
      captures,
      sessions,
      bus,
      logger,
      items: (incident) => evidence.list(incident),
      stamp: (incident) => stamper.stamp(incident),
      notify: () => context.notify('incidents'),
    });
    const desk = new IncidentDesk(parts);
    await desk.open();
    // What a crash left unpublished.
    await outbox.publish();
    const subscription = await bus.subscribe(
      { consumer: manifest.id, types: [...GROUPED], from: 'beginning' },
      (facts) => desk.take(facts),
    );
    const work = new IncidentWork(parts, desk);
    const sample = new SampleDesk({ ...parts, knowledgeFolder });
    const channels = new ChannelStore(state);
    const notifications = new NotificationDesk({
      store: channels,
      secrets: context.secrets,
      clock,
      logger,
      send,
      notify: () => context.notify('incidents'),
    });
    const told = await bus.subscribe(
      { consumer: `${manifest.id}-notifications`, types: [...TOLD], from: 'now' },
      (facts) => notifications.take(facts),
    );
    notifications.start();
    return {
      routes: [
        ...incidentRoutes({ store, work, checklists, checklistStore: new ChecklistStore(state), clock, sample }),
        ...evidenceRoutes({
          store,
          work,
          desk: evidenceDesk,
          stamper,
          evidence,
          collector,
          timeline: { incidents: store, evidence, collector, telemetry, bus },
          blobs: context.blobs,
          clock,
          scratchFolder: context.scratchFolder,
          maximumMegabytes: settings.maximumUploadMegabytes,
        }),
        ...notificationRoutes({ store, work, channels, desk: notifications, duties, secrets: context.secrets, clock }),
      ],
      health: async () => {
        const counts = await store.counts();
        const open = counts
          .filter(({ attention, status }) => attention === 'incident' && status !== 'closed')
          .reduce((sum, { count }) => sum + count, 0);
        const fault = stamper.lastFault === '' ? '' : ` The authority gave no time stamp: ${stamper.lastFault}.`;
        return {
          state: fault === '' ? 'healthy' : 'degraded',
          message: `${open} ${open === 1 ? 'incident is' : 'incidents are'} open.${fault}`,
          figures: { lag: await subscription.lag(), open },
        };
      },
      async stop() {
        await subscription.stop();
        await told.stop();
        await notifications.stop();
        await collector.settled();
      },
    };
  },
};
