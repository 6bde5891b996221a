import { mkdtemp, rm } from 'node:fs/promises';
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
  type ServiceHealth,
  type StateStore,
  systemClock,
} from '@sphinx/platform';
import type { Alert, MediaUse } from '@sphinx/schema';
import { LogCollectionSettings } from './manifest.ts';
import { service } from './service.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const KEY = new Uint8Array(32).fill(7);

export interface SeenEvent {
  readonly log_id: string;
  readonly format: string;
  readonly kind: string;
  readonly source_id: string;
  readonly message: string;
  readonly raw: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly [column: string]: unknown;
}

interface Engines {
  readonly folder: string;
  readonly state: StateStore;
  readonly telemetry: EventStore;
  readonly bus: Bus;
}

/** The service on the embedded engines, as the program runs it. */
export class House {
  readonly alerts: Alert[] = [];
  readonly media: MediaUse[] = [];
  readonly #engines: Engines;
  #running: RunningService;

  private constructor(engines: Engines, running: RunningService) {
    this.#engines = engines;
    this.#running = running;
  }

  static async open(settings: Partial<LogCollectionSettings> = {}): Promise<House> {
    const folder = await mkdtemp(join(tmpdir(), 'sphinx-logs-'));
    const state = await openPgliteStateStore({});
    await state.migrate('secrets', SECRET_MIGRATIONS);
    await state.migrate('log-collection', service.migrations);
    const engines = {
      folder,
      state,
      telemetry: await openDuckDbEventStore({ logger: QUIET, flushIntervalMs: 50 }),
      bus: await openStateStoreBus({ state, clock: systemClock, logger: QUIET }),
    };
    const house = new House(engines, await startService(engines, settings));
    const types = ['alert.raised', 'media.used'] as const;
    await engines.bus.subscribe({ consumer: 'test', types, from: 'beginning' }, async (facts) => {
      for (const { type, data } of facts) {
        if (type === 'alert.raised') house.alerts.push(data);
        if (type === 'media.used') house.media.push(data);
      }
    });
    return house;
  }

  async restart(settings: Partial<LogCollectionSettings> = {}): Promise<void> {
    await this.#running.stop();
    this.#running = await startService(this.#engines, settings);
  }

  get folder(): string {
    return this.#engines.folder;
  }

  get state(): StateStore {
    return this.#engines.state;
  }

  async drained(): Promise<void> {
    await this.#engines.bus.drained();
  }

  async ask<T>(
    operationId: string,
    input: {
      query?: object;
      params?: Record<string, unknown>;
      body?: unknown;
      raw?: BodyInit;
      headers?: HeadersInit;
    } = {},
  ): Promise<T> {
    const route = this.#running.routes.find((candidate) => candidate.operationId === operationId) as Route;
    return (await route.handler({
      params: input.params ?? {},
      query: route.query?.parse(input.query ?? {}) ?? {},
      body: route.body?.parse(input.body),
      principal: { kind: 'token', id: 'test', name: 'test', permissions: new Set() },
      request: new Request('http://localhost/', {
        method: 'POST',
        ...(input.raw === undefined ? {} : { body: input.raw }),
        ...(input.headers === undefined ? {} : { headers: input.headers }),
      }),
    })) as T;
  }

  async search(query: string, more: object = {}): Promise<readonly SeenEvent[]> {
    return (await this.ask<{ items: SeenEvent[] }>('searchLogs', { query: { query, limit: '1000', ...more } })).items;
  }

  /** Waits until so many events fit. @returns them */
  async until(query: string, count: number): Promise<readonly SeenEvent[]> {
    for (;;) {
      const found = await this.search(query);
      if (found.length >= count) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async health(): Promise<ServiceHealth | undefined> {
    return this.#running.health?.();
  }

  async portOf(name: string): Promise<number> {
    return Number((await this.health())?.figures?.[name]);
  }

  async close(): Promise<void> {
    await this.#running.stop();
    await this.#engines.bus.close();
    await this.#engines.telemetry.close();
    await this.#engines.state.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function startService(
  { folder, state, telemetry, bus }: Engines,
  settings: Partial<LogCollectionSettings>,
): Promise<RunningService> {
  const context: ServiceContext<LogCollectionSettings> = {
    bus,
    state,
    telemetry,
    clock: systemClock,
    inspection: createSensorInspection(),
    captures: createStoredCaptures(),
    sessions: createStoredSessions(),
    logger: QUIET,
    jobs: await openJobs({ state, clock: systemClock, logger: QUIET }),
    blobs: await openFolderBlobStore(join(folder, 'evidence')),
    secrets: openSealedSecrets(state, KEY, 'log-collection'),
    settings: LogCollectionSettings.parse({ listenAddress: '127.0.0.1', ...settings }),
    knowledgeFolder: fileURLToPath(new URL('../../knowledge', import.meta.url)),
    scratchFolder: folder,
    notify: () => undefined,
    audit: async () => undefined,
    fail: (error) => {
      throw error;
    },
    signal: new AbortController().signal,
  };
  return service.start(context);
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
