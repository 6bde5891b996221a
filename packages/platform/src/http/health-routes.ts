import { z } from 'zod';
import type { Bus } from '../bus/bus.ts';
import type { EventStore } from '../event-store/event-store.ts';
import type { ServiceSupervisor } from '../service/supervisor.ts';
import type { StateStore } from '../state-store/state-store.ts';
import { defineRoute, type Route } from './route.ts';

const State = z.enum(['healthy', 'degraded', 'unhealthy']);
const DEAD_LETTERS_SHOWN = 20;

const HealthView = z
  .object({
    state: State,
    version: z.string(),
    nodeVersion: z.string(),
    startedAt: z.int(),
    memoryBytes: z.int(),
    dataFolder: z.string().nullable().meta({ description: 'null when everything is in memory' }),
    parts: z.array(z.object({ id: z.string(), title: z.string(), state: State, message: z.string() })),
    consumers: z.array(z.object({ consumer: z.string(), lag: z.int() })),
    deadLetters: z.array(
      z.object({ consumer: z.string(), type: z.string(), key: z.string(), error: z.string(), time: z.int() }),
    ),
    telemetry: z.object({ accepted: z.int(), dropped: z.int(), buffered: z.int() }),
  })
  .meta({ id: 'Health' });
type HealthView = z.infer<typeof HealthView>;
type Part = HealthView['parts'][number];

export interface HealthDependencies {
  readonly state: StateStore;
  readonly bus: Bus;
  readonly telemetry: EventStore;
  readonly supervisor: ServiceSupervisor;
  readonly program: { version: string; startedAt: number; dataFolder: string | null };
}

/** How the program and each of its parts is. */
export function healthRoutes(dependencies: HealthDependencies): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/health',
      operationId: 'getHealth',
      summary: 'Health of stores, bus and services',
      tag: 'health',
      permission: 'health:read',
      response: HealthView,
      handler: () => describeHealth(dependencies),
    }),
  ];
}

/** Whether requests can be answered: the database answers and every service that is on has had its start. */
export async function isReady({
  state,
  supervisor,
}: Pick<HealthDependencies, 'state' | 'supervisor'>): Promise<boolean> {
  const statuses = await supervisor.statuses();
  const database = await databaseHealth(state);
  return database.state === 'healthy' && statuses.every((status) => status.state !== 'starting');
}

async function describeHealth(dependencies: HealthDependencies): Promise<HealthView> {
  const { state, bus, telemetry, supervisor, program } = dependencies;
  const [database, letters, consumers, statuses] = await Promise.all([
    databaseHealth(state),
    bus.deadLetters(DEAD_LETTERS_SHOWN),
    bus.lags(),
    supervisor.statuses(),
  ]);
  const titles = new Map(supervisor.definitions.map(({ manifest }) => [manifest.id, manifest.title]));
  const parts: Part[] = [
    database,
    busHealth(letters.length),
    telemetryHealth(telemetry),
    ...statuses
      .filter(({ isEnabled }) => isEnabled)
      .map(({ id, health }) => ({ id, title: titles.get(id) ?? id, state: health.state, message: health.message })),
  ];
  return {
    state: worst(parts),
    version: program.version,
    nodeVersion: process.version,
    startedAt: program.startedAt,
    memoryBytes: process.memoryUsage.rss(),
    dataFolder: program.dataFolder,
    parts,
    consumers: [...consumers],
    deadLetters: letters.map(({ consumer, fact, error, time }) => ({
      consumer,
      type: fact.type,
      key: fact.key,
      error,
      time,
    })),
    telemetry: { ...telemetry.statistics() },
  };
}

async function databaseHealth(state: StateStore): Promise<Part> {
  const part = { id: 'state-store', title: 'Database' };
  try {
    const startedAt = performance.now();
    await state.query('SELECT 1');
    return { ...part, state: 'healthy', message: `Answers in ${Math.round(performance.now() - startedAt)} ms.` };
  } catch (error) {
    return { ...part, state: 'unhealthy', message: `Does not answer: ${String(error)}` };
  }
}

function busHealth(deadLetters: number): Part {
  const part = { id: 'bus', title: 'Event log' };
  if (deadLetters === 0) return { ...part, state: 'healthy', message: 'Every fact was handled or is on its way.' };
  return { ...part, state: 'degraded', message: `${deadLetters} fact(s) could not be handled; see the dead letters.` };
}

function telemetryHealth(telemetry: EventStore): Part {
  const part = { id: 'event-store', title: 'Telemetry' };
  const { dropped, accepted } = telemetry.statistics();
  if (dropped === 0) return { ...part, state: 'healthy', message: `${accepted} rows since the start, none dropped.` };
  return {
    ...part,
    state: 'degraded',
    message: `${dropped} of ${accepted + dropped} rows were dropped because the machine could not keep up. Facts are complete.`,
  };
}

function worst(parts: readonly Part[]): Part['state'] {
  if (parts.some(({ state }) => state === 'unhealthy')) return 'unhealthy';
  return parts.some(({ state }) => state === 'degraded') ? 'degraded' : 'healthy';
}
