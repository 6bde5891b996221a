import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Bus,
  createSensorInspection,
  createStoredCaptures,
  createStoredSessions,
  ManualClock,
  openJobs,
  openPgliteStateStore,
  openStateStoreBus,
  type Permission,
  type Route,
  type RunningService,
  type Secrets,
  type ServiceContext,
  type StateStore,
} from '@sphinx/platform';
import {
  type Asset,
  createFact,
  type Fact,
  type FactData,
  type FactType,
  type TelemetryRow,
  type TelemetryTable,
} from '@sphinx/schema';
import { DependabilitySettings } from './manifest.ts';
import { service } from './service.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const UNUSED: unknown = undefined;
type Listener = (rows: readonly TelemetryRow<TelemetryTable>[]) => void;
export const START = 1_790_000_000_000;
const TOLD = ['service.up', 'service.degraded', 'service.down', 'alert.raised'] as const;
type Told = Fact<(typeof TOLD)[number]>;

/** The service on the embedded engines, with a clock that a test moves. Checks go to loopback. */
export class House {
  readonly told: Told[] = [];
  readonly clock = new ManualClock(START);
  readonly secrets = new Map<string, Uint8Array>();
  readonly #listeners = new Map<TelemetryTable, Listener>();
  #bus!: Bus;
  #state!: StateStore;
  #running!: RunningService;
  #settings!: DependabilitySettings;

  static async open(settings: Partial<DependabilitySettings> = {}): Promise<House> {
    const house = new House();
    house.#settings = DependabilitySettings.parse({ allowedNetworks: ['127.0.0.0/8', '10.0.0.0/8'], ...settings });
    house.#state = await openPgliteStateStore({});
    await house.#state.migrate('dependability-monitoring', service.migrations);
    house.#bus = await openStateStoreBus({ state: house.#state, clock: house.clock, logger: QUIET });
    await house.#start();
    await house.#bus.subscribe({ consumer: 'test', types: [...TOLD], from: 'beginning' }, async (facts) => {
      for (const fact of facts) if (fact.source === 'dependability-monitoring') house.told.push(fact);
    });
    return house;
  }

  async #start(): Promise<void> {
    const { secrets } = this;
    const kept: Secrets = {
      get: async (name) => secrets.get(name),
      set: async (name, value) => void secrets.set(name, value),
      remove: async (name) => void secrets.delete(name),
      names: async () => [...secrets.keys()],
    };
    const context: ServiceContext<DependabilitySettings> = {
      bus: this.#bus,
      state: this.#state,
      clock: this.clock,
      inspection: createSensorInspection(),
      captures: createStoredCaptures(),
      sessions: createStoredSessions(),
      logger: QUIET,
      jobs: await openJobs({ state: this.#state, clock: this.clock, logger: QUIET }),
      telemetry: {
        subscribe: (table: TelemetryTable, listener: Listener) => {
          this.#listeners.set(table, listener);
          return () => void this.#listeners.delete(table);
        },
      } as unknown as ServiceContext['telemetry'],
      blobs: UNUSED as ServiceContext['blobs'],
      secrets: kept,
      settings: this.#settings,
      knowledgeFolder: fileURLToPath(new URL('../../knowledge', import.meta.url)),
      scratchFolder: await mkdtemp(join(tmpdir(), 'sphinx-uptime-')),
      notify: () => undefined,
      audit: async () => undefined,
      fail: (error) => {
        throw error;
      },
      signal: new AbortController().signal,
    };
    this.#running = await service.start(context);
  }

  /** As after a restart of the program. */
  async restart(): Promise<void> {
    await this.#running.stop();
    await this.#start();
  }

  async ask<T>(
    operationId: string,
    input: { params?: object; query?: object; body?: unknown } = {},
    permissions: readonly Permission[] = ['uptime:read', 'uptime:write', 'probes:approve'],
  ): Promise<T> {
    const route = this.#running.routes.find((candidate) => candidate.operationId === operationId) as Route;
    const answer = await route.handler({
      params: route.params?.parse(input.params ?? {}) ?? {},
      query: route.query?.parse(input.query ?? {}) ?? {},
      body: route.body?.parse(input.body),
      principal: { kind: 'user', id: 'usr_1', name: 'anna', permissions: new Set(permissions) },
      request: new Request('http://localhost/'),
    });
    const { response } = route;
    return (response === null || 'raw' in response ? answer : response.parse(answer)) as T;
  }

  async publish<T extends FactType>(type: T, key: string, data: FactData<T>): Promise<void> {
    await this.#bus.publish([createFact(type, { key, time: this.clock.now(), source: 'test', data }) as never]);
    await this.settled();
  }

  /** An asset of the inventory. */
  async place(asset: Partial<Asset> & { ips: string[] }, facts: Readonly<Record<string, string>> = {}): Promise<void> {
    const believed = Object.entries(facts).map(([name, value]) => [
      name,
      { value, confidence: 1, origin: { kind: 'manual', reference: 'test' }, evidence: [] },
    ]);
    const id = `ast_${asset.ips[0]?.replaceAll('.', '_')}`;
    await this.publish('asset.discovered', id, {
      id,
      name: id,
      macs: [],
      hostnames: [],
      facts: Object.fromEntries(believed),
      services: [],
      peers: [],
      evidence: [],
      conflicts: [],
      sources: [],
      isSample: false,
      isPinned: false,
      firstSeen: START,
      lastSeen: START,
      revision: 1,
      ...asset,
    });
  }

  /** Traffic as a sensor tells it now. */
  see<T extends TelemetryTable>(table: T, row: Partial<TelemetryRow<T>>, times = 1): void {
    const now = this.clock.now();
    const whole = {
      is_sample: false,
      time: now,
      end_time: now,
      transport: 'tcp',
      packets_in: 1,
      state: 'closed',
      ...row,
    };
    const rows = Array.from({ length: times }, () => whole as unknown as TelemetryRow<TelemetryTable>);
    this.#listeners.get(table)?.(rows);
  }

  async settled(): Promise<void> {
    await this.#bus.drained();
  }

  async close(): Promise<void> {
    await this.#running.stop();
    await this.#bus.close();
    await this.#state.close();
  }
}
