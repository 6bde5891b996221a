import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type Bus,
  type CreateInspection,
  createSensorInspection,
  createStoredCaptures,
  createStoredSessions,
  type EventStore,
  openFolderBlobStore,
  openJobs,
  openPgliteStateStore,
  openStateStoreBus,
  type Permission,
  type Route,
  type RunningService,
  type Secrets,
  type SensorInspection,
  type ServiceContext,
  type StateStore,
  type StoredSessions,
  systemClock,
} from '@sphinx/platform';
import { type Alert, createFact, type FactData, type FactType } from '@sphinx/schema';
import { createSensor, type Inspector } from '@sphinx/wire';
import { type ConversationEnds, ConversationFeed } from '../../packages/wire/src/testing/conversation-packets.ts';
import type { Turn } from '../../packages/wire/src/testing/play.ts';
import { HoneypotsSettings } from './manifest.ts';
import { service } from './service.ts';
import type { Session } from './sessions/session.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const NO_LOGS: Pick<EventStore, 'select'> = { select: async () => [] };
const PATIENCE_MS = 20_000;

interface HouseParts {
  readonly bus: Bus;
  readonly state: StateStore;
  readonly running: RunningService;
  readonly folder: string;
  readonly inspection: SensorInspection;
  readonly sessions: StoredSessions;
}

/** The service on the embedded engines, with its process of decoys on loopback. */
export class House {
  /** The last that was told of each alert. */
  readonly alerts = new Map<string, Alert>();
  readonly #parts: HouseParts;

  private constructor(parts: HouseParts) {
    this.#parts = parts;
  }

  static async open(settings: Partial<HoneypotsSettings> = {}): Promise<House> {
    const state = await openPgliteStateStore({});
    await state.migrate('honeypots', service.migrations);
    const bus = await openStateStoreBus({ state, clock: systemClock, logger: QUIET });
    const inspection = createSensorInspection();
    const sessions = createStoredSessions();
    const folder = await mkdtemp(join(tmpdir(), 'sphinx-decoys-'));
    const context: ServiceContext<HoneypotsSettings> = {
      bus,
      state,
      clock: systemClock,
      inspection,
      captures: createStoredCaptures(),
      sessions,
      logger: QUIET,
      jobs: await openJobs({ state, clock: systemClock, logger: QUIET }),
      telemetry: NO_LOGS as unknown as ServiceContext['telemetry'],
      blobs: await openFolderBlobStore(join(folder, 'blobs')),
      secrets: secretsInMemory(),
      settings: HoneypotsSettings.parse(settings),
      knowledgeFolder: fileURLToPath(new URL('../../knowledge', import.meta.url)),
      scratchFolder: folder,
      notify: () => undefined,
      audit: async () => undefined,
      fail: (error) => {
        throw error;
      },
      signal: new AbortController().signal,
    };
    const house = new House({ bus, state, folder, inspection, sessions, running: await service.start(context) });
    await bus.subscribe({ consumer: 'test', types: ['alert.raised'], from: 'beginning' }, async (facts) => {
      for (const { type, data } of facts) if (type === 'alert.raised') house.alerts.set(data.id, data);
    });
    return house;
  }

  /** What other services can read of visits. */
  get sessions(): StoredSessions {
    return this.#parts.sessions;
  }

  /** Where samples lie. */
  get folder(): string {
    return this.#parts.folder;
  }

  /** @param permissions of whoever asks; all of this service by default */
  async ask<T>(
    operationId: string,
    input: {
      params?: Record<string, string>;
      query?: object;
      body?: unknown;
      permissions?: readonly Permission[];
    } = {},
  ): Promise<T> {
    const route = this.#parts.running.routes.find((candidate) => candidate.operationId === operationId) as Route;
    const permissions = input.permissions ?? (['decoys:read', 'decoys:write', 'decoys:samples'] as const);
    return (await route.handler({
      params: input.params ?? {},
      query: route.query?.parse(input.query ?? {}) ?? {},
      body: route.body?.parse(input.body),
      principal: { kind: 'user', id: 'test', name: 'test', permissions: new Set(permissions) } as never,
      request: new Request('http://localhost/'),
    })) as T;
  }

  /** Sets a decoy up on loopback. @param ports of the persona → free ports @returns its id */
  async decoy(persona: string, ports: Readonly<Record<string, number>>): Promise<string> {
    const decoy = await this.ask<{ id: string; state: string; listeners: readonly object[] }>('addDecoy', {
      body: { persona, addresses: ['127.0.0.1'], ports },
    });
    if (decoy.state !== 'listening') throw new Error(JSON.stringify(decoy.listeners));
    return decoy.id;
  }

  /** Waits for a session that has ended. @returns it with its steps */
  async session(fits: (session: Session) => boolean): Promise<Session> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(50)) {
      const { items } = await this.ask<{ items: Session[] }>('listDecoySessions', { query: { limit: 200 } });
      for (const { id, endedAt } of items) {
        const session = await this.ask<Session>('getDecoySession', { params: { id } });
        if (endedAt !== null && fits(session)) return session;
      }
    }
    throw new Error('There is no such session.');
  }

  /** Waits for an alert. */
  async alert(fits: (alert: Alert) => boolean): Promise<Alert> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(50)) {
      const found = [...this.alerts.values()].find(fits);
      if (found !== undefined) return found;
    }
    throw new Error(`There is no such alert: ${JSON.stringify([...this.alerts.values()])}`);
  }

  /** One connection, or datagrams of one flow, that a sensor thread reads. @returns whether anything is looked for at all */
  async see(ends: ConversationEnds, turns: readonly Turn[], transport: 'tcp' | 'udp' = 'tcp'): Promise<boolean> {
    const source = 'capture_1';
    const [offer] = this.#parts.inspection.current();
    if (offer === undefined) return false;
    const { createInspection } = (await import(offer.module)) as { createInspection: CreateInspection };
    const { inspector, takeFindings } = createInspection(structuredClone(offer.data), source);
    const sensor = createSensor({ source, isSample: false, inspector: inspector as Inspector });
    const feed = new ConversationFeed(sensor);
    if (transport === 'tcp') feed.connection(ends, turns);
    else feed.datagrams(ends, turns);
    sensor.finish();
    await offer.take(structuredClone(takeFindings()), { source, isSample: false });
    await this.#parts.bus.drained();
    return true;
  }

  async publish<T extends FactType>(type: T, key: string, data: FactData<T>): Promise<void> {
    await this.#parts.bus.publish([createFact(type, { key, time: Date.now(), source: 'test', data }) as never]);
    await this.#parts.bus.drained();
  }

  async close(): Promise<void> {
    const { running, bus, state, folder } = this.#parts;
    await running.stop();
    await bus.close();
    await state.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function secretsInMemory(): Secrets {
  const values = new Map<string, Uint8Array>();
  return {
    get: async (name) => values.get(name),
    set: async (name, value) => void values.set(name, value),
    remove: async (name) => void values.delete(name),
    names: async () => [...values.keys()],
  };
}
