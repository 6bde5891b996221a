import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Bus,
  type CreateInspection,
  createSensorInspection,
  createStoredCaptures,
  createStoredSessions,
  ManualClock,
  openJobs,
  openPgliteStateStore,
  openStateStoreBus,
  type Route,
  type RunningService,
  type SensorInspection,
  type ServiceContext,
  type StateStore,
} from '@sphinx/platform';
import { type Asset, createFact, type Detection, type FactData, type FactType } from '@sphinx/schema';
import { createSensor, type Inspector } from '@sphinx/wire';
import { type ConversationEnds, ConversationFeed } from '../../packages/wire/src/testing/conversation-packets.ts';
import type { Turn } from '../../packages/wire/src/testing/play.ts';
import { DataProtectionSettings } from './manifest.ts';
import { service } from './service.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const UNUSED: unknown = undefined;
const START = 1_700_000_000_000;

/** The service on the embedded engines, with a sensor that takes what it offers, as threads do. */
export class House {
  readonly detections: Detection[] = [];
  readonly #bus: Bus;
  readonly #state: StateStore;
  readonly #inspection: SensorInspection;
  readonly #running: RunningService;

  private constructor(bus: Bus, state: StateStore, inspection: SensorInspection, running: RunningService) {
    this.#bus = bus;
    this.#state = state;
    this.#inspection = inspection;
    this.#running = running;
  }

  static async open(settings: Partial<DataProtectionSettings> = {}): Promise<House> {
    const state = await openPgliteStateStore({});
    await state.migrate('data-protection', service.migrations);
    const clock = new ManualClock(START);
    const bus = await openStateStoreBus({ state, clock, logger: QUIET });
    const inspection = createSensorInspection();
    const context: ServiceContext<DataProtectionSettings> = {
      bus,
      state,
      clock,
      inspection,
      captures: createStoredCaptures(),
      sessions: createStoredSessions(),
      logger: QUIET,
      jobs: await openJobs({ state, clock, logger: QUIET }),
      telemetry: UNUSED as ServiceContext['telemetry'],
      blobs: UNUSED as ServiceContext['blobs'],
      secrets: UNUSED as ServiceContext['secrets'],
      settings: DataProtectionSettings.parse(settings),
      knowledgeFolder: fileURLToPath(new URL('../../knowledge', import.meta.url)),
      scratchFolder: await mkdtemp(join(tmpdir(), 'sphinx-data-')),
      notify: () => undefined,
      audit: async () => undefined,
      fail: (error) => {
        throw error;
      },
      signal: new AbortController().signal,
    };
    const house = new House(bus, state, inspection, await service.start(context));
    await bus.subscribe({ consumer: 'test', types: ['detection.found'], from: 'beginning' }, async (facts) => {
      for (const { type, data } of facts) if (type === 'detection.found') house.detections.push(data);
    });
    return house;
  }

  async ask<T>(operationId: string, input: { query?: object; body?: unknown } = {}): Promise<T> {
    const route = this.#running.routes.find((candidate) => candidate.operationId === operationId) as Route;
    return (await route.handler({
      params: {},
      query: route.query?.parse(input.query ?? {}) ?? {},
      body: route.body?.parse(input.body),
      principal: { kind: 'system', id: 'test', name: 'test', permissions: new Set() },
      request: new Request('http://localhost/'),
    })) as T;
  }

  /** One connection, or datagrams of one flow, that a sensor thread reads. */
  async see(ends: ConversationEnds, turns: readonly Turn[], transport: 'tcp' | 'udp' = 'tcp'): Promise<void> {
    const source = 'capture_1';
    const [offer] = this.#inspection.current();
    if (offer === undefined) throw new Error('nothing is offered');
    const { createInspection } = (await import(offer.module)) as { createInspection: CreateInspection };
    const { inspector, takeFindings } = createInspection(structuredClone(offer.data), source);
    const sensor = createSensor({ source, isSample: false, inspector: inspector as Inspector });
    const feed = new ConversationFeed(sensor);
    if (transport === 'tcp') feed.connection(ends, turns);
    else feed.datagrams(ends, turns);
    sensor.finish();
    await offer.take(structuredClone(takeFindings()), { source, isSample: false });
    await this.#bus.drained();
  }

  async publish<T extends FactType>(type: T, key: string, data: FactData<T>): Promise<void> {
    await this.#bus.publish([createFact(type, { key, time: START, source: 'test', data }) as never]);
    await this.#bus.drained();
  }

  /** An asset of the inventory in a zone. */
  async place(ip: string, zone: string): Promise<void> {
    const asset: Asset = {
      id: `asset_${ip.replaceAll('.', '_')}`,
      name: ip,
      macs: [],
      ips: [ip],
      hostnames: [],
      facts: { zone: { value: zone, confidence: 1, origin: { kind: 'manual', reference: 'test' }, evidence: [] } },
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
    await this.publish('asset.discovered', asset.id, asset);
  }

  async close(): Promise<void> {
    await this.#running.stop();
    await this.#bus.close();
    await this.#state.close();
  }
}
