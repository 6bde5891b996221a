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
  openDuckDbEventStore,
  openJobs,
  openPgliteStateStore,
  openStateStoreBus,
  type Route,
  type RunningService,
  type ServiceContext,
  type StateStore,
} from '@sphinx/platform';
import { type Alert, type Asset, createFact, type FactData, type FactType, type TelemetryRow } from '@sphinx/schema';
import { AnomalyDetectionSettings } from '../manifest.ts';
import { service } from '../service.ts';
import { type InventedDevice, START } from './invented-hospital.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const UNUSED: unknown = undefined;

/** The service on the embedded engines, with telemetry that somebody appends to. */
export class House {
  readonly alerts: Alert[] = [];
  readonly #bus: Bus;
  readonly #state: StateStore;
  readonly #context: ServiceContext<AnomalyDetectionSettings>;
  #running: RunningService;

  private constructor(state: StateStore, context: ServiceContext<AnomalyDetectionSettings>, running: RunningService) {
    this.#bus = context.bus;
    this.#state = state;
    this.#context = context;
    this.#running = running;
  }

  static async open(settings: Partial<AnomalyDetectionSettings> = {}): Promise<House> {
    const state = await openPgliteStateStore({});
    await state.migrate('anomaly-detection', service.migrations);
    const clock = new ManualClock(START);
    const bus = await openStateStoreBus({ state, clock, logger: QUIET });
    const context: ServiceContext<AnomalyDetectionSettings> = {
      bus,
      state,
      clock,
      inspection: createSensorInspection(),
      captures: createStoredCaptures(),
      sessions: createStoredSessions(),
      logger: QUIET,
      jobs: await openJobs({ state, clock, logger: QUIET }),
      telemetry: await openDuckDbEventStore({ logger: QUIET }),
      blobs: UNUSED as ServiceContext['blobs'],
      secrets: UNUSED as ServiceContext['secrets'],
      settings: AnomalyDetectionSettings.parse(settings),
      knowledgeFolder: fileURLToPath(new URL('../../../knowledge', import.meta.url)),
      scratchFolder: await mkdtemp(join(tmpdir(), 'sphinx-anomalies-')),
      notify: () => undefined,
      audit: async () => undefined,
      fail: (error) => {
        throw error;
      },
      signal: new AbortController().signal,
    };
    const house = new House(state, context, await service.start(context));
    await bus.subscribe({ consumer: 'test', types: ['alert.raised'], from: 'beginning' }, async (facts) => {
      for (const { type, data } of facts) if (type === 'alert.raised') house.alerts.push(data);
    });
    return house;
  }

  async ask<T>(operationId: string, input: { id?: string; query?: object; body?: unknown } = {}): Promise<T> {
    const route = this.#running.routes.find((candidate) => candidate.operationId === operationId) as Route;
    const answer = (await route.handler({
      params: { id: input.id ?? '' },
      query: route.query?.parse(input.query ?? {}) ?? {},
      body: route.body?.parse(input.body),
      principal: { kind: 'system', id: 'test', name: 'Somebody', permissions: new Set() },
      request: new Request('http://localhost/'),
    })) as T;
    await this.#bus.drained();
    // What the handler gives has to be what the documents of the API promise.
    return route.response !== null && 'parse' in route.response ? (route.response.parse(answer) as T) : answer;
  }

  flows(rows: readonly TelemetryRow<'network_activity'>[]): void {
    this.#context.telemetry.append('network_activity', rows);
  }

  records(rows: readonly TelemetryRow<'protocol_activity'>[]): void {
    this.#context.telemetry.append('protocol_activity', rows);
  }

  async publish<T extends FactType>(type: T, key: string, data: FactData<T>): Promise<void> {
    await this.#bus.publish([createFact(type, { key, time: START, source: 'test', data }) as never]);
    await this.#bus.drained();
  }

  /** Devices of the inventory, with ids that hold their addresses. */
  async place(devices: readonly InventedDevice[]): Promise<void> {
    const facts = devices.map((device) => {
      const data = assetOf(device);
      return createFact('asset.discovered', { key: data.id, time: START, source: 'test', data });
    });
    await this.#bus.publish(facts);
    await this.#bus.drained();
  }

  /** Ends the service and begins it anew. */
  async restart(): Promise<void> {
    await this.#running.stop();
    this.#running = await service.start(this.#context);
  }

  async close(): Promise<void> {
    await this.#running.stop();
    await this.#bus.close();
    await this.#context.telemetry.close();
    await this.#state.close();
  }
}

export function assetIdOf(ip: string): string {
  return `asset_${ip.replaceAll('.', '_')}`;
}

function assetOf({ ip, kind, zone }: InventedDevice): Asset {
  const fact = (value: string) =>
    ({ value, confidence: 1, origin: { kind: 'manual', reference: 'test' }, evidence: [] }) as const;
  return {
    id: assetIdOf(ip),
    name: ip,
    macs: [],
    ips: [ip],
    hostnames: [],
    facts: { kind: { ...fact(kind), evidence: [] }, zone: { ...fact(zone), evidence: [] } },
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
  };
}
