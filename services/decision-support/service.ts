import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Outbox, type ServiceDefinition } from '@sphinx/platform';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadExpectedCourses } from './courses/expected-courses.ts';
import { DecisionDesk } from './decisions/decision-desk.ts';
import { DecisionStore } from './decisions/decision-store.ts';
import { type DecisionSupportSettings, manifest } from './manifest.ts';
import { MeasureBook } from './measures/measure-book.ts';
import { MIGRATIONS } from './migrations.ts';
import { loadDeliveredPlaybooks } from './playbooks/delivered.ts';
import { PlaybookLibrary } from './playbooks/playbook-library.ts';
import { PlaybookStore } from './playbooks/playbook-store.ts';
import { PlaybookTeller } from './playbooks/playbook-teller.ts';
import { decisionRoutes } from './routes/decision-routes.ts';
import { playbookRoutes } from './routes/playbook-routes.ts';
import { RiskBook } from './subjects/risk-book.ts';
import { SubjectStore } from './subjects/subject-store.ts';

/** What is read of `knowledge/asset-kinds`. */
const AssetKinds = z.object({ kinds: z.array(z.object({ id: z.string(), clinicalFunction: z.string() })) });

export const service: ServiceDefinition<typeof DecisionSupportSettings> = {
  manifest,
  migrations: MIGRATIONS,
  async start(context) {
    const { state, clock, bus, knowledgeFolder } = context;
    const delivered = await loadDeliveredPlaybooks(knowledgeFolder);
    const library = new PlaybookLibrary({ delivered, store: new PlaybookStore(state), clock });
    await library.open();
    const teller = new PlaybookTeller(bus, clock);
    // Also what a crash left untold, and what was there before this was told at all: a known fact changes nothing.
    for (const item of library.list()) await teller.kept(item);
    const [subjects, decisions] = [new SubjectStore(state), new DecisionStore(state)];
    const outbox = new Outbox({ state, bus, schema: 'decision_support' });
    await outbox.publish();
    const risks = new RiskBook(state);
    await risks.open();
    const measures = new MeasureBook({ state, outbox, clock });
    await measures.open();
    const desk = new DecisionDesk({
      subjects,
      decisions,
      library,
      risks,
      measures,
      outbox,
      clock,
      expected: await loadExpectedCourses(knowledgeFolder),
      functions: await loadFunctions(knowledgeFolder),
    });
    const tell = () => context.notify('decisions');
    const changed = (topic: 'decisions' | 'playbooks') => {
      desk.changed();
      context.notify(topic);
    };
    const subscription = await bus.subscribe(
      { consumer: manifest.id, types: [...manifest.consumes], from: 'beginning' },
      async (facts) => {
        await subjects.take(facts);
        await risks.take(facts);
        await measures.take(facts);
        if (facts.some(({ type }) => !type.startsWith('asset.'))) tell();
      },
    );
    return {
      routes: [
        ...playbookRoutes({ library, teller, notify: () => changed('playbooks') }),
        ...decisionRoutes({ desk, decisions, library, clock, notify: () => changed('decisions') }),
      ],
      health: async () => {
        const playbooks = library.list();
        const own = playbooks.filter(({ origin }) => origin === 'hospital').length;
        return {
          state: 'healthy',
          message: `${playbooks.length} playbooks, ${own} of them the hospital's own.`,
          figures: { lag: await subscription.lag() },
        };
      },
      async stop() {
        await subscription.stop();
      },
    };
  },
};

/** What each kind of asset does for patients. */
async function loadFunctions(knowledgeFolder: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(knowledgeFolder, 'asset-kinds', 'kinds.yaml'), 'utf8');
  return new Map(AssetKinds.parse(parse(text)).kinds.map(({ id, clinicalFunction }) => [id, clinicalFunction]));
}
