import { Outbox, type ServiceDefinition } from '@sphinx/platform';
import type { Fact } from '@sphinx/schema';
import { AssetCards } from './assets/asset-cards.ts';
import { CareDesk } from './care-map/care-desk.ts';
import { CareTeller } from './care-map/care-teller.ts';
import { EditStore } from './care-map/edit-store.ts';
import { EvidenceBook } from './evidence/evidence-book.ts';
import { disruptionValues, ForecastDesk } from './forecast/forecast-desk.ts';
import { ForecastStore } from './forecast/forecast-store.ts';
import { loadCareKnowledge, loadPathKnowledge, loadRiskKnowledge } from './knowledge/load-knowledge.ts';
import { manifest, type RiskAssessmentSettings } from './manifest.ts';
import { MeasureDesk } from './measures/measure-desk.ts';
import { MIGRATIONS } from './migrations.ts';
import { PathDesk } from './paths/path-desk.ts';
import { MoneyDesk } from './register/money-desk.ts';
import { RegisterDesk } from './register/register-desk.ts';
import { RegisterStore } from './register/register-store.ts';
import { ControlStore } from './risk/control-store.ts';
import { RiskDesk } from './risk/risk-desk.ts';
import { RiskTeller } from './risk/risk-teller.ts';
import { ToldStore } from './risk/told-store.ts';
import { careRoutes } from './routes/care-routes.ts';
import { forecastRoutes } from './routes/forecast-routes.ts';
import { pathRoutes } from './routes/path-routes.ts';
import { registerRoutes } from './routes/register-routes.ts';
import { reportRoutes } from './routes/report-routes.ts';
import { riskRoutes } from './routes/risk-routes.ts';

/** What was detected fades slowly. */
const REFRESH_MS = 15 * 60_000;
const TELL_MS = 1000;
/** What was learnt before the program stopped is taken in by then. */
const FIRST_SAMPLE_MS = 60_000;

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
    const outbox = new Outbox({ state, bus, schema: 'risk_assessment' });
    const measures = new MeasureDesk({ risk, paths, outbox, state, clock, fail: (error) => context.fail(error) });
    const teller = new RiskTeller({
      risk,
      told: new ToldStore(state),
      outbox,
      state,
      clock,
    });
    await teller.open();
    const registerStore = new RegisterStore(state);
    await registerStore.open();
    const register = new RegisterDesk({ risk, store: registerStore, clock });
    const money = new MoneyDesk();
    const forecasts = new ForecastDesk({
      values: () => disruptionValues(risk),
      nameOf: (subject) => nameIn(care, subject),
      store: new ForecastStore(state),
      clock,
    });
    const careTeller = new CareTeller({
      care,
      outbox: new Outbox({ state, bus, schema: 'risk_assessment' }),
      state,
      clock,
    });
    await careTeller.open();
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
        careTeller.mark();
        tell('care-map', 'risk');
      } else if (concerned.size > 0) {
        const changed = risk.note(concerned);
        teller.mark(changed);
        if (changed.size > 0) tell('risk');
      }
      await teller.forget(facts);
      measures.take(facts);
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
    let forecasting: Promise<unknown> = Promise.resolve();
    const forecast = () => {
      forecasting = forecasting.then(() => forecasts.turn()).catch((error: unknown) => context.fail(error));
    };
    const forecastTimers = [setInterval(forecast, REFRESH_MS), setTimeout(forecast, FIRST_SAMPLE_MS)];
    for (const each of forecastTimers) each.unref();
    const tellTimer = setInterval(() => void teller.turn().catch((error: unknown) => context.fail(error)), TELL_MS);
    tellTimer.unref();
    const careTimer = setInterval(() => void careTeller.turn().catch((error: unknown) => context.fail(error)), TELL_MS);
    careTimer.unref();
    const everythingChanged = (...topics: readonly string[]) => {
      teller.markAll();
      careTeller.mark();
      tell(...topics);
    };
    return {
      routes: [
        ...careRoutes({ desk: care, edits, notify: () => everythingChanged('care-map', 'risk') }),
        ...pathRoutes({ desk: paths, risk }),
        ...riskRoutes({ desk: risk, book, controls, clock, notify: () => everythingChanged('risk') }),
        ...registerRoutes({ register, money, notify: () => tell('risk') }),
        ...forecastRoutes({ desk: forecasts }),
        ...reportRoutes({ desk: risk, controls, register, money, forecasts, clock }),
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
        for (const each of forecastTimers) clearTimeout(each);
        clearInterval(careTimer);
        await subscription.stop();
        await measures.stop();
        await teller.stop();
        await forecasting;
        await careTeller.stop();
      },
    };
  },
};

/** What is gone from the map is called by its id. */
function nameIn(care: CareDesk, id: string): string {
  const map = care.map();
  const place = map.placeOf(id);
  return place === undefined ? id : map.at(place).name;
}
