import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Bus,
  createSensorInspection,
  createStoredCaptures,
  createStoredSessions,
  type EventStore,
  openDuckDbEventStore,
  openFolderBlobStore,
  openJobs,
  openPgliteStateStore,
  openSealedSecrets,
  openStateStoreBus,
  type Route,
  type RunningService,
  SECRET_MIGRATIONS,
  type ServiceContext,
  type StateStore,
  systemClock,
} from '@sphinx/platform';
import type { FactData, FactType } from '@sphinx/schema';
import { vi } from 'vitest';
import { TrafficMonitoringSettings } from './manifest.ts';
import { dnsMessages } from './sample/packets/messages.ts';
import { service } from './service.ts';
import type { Source } from './sources/source.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };

interface Engines {
  readonly state: StateStore;
  readonly bus: Bus;
  readonly telemetry: EventStore;
}

/** The service on the embedded engines, asked through its routes, as the program does. For tests. */
export class Monitoring {
  readonly folder: string;
  readonly engines: Engines;
  /** Topics that consoles were told of. */
  readonly notifications: readonly string[];
  readonly #context: ServiceContext<TrafficMonitoringSettings>;
  #running: RunningService;

  private constructor(
    folder: string,
    engines: Engines,
    context: ServiceContext<TrafficMonitoringSettings>,
    running: RunningService,
    notifications: readonly string[],
  ) {
    this.notifications = notifications;
    this.folder = folder;
    this.engines = engines;
    this.#context = context;
    this.#running = running;
  }

  static async open(settings: Partial<TrafficMonitoringSettings> = {}): Promise<Monitoring> {
    const folder = await mkdtemp(join(tmpdir(), 'sphinx-monitoring-'));
    const state = await openPgliteStateStore({});
    await state.migrate('secrets', SECRET_MIGRATIONS);
    await state.migrate('traffic-monitoring', service.migrations);
    const logger = QUIET;
    const clock = systemClock;
    const bus = await openStateStoreBus({ state, clock, logger });
    const telemetry = await openDuckDbEventStore({ logger });
    const notifications: string[] = [];
    const context: ServiceContext<TrafficMonitoringSettings> = {
      bus,
      state,
      telemetry,
      clock,
      logger,
      jobs: await openJobs({ state, clock, logger }),
      blobs: await openFolderBlobStore(join(folder, 'blobs')),
      secrets: openSealedSecrets(state, new Uint8Array(32), 'traffic-monitoring'),
      settings: TrafficMonitoringSettings.parse(settings),
      inspection: createSensorInspection(),
      captures: createStoredCaptures(),
      sessions: createStoredSessions(),
      knowledgeFolder: fileURLToPath(new URL('../../knowledge', import.meta.url)),
      scratchFolder: join(folder, 'scratch'),
      notify: (topic) => notifications.push(topic),
      audit: async () => {},
      fail: (error) => {
        throw error;
      },
      signal: new AbortController().signal,
    };
    return new Monitoring(folder, { state, bus, telemetry }, context, await service.start(context), notifications);
  }

  /** Stops the service and starts it again on the same stores. */
  async restart(settings: Partial<TrafficMonitoringSettings> = {}): Promise<void> {
    await this.#running.stop();
    const merged = TrafficMonitoringSettings.parse({ ...this.#context.settings, ...settings });
    this.#running = await service.start({ ...this.#context, settings: merged });
  }

  async ask<T>(
    operationId: string,
    input: { id?: string; query?: object; body?: unknown; upload?: Uint8Array } = {},
  ): Promise<T> {
    const route = this.#running.routes.find((candidate) => candidate.operationId === operationId) as Route;
    const request = new Request('http://localhost/', {
      method: 'POST',
      ...(input.upload === undefined ? {} : { body: input.upload.slice() }),
    });
    const answer = await route.handler({
      params: { id: input.id },
      query: route.query?.parse(input.query ?? {}) ?? {},
      body: route.body?.parse(input.body),
      principal: { kind: 'system', id: 'test', name: 'test', permissions: new Set() },
      request,
    });
    return answer as T;
  }

  async sources(): Promise<readonly Source[]> {
    const { items } = await this.ask<{ items: Source[] }>('listSources');
    return items;
  }

  /** Waits until a source is in one of the states. */
  async until(id: string, ...states: readonly Source['state'][]): Promise<Source> {
    return vi.waitFor(
      async () => {
        const source = (await this.sources()).find((candidate) => candidate.id === id);
        if (source === undefined || !states.includes(source.state)) {
          throw new Error(`${id} is ${source?.state}: ${source?.message}`);
        }
        return source;
      },
      { timeout: 20_000, interval: 25 },
    );
  }

  async facts<T extends FactType>(type: T): Promise<readonly FactData<T>[]> {
    const stored = await this.engines.bus.read({ types: [type], limit: 10_000 });
    return stored.map(({ fact }) => fact.data as FactData<T>);
  }

  async health(): ReturnType<NonNullable<RunningService['health']>> {
    return (await this.#running.health?.()) ?? { state: 'unhealthy', message: 'says nothing' };
  }

  async close(): Promise<void> {
    await this.#running.stop();
    await this.engines.bus.close();
    await this.engines.telemetry.close();
    await this.engines.state.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A TCP and UDP port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A DNS question and its answer between two sockets of this machine. */
export async function sendDnsQuestion(): Promise<void> {
  const server = createSocket('udp4');
  const client = createSocket('udp4');
  const { query, answer } = dnsMessages(7, 'pacs.hospital.example', '10.20.1.13');
  server.on('message', (_message, from) => server.send(answer, from.port, from.address));
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  const answered = new Promise((resolve) => client.once('message', resolve));
  client.send(query, server.address().port, '127.0.0.1');
  await answered;
  client.close();
  server.close();
}
