import type { ServiceDefinition } from '@sphinx/platform';
import { FormatDesk } from './formats/format-desk.ts';
import type { RecordSink } from './inputs/input.ts';
import { openInputs } from './inputs/open-inputs.ts';
import { openLogAuthority } from './inputs/tls-certificate.ts';
import { IntakeQueue } from './intake/intake-queue.ts';
import { LogIntake } from './intake/log-intake.ts';
import { type LogCollectionSettings, manifest } from './manifest.ts';
import { removeOld, retentionOf } from './retention.ts';
import { intakeRoutes } from './routes/intake-routes.ts';
import { searchRoutes } from './routes/search-routes.ts';
import { setupRoutes } from './routes/setup-routes.ts';
import { LiveTail } from './search/live-tail.ts';
import { LogSearch } from './search/log-search.ts';
import { LogStore, MIGRATIONS } from './store.ts';

const COUNT_INTERVAL_MS = 2000;
const RETENTION_INTERVAL_MS = 3_600_000;

export const service: ServiceDefinition<typeof LogCollectionSettings> = {
  manifest,
  migrations: MIGRATIONS,
  async start(context) {
    const { state, telemetry, clock, settings, secrets, logger } = context;
    const now = () => clock.now();
    const store = new LogStore(state);
    const desk = await FormatDesk.open(store, context.knowledgeFolder, logger);
    const intake = new LogIntake(telemetry, () => desk.set);
    const queue = new IntakeQueue(intake);
    const search = new LogSearch(telemetry, now);
    const formatOf = (id: string) => desk.set.formatOf(id);
    const retention = () => retentionOf(store, settings);
    let saving = Promise.resolve();
    const saveCounts = () => {
      saving = saving.then(async () => {
        const deltas = intake.takeDeltas();
        if (deltas.size === 0) return;
        await store.addCounts(deltas, clock.now());
        context.notify('logs');
      });
      return saving;
    };
    const sink: RecordSink = {
      get isFull() {
        return queue.isFull;
      },
      push: (record) => queue.push(record),
      countDropped: (source, count) => intake.countDropped(source, count),
      countTruncated: (source, count) => intake.countTruncated(source, count),
    };
    const opened = await openInputs({ settings, sink, secrets, logger, now });
    const timers = [
      setInterval(() => saveCounts().catch((error) => context.fail(error)), COUNT_INTERVAL_MS),
      setInterval(() => {
        retention()
          .then((kinds) => removeOld(telemetry, kinds, clock.now()))
          .catch((error) => logger.error('Old logs could not be removed', { error: String(error) }));
      }, RETENTION_INTERVAL_MS),
    ];
    for (const timer of timers) timer.unref();
    return {
      routes: [
        ...intakeRoutes({ intake, telemetry, clock }),
        ...searchRoutes({ search, tail: new LiveTail(intake, formatOf), formatOf }),
        ...setupRoutes({
          desk,
          store,
          clock,
          retention,
          authority: () => openLogAuthority(secrets, clock.now()),
          saveCounts,
          changed: () => context.notify('logs'),
        }),
      ],
      health: async () => ({
        state: opened.problems.length === 0 ? 'healthy' : 'degraded',
        message:
          opened.problems.length === 0
            ? `${desk.set.formats.length} formats are read; ${opened.inputs.length} sockets are open, besides HTTP.`
            : opened.problems.join(' '),
        figures: Object.fromEntries(opened.inputs.map(({ name, port }) => [name, port])),
      }),
      async stop() {
        for (const timer of timers) clearInterval(timer);
        await opened.close();
        await queue.drained();
        await telemetry.flush();
        await saveCounts();
      },
    };
  },
};
