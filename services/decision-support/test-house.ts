import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Bus,
  createSensorInspection,
  createStoredCaptures,
  ManualClock,
  openJobs,
  openPgliteStateStore,
  openStateStoreBus,
  type Route,
  type RunningService,
  type ServiceContext,
  type StateStore,
} from '@sphinx/platform';
import { createFact, type FactData, type FactType } from '@sphinx/schema';
import { DecisionSupportSettings } from './manifest.ts';
import { service } from './service.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const UNUSED: unknown = undefined;
export const START = 1_700_000_000_000;

interface Input {
  readonly params?: object;
  readonly query?: object;
  readonly body?: unknown;
}

/** The service on the embedded engines. */
export class House {
  readonly clock: ManualClock;
  readonly #bus: Bus;
  readonly #state: StateStore;
  readonly #context: ServiceContext<DecisionSupportSettings>;
  #running: RunningService;

  private constructor(parts: {
    bus: Bus;
    context: ServiceContext<DecisionSupportSettings>;
    clock: ManualClock;
    running: RunningService;
  }) {
    this.#bus = parts.bus;
    this.#state = parts.context.state;
    this.#context = parts.context;
    this.#running = parts.running;
    this.clock = parts.clock;
  }

  static async open(settings: Partial<DecisionSupportSettings> = {}): Promise<House> {
    const state = await openPgliteStateStore({});
    await state.migrate('decision-support', service.migrations);
    const clock = new ManualClock(START);
    const bus = await openStateStoreBus({ state, clock, logger: QUIET });
    const context: ServiceContext<DecisionSupportSettings> = {
      bus,
      state,
      clock,
      inspection: createSensorInspection(),
      captures: createStoredCaptures(),
      logger: QUIET,
      jobs: await openJobs({ state, clock, logger: QUIET }),
      telemetry: UNUSED as ServiceContext['telemetry'],
      blobs: UNUSED as ServiceContext['blobs'],
      secrets: UNUSED as ServiceContext['secrets'],
      sessions: UNUSED as ServiceContext['sessions'],
      settings: DecisionSupportSettings.parse(settings),
      knowledgeFolder: fileURLToPath(new URL('../../knowledge', import.meta.url)),
      scratchFolder: await mkdtemp(join(tmpdir(), 'sphinx-decide-')),
      notify: () => undefined,
      audit: async () => undefined,
      fail: (error) => {
        throw error;
      },
      signal: new AbortController().signal,
    };
    return new House({ bus, context, clock, running: await service.start(context) });
  }

  async ask<T>(operationId: string, { params = {}, query = {}, body }: Input = {}): Promise<T> {
    const route = this.#running.routes.find((candidate) => candidate.operationId === operationId) as Route;
    return (await route.handler({
      params: route.params?.parse(params) ?? {},
      query: route.query?.parse(query) ?? {},
      body: route.body?.parse(body),
      principal: { kind: 'system', id: 'test', name: 'Anna Berg', permissions: new Set() },
      request: new Request('http://localhost/'),
    })) as T;
  }

  async publish<T extends FactType>(type: T, key: string, data: FactData<T>, time = START): Promise<void> {
    await this.#bus.publish([createFact(type, { key, time, source: 'test', data }) as never]);
    await this.#bus.drained();
  }

  /** Facts of a type that were published so far, in their order. */
  async facts<T extends FactType>(type: T): Promise<readonly FactData<T>[]> {
    const all = await this.#bus.read({ types: [type], limit: 1000 });
    return all.map(({ fact }) => fact.data as FactData<T>);
  }

  /** As after a crash: what is kept in tables alone is there. */
  async restart(): Promise<void> {
    await this.#running.stop();
    this.#running = await service.start(this.#context);
  }

  async close(): Promise<void> {
    await this.#running.stop();
    await this.#bus.close();
    await this.#state.close();
  }
}
