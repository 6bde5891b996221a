import {
  Access,
  type Api,
  AuditTrail,
  auditRoutes,
  type Clock,
  type Configuration,
  configurationRoutes,
  createApi,
  createFront,
  createSensorInspection,
  createStoredCaptures,
  createStoredSessions,
  enabledKeyOf,
  eventRoutes,
  healthRoutes,
  isReady,
  jobRoutes,
  type Logger,
  loadStaticFiles,
  Metrics,
  Notifier,
  type SensorInspection,
  ServiceSupervisor,
  serviceRoutes,
  sessionRoutes,
  systemClock,
  tokenRoutes,
  userRoutes,
} from '@sphinx/platform';
import { SERVICES } from '../services.ts';
import { VERSION } from '../version.ts';
import type { Engines } from './engines.ts';
import type { Paths } from './paths.ts';
import { startRetention } from './retention.ts';
import { createServiceContext } from './service-context.ts';

/** The program in this process, without a network. */
export interface Program {
  readonly api: Api;
  readonly access: Access;
  readonly engines: Engines;
  /** What services look at packets with. */
  readonly inspection: SensorInspection;
  /** Answers any request: API, console, probes. */
  readonly fetch: (request: Request) => Promise<Response>;
  close(): Promise<void>;
}

const HEALTH_FIGURES = { healthy: 1, degraded: 0.5, unhealthy: 0 } as const;

/**
 * The composition root: puts engines, platform and services together and starts the services that are on.
 *
 * @param options.only services to start; all that are switched on when absent
 */
export async function openProgram(options: {
  paths: Paths;
  engines: Engines;
  configuration: Configuration;
  logger: Logger;
  dataFolder: string | null;
  only?: readonly string[];
  clock?: Clock;
}): Promise<Program> {
  const { engines, configuration, logger, paths, clock = systemClock } = options;
  const { state, bus, telemetry, jobs } = engines;
  const notifier = new Notifier();
  const audit = await AuditTrail.open({ state, clock });
  const access = await Access.open({ state, clock, limits: () => sessionLimits(configuration) });
  const inspection = createSensorInspection();
  const contextParts = {
    engines,
    configuration,
    clock,
    logger,
    notifier,
    audit,
    inspection,
    captures: createStoredCaptures(),
    sessions: createStoredSessions(),
    knowledgeFolder: paths.knowledgeFolder,
  };
  const supervisor = new ServiceSupervisor({
    definitions: SERVICES,
    createContext: (definition, run) => createServiceContext(contextParts, definition, run),
    logger,
    now: () => clock.now(),
    onChange: ({ id }) => notifier.notify('services', { id }),
  });
  jobs.onChange(({ id, state: jobState }) => notifier.notify('jobs', { id, state: jobState }));
  access.onChange(() => notifier.judgeStreams());
  audit.onAppend(({ sequence }) => notifier.notify('audit', { sequence }));

  const program = { version: VERSION, startedAt: clock.now(), dataFolder: options.dataFolder };
  const platformRoutes = [
    ...sessionRoutes(access),
    ...userRoutes(access),
    ...tokenRoutes(access),
    ...auditRoutes(audit),
    ...eventRoutes({ bus, notifier, access }),
    ...jobRoutes(jobs),
    ...configurationRoutes(configuration, (keys) => applySettings(keys, supervisor, configuration, notifier)),
    ...serviceRoutes({ supervisor, configuration }),
    ...healthRoutes({ state, bus, telemetry, supervisor, program }),
  ];
  const metrics = new Metrics(() => programFigures(engines, supervisor));
  const api = createApi({
    routes: () => [...platformRoutes, ...supervisor.routes()],
    access,
    audit,
    logger,
    onAnswer: (answer) => metrics.noteRequest(answer),
  });
  const stopRetention = startRetention({ engines, configuration, clock, logger });
  await startServices(supervisor, configuration, options.only);
  return {
    api,
    access,
    engines,
    inspection,
    fetch: createFront({
      api,
      access,
      metrics,
      version: VERSION,
      logger,
      isReady: () => isReady({ state, supervisor }),
      console: await loadStaticFiles(paths.consoleFolder),
    }),
    async close() {
      stopRetention();
      notifier.close();
      await supervisor.stop();
      await engines.close();
    },
  };
}

async function startServices(
  supervisor: ServiceSupervisor,
  configuration: Configuration,
  only: readonly string[] | undefined,
): Promise<void> {
  for (const { manifest } of supervisor.definitions) {
    const isOn = configuration.get(enabledKeyOf(manifest.id)) === true;
    if (isOn && (only === undefined || only.includes(manifest.id))) await supervisor.enable(manifest.id);
  }
}

/** Settings of a service take effect by a new start of that service. */
async function applySettings(
  keys: readonly string[],
  supervisor: ServiceSupervisor,
  configuration: Configuration,
  notifier: Notifier,
): Promise<void> {
  for (const { manifest } of supervisor.definitions) {
    if (!keys.some((key) => key.startsWith(`services.${manifest.id}.`))) continue;
    if (configuration.get(enabledKeyOf(manifest.id)) !== true) await supervisor.disable(manifest.id);
    else if ((await supervisor.status(manifest.id)).isEnabled) await supervisor.restart(manifest.id);
    else await supervisor.enable(manifest.id);
  }
  notifier.notify('settings', { keys });
}

function sessionLimits(configuration: Configuration): { hours: number; idleHours: number } {
  return {
    hours: Number(configuration.get('access.sessionHours')),
    idleHours: Number(configuration.get('access.idleHours')),
  };
}

async function programFigures({ bus, telemetry }: Engines, supervisor: ServiceSupervisor) {
  const statuses = await supervisor.statuses();
  const { accepted, dropped, buffered } = telemetry.statistics();
  return {
    busLag: Object.fromEntries((await bus.lags()).map(({ consumer, lag }) => [consumer, lag])),
    telemetryAccepted: accepted,
    telemetryDropped: dropped,
    telemetryBuffered: buffered,
    serviceHealth: Object.fromEntries(
      statuses.filter(({ isEnabled }) => isEnabled).map(({ id, health }) => [id, HEALTH_FIGURES[health.state]]),
    ),
    serviceFigures: Object.fromEntries(statuses.map(({ id, health }) => [id, health.figures ?? {}])),
  };
}
