import { Outbox, type ServiceDefinition } from '@sphinx/platform';
import type { Fact } from '@sphinx/schema';
import { AssetCards } from './assets/asset-cards.ts';
import { CareDesk } from './care-map/care-desk.ts';
import { EditStore } from './care-map/edit-store.ts';
import { EvidenceBook } from './evidence/evidence-book.ts';
import { loadCareKnowledge, loadPathKnowledge, loadRiskKnowledge } from './knowledge/load-knowledge.ts';
import { manifest, type RiskAssessmentSettings } from './manifest.ts';
import { MIGRATIONS } from './migrations.ts';
import { PathDesk } from './paths/path-desk.ts';
import { ControlStore } from './risk/control-store.ts';
import { RiskDesk } from './risk/risk-desk.ts';
import { RiskTeller } from './risk/risk-teller.ts';
import { ToldStore } from './risk/told-store.ts';
import { careRoutes } from './routes/care-routes.ts';
import { pathRoutes } from './routes/path-routes.ts';
import { riskRoutes } from './routes/risk-routes.ts';

/** What was detected fades slowly. */
const REFRESH_MS = 15 * 60_000;
const TELL_MS = 1000;

export const service: ServiceDefinition<typeof RiskAssessmentSettings> = {
  manifest,
  migrations: MIGRATIONS,
  async start(context) {
    const { bus, state, clock, settings } = context;
    const [careKnowledge, knowledge, pathKnowledge] = await Promise.all([
      loadCareKnowledge(context.knowledgeFolder),
      loadRiskKnowledge(context.knowledgeFolder),
      loadPathKnowledge(context.knowledgeFolder),
    ]);
    const edits = new EditStore(state);
    const cards = new AssetCards();
    const bits = { v4: settings.networkBits, v6: settings.networkBitsV6 };
    const care = new CareDesk({ state, cards, edits, knowledge: careKnowledge, bits, clock });
    await care.open();
    const book = new EvidenceBook();
    await book.open(state, clock.now());
    const controls = new ControlStore(state);
    await controls.open();
    const risk = new RiskDesk({ care, book, controls, knowledge, bits, clock });
    const paths = new PathDesk({ risk, knowledge: pathKnowledge, bits });
    const teller = new RiskTeller({
      risk,
      told: new ToldStore(state),
      outbox: new Outbox({ state, bus, schema: 'risk_assessment' }),
      state,
      clock,
    });
    await teller.open();
    const tell = (...topics: readonly string[]) => {
      for (const topic of topics) context.notify(topic);
    };
    const take = async (facts: readonly Fact[]) => {
      const assets = await care.take(facts);
      const find = (name: string) => cards.find(name);
      const concerned = await state.transaction((sql) => book.take(facts, find, sql));
      // Where the map changed, risk is made anew when somebody asks for it.
      if (assets.size > 0) {
        teller.markAll();
        tell('care-map', 'risk');
      } else if (concerned.size > 0) {
        const changed = risk.note(concerned);
        teller.mark(changed);
        if (changed.size > 0) tell('risk');
      }
      await teller.forget(facts);
    };
    const subscription = await bus.subscribe(
      { consumer: manifest.id, types: [...manifest.consumes], from: 'beginning' },
      take,
    );
    const timer = setInterval(() => {
      try {
        const changed = risk.refresh();
        teller.mark(changed);
        if (changed.size > 0) tell('risk');
      } catch (error) {
        context.fail(error);
      }
    }, REFRESH_MS);
    timer.unref();
    const tellTimer = setInterval(() => void teller.turn().catch((error: unknown) => context.fail(error)), TELL_MS);
    tellTimer.unref();
    const everythingChanged = (...topics: readonly string[]) => {
      teller.markAll();
      tell(...topics);
    };
    return {
      routes: [
        ...careRoutes({ desk: care, edits, notify: () => everythingChanged('care-map', 'risk') }),
        ...pathRoutes({ desk: paths, risk }),
        ...riskRoutes({ desk: risk, book, controls, clock, notify: () => everythingChanged('risk') }),
      ],
      health: async () => {
        const map = care.map();
        const services = map.care().length;
        return {
          state: 'healthy',
          message: `${services} clinical ${services === 1 ? 'service is' : 'services are'} known, by care area.`,
          figures: { lag: await subscription.lag(), nodes: map.nodes.length },
        };
      },
      async stop() {
        clearInterval(timer);
        clearInterval(tellTimer);
        await subscription.stop();
        await teller.stop();
      },
    };
  },
};
