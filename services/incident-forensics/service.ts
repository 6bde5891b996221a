import { join } from 'node:path';
import { Outbox, type ServiceDefinition } from '@sphinx/platform';
import { AssetBook } from './assets/asset-book.ts';
import { ChecklistStore } from './incidents/checklist-store.ts';
import { IncidentDesk, type IncidentDeskParts } from './incidents/incident-desk.ts';
import { IncidentStore } from './incidents/incident-store.ts';
import { IncidentWork } from './incidents/incident-work.ts';
import { MIGRATIONS } from './incidents/migrations.ts';
import { AttackKnowledge } from './knowledge/attack-knowledge.ts';
import { loadChecklists } from './knowledge/checklists.ts';
import { loadScoringPolicy } from './knowledge/scoring-policy.ts';
import { type IncidentForensicsSettings, manifest } from './manifest.ts';
import { incidentRoutes } from './routes.ts';
import { professionalsOf } from './signals/professionals.ts';

export const service: ServiceDefinition<typeof IncidentForensicsSettings> = {
  manifest,
  migrations: MIGRATIONS,
  async start(context) {
    const { bus, state, clock, settings, knowledgeFolder } = context;
    const [attack, policy, checklists] = await Promise.all([
      AttackKnowledge.load(join(knowledgeFolder, 'attack-techniques')),
      loadScoringPolicy(join(knowledgeFolder, 'incident-scoring')),
      loadChecklists(join(knowledgeFolder, 'incident-checklists')),
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
    };
    const desk = new IncidentDesk(parts);
    await desk.open();
    // What a crash left unpublished.
    await outbox.publish();
    const subscription = await bus.subscribe(
      { consumer: manifest.id, types: [...manifest.consumes], from: 'beginning' },
      (facts) => desk.take(facts),
    );
    return {
      routes: incidentRoutes({
        store,
        work: new IncidentWork(parts, desk),
        checklists,
        checklistStore: new ChecklistStore(state),
        attack,
        clock,
        threshold: settings.threshold,
      }),
      health: async () => {
        const counts = await store.counts();
        const open = counts
          .filter(({ attention, status }) => attention === 'incident' && status !== 'closed')
          .reduce((sum, { count }) => sum + count, 0);
        return {
          state: 'healthy',
          message: `${open} ${open === 1 ? 'incident is' : 'incidents are'} open.`,
          figures: { lag: await subscription.lag(), open },
        };
      },
      stop: () => subscription.stop(),
    };
  },
};
