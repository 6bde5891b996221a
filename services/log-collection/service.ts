import { join } from 'node:path';
import type { LogFormat } from '@sphinx/logs';
import { loadKnowledgeFiles, type ServiceDefinition } from '@sphinx/platform';
import { AlertDesk, type RaisedAlert } from './alerts/alert-desk.ts';
import { ALERT_MIGRATION, AlertStore } from './alerts/alert-store.ts';
import { RuleDesk } from './alerts/rule-desk.ts';
import { SavedSearches } from './alerts/scheduled-searches.ts';
import { ARCHIVE_MIGRATION } from './archive/head-memory.ts';
import { startArchive } from './archive/start-archive.ts';
import { FormatDesk } from './formats/format-desk.ts';
import { FileFollower } from './inputs/file-follower.ts';
import { FILE_MIGRATION, FilePositions } from './inputs/file-positions.ts';
import type { RecordSink } from './inputs/input.ts';
import { openInputs } from './inputs/open-inputs.ts';
import { openLogAuthority } from './inputs/tls-certificate.ts';
import { IntakeQueue } from './intake/intake-queue.ts';
import { LogIntake } from './intake/log-intake.ts';
import { type LogCollectionSettings, manifest } from './manifest.ts';
import { MediaDesk } from './media/media-desk.ts';
import { joinMediaFiles, MediaRuleFile } from './media/media-rule.ts';
import { pipelineFolders } from './reading/own-pipelines.ts';
import { ReadingThread } from './reading/reading-thread.ts';
import { removeOld, retentionOf } from './retention.ts';
import { alertRoutes } from './routes/alert-routes.ts';
import { archiveRoutes } from './routes/archive-routes.ts';
import { intakeRoutes } from './routes/intake-routes.ts';
import { searchRoutes } from './routes/search-routes.ts';
import { setupRoutes } from './routes/setup-routes.ts';
import { LiveTail } from './search/live-tail.ts';
import { LogSearch } from './search/log-search.ts';
import { LogStore, MIGRATIONS } from './store.ts';

const COUNT_INTERVAL_MS = 2000;
const RETENTION_INTERVAL_MS = 3_600_000;
/** Between an event and its alert there is at most this. */
const ALERT_INTERVAL_MS = 200;
/** Rules over time spans wait minutes for late events anyway. */
const TIME_SPAN_INTERVAL_MS = 1000;
const SEARCH_INTERVAL_MS = 20_000;
const FOLLOW_INTERVAL_MS = 500;
const BYTES_PER_KILOBYTE = 1024;
const MILLISECONDS_PER_MINUTE = 60_000;

export const service: ServiceDefinition<typeof LogCollectionSettings> = {
  manifest,
  migrations: [...MIGRATIONS, ALERT_MIGRATION, FILE_MIGRATION, ARCHIVE_MIGRATION],
  async start(context) {
    const { state, telemetry, clock, settings, secrets, logger } = context;
    const now = () => clock.now();
    const store = new LogStore(state);
    const { knowledgeFolder } = context;
    const mediaFiles = await loadKnowledgeFiles(join(knowledgeFolder, 'removable-media'), MediaRuleFile);
    const pipelines = await pipelineFolders(join(knowledgeFolder, 'sigma-pipelines'), settings.pipelineFolder);
    const reading = new ReadingThread({
      pipelines: pipelines.folders,
      media: joinMediaFiles(mediaFiles),
      logger,
      failed: (error) => context.fail(error),
    });
    let hasStarted = false;
    context.signal.addEventListener('abort', () => {
      if (!hasStarted) void reading.close();
    });
    const changed = (formats: readonly LogFormat[]) => reading.useFormats(formats);
    const desk = await FormatDesk.open({ store, knowledgeFolder, logger, changed });
    const intake = new LogIntake(telemetry);
    const archived = await startArchive(context, intake);
    const stored = async () => {
      await Promise.all([telemetry.flush(), archived.archive?.flush()]);
    };
    const search = new LogSearch(telemetry, now);
    const formatOf = (id: string) => desk.set.formatOf(id);
    const alertStore = new AlertStore(state);
    const alerts = new AlertDesk({
      store: alertStore,
      bus: context.bus,
      quietMs: settings.quietMinutes * MILLISECONDS_PER_MINUTE,
      now,
      source: manifest.id,
    });
    const rules = await RuleDesk.open({ store: alertStore, reading, knowledgeFolder });
    const raise = (raised: readonly RaisedAlert[]) => {
      for (const each of raised) if (!rules.isOff(each.analytic.id)) alerts.raise(each);
    };
    const media = new MediaDesk({ bus: context.bus, now, source: manifest.id });
    const queue = new IntakeQueue({
      reading,
      intake,
      telemetry,
      raised: raise,
      media: (seen) => {
        for (const each of seen) media.take(each);
      },
    });
    const searches = new SavedSearches({ state, search, alerts, formatOf, now });
    const advance = async () => {
      raise(await reading.advance(clock.now() - settings.latenessMinutes * MILLISECONDS_PER_MINUTE));
    };
    const tellAlerts = async (isEnd = false) => {
      if ((await alerts.tell(isEnd)) > 0) context.notify('logs');
    };
    const askSearches = () =>
      searches.run().catch((error) => logger.error('Saved searches could not be asked', { error: String(error) }));
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
    const follower = new FileFollower({
      patterns: settings.watchedFiles,
      maximumBytes: settings.kilobytesPerEvent * BYTES_PER_KILOBYTE,
      now,
      positions: new FilePositions(state),
      sink,
      stored: async () => {
        await queue.drained();
        await stored();
      },
    });
    let following = Promise.resolve();
    const follow = () => {
      following = following
        .then(() => (isStopping ? undefined : follower.poll()))
        .catch((error) => logger.error('Watched files could not be read', { error: String(error) }))
        .then(() => {
          if (!isStopping) followTimer = setTimeout(follow, FOLLOW_INTERVAL_MS);
        });
    };
    let isStopping = false;
    let followTimer: NodeJS.Timeout | undefined;
    if (settings.watchedFiles.length > 0) follow();
    const timers = [
      setInterval(() => tellAlerts().catch((error) => context.fail(error)), ALERT_INTERVAL_MS),
      setInterval(onlyOneAtATime(advance), TIME_SPAN_INTERVAL_MS),
      setInterval(() => void media.tell().catch((error) => context.fail(error)), TIME_SPAN_INTERVAL_MS),
      setInterval(() => void askSearches(), SEARCH_INTERVAL_MS),
      setInterval(() => saveCounts().catch((error) => context.fail(error)), COUNT_INTERVAL_MS),
      setInterval(() => {
        retention()
          .then(async (kinds) => {
            await removeOld(telemetry, kinds, clock.now());
            await archived.archive?.drop(kinds);
          })
          .catch((error) => logger.error('Old logs could not be removed', { error: String(error) }));
      }, RETENTION_INTERVAL_MS),
    ];
    for (const timer of timers) timer.unref();
    const firstAsking = askSearches();
    hasStarted = true;
    return {
      routes: [
        ...intakeRoutes({ queue, stored, clock }),
        ...searchRoutes({ search, tail: new LiveTail(intake, formatOf), formatOf }),
        ...alertRoutes({ alerts: alertStore, rules, searches, clock, changed: () => context.notify('logs') }),
        ...archiveRoutes(archived.archive),
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
      health: async () => {
        const problems = [...opened.problems, archived.problem(), pipelines.problem].filter((each) => each !== '');
        return {
          state: problems.length === 0 ? 'healthy' : 'degraded',
          message:
            problems.length === 0
              ? `${desk.set.formats.length} formats are read, ${rules.rules.length} rules are on; ${opened.inputs.length} sockets are open, besides HTTP.`
              : problems.join(' '),
          figures: {
            ...Object.fromEntries(opened.inputs.map(({ name, port }) => [name, port])),
            waiting: queue.waiting,
            readerRestarts: reading.restarts,
            files: follower.files,
            filesLeftOut: follower.leftOut,
          },
        };
      },
      async stop() {
        for (const timer of timers) clearInterval(timer);
        await firstAsking;
        isStopping = true;
        clearTimeout(followTimer);
        await following;
        await opened.close();
        await queue.drained();
        await advance().catch(() => undefined);
        await reading.close();
        await archived.stop();
        await tellAlerts(true);
        await media.tell(true);
        await telemetry.flush();
        await saveCounts();
      },
    };
  },
};

/** @returns starts the work, unless it is still under way; where it fails, the next one tries again */
function onlyOneAtATime(work: () => Promise<void>): () => void {
  let isUnderWay = false;
  return () => {
    if (isUnderWay) return;
    isUnderWay = true;
    const done = () => {
      isUnderWay = false;
    };
    work().then(done, done);
  };
}
