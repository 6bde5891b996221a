import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Bus,
  createSensorInspection,
  createStoredCaptures,
  createStoredSessions,
  ManualClock,
  openJobs,
  openPgliteStateStore,
  openSealedSecrets,
  openStateStoreBus,
  type Principal,
  type Route,
  type RunningService,
  SECRET_MIGRATIONS,
  type ServiceContext,
  type StateStore,
} from '@sphinx/platform';
import { type Asset, createFact, type FactData, type FactType } from '@sphinx/schema';
import type { AssetFixture } from './checks/check.ts';
import { assetOfFixture, FIXTURE_START } from './checks/fixture.ts';
import { DeviceVerificationSettings } from './manifest.ts';
import { service } from './service.ts';
import { KNOWLEDGE_FOLDER } from './test-knowledge.ts';

const DAY_MS = 86_400_000;

/** The service in a house of its own, on a store that forgets, with a clock that is set by hand. */
export class House {
  readonly clock = new ManualClock(FIXTURE_START + 3 * DAY_MS);
  readonly state: StateStore;
  readonly bus: Bus;
  readonly notifications: string[] = [];
  readonly folder: string;
  readonly context: ServiceContext<DeviceVerificationSettings>;
  running: RunningService | undefined;

  private constructor(
    state: StateStore,
    bus: Bus,
    folder: string,
    context: (house: House) => ServiceContext<DeviceVerificationSettings>,
  ) {
    this.state = state;
    this.bus = bus;
    this.folder = folder;
    this.context = context(this);
  }

  static async open(): Promise<House> {
    const folder = await mkdtemp(join(tmpdir(), 'sphinx-verification-'));
    const state = await openPgliteStateStore({});
    const clock = new ManualClock(FIXTURE_START + 3 * DAY_MS);
    await state.migrate('secrets', SECRET_MIGRATIONS);
    await state.migrate('device-verification', service.migrations);
    const bus = await openStateStoreBus({ state, clock, logger: QUIET });
    const jobs = await openJobs({ state, clock, logger: QUIET });
    const house = new House(state, bus, folder, (self) => ({
      bus,
      state,
      jobs,
      clock: self.clock,
      logger: QUIET,
      telemetry: UNUSED as ServiceContext['telemetry'],
      blobs: UNUSED as ServiceContext['blobs'],
      settings: DeviceVerificationSettings.parse({}),
      secrets: openSealedSecrets(state, new Uint8Array(32).fill(7), 'device-verification'),
      inspection: createSensorInspection(),
      captures: createStoredCaptures(),
      sessions: createStoredSessions(),
      knowledgeFolder: KNOWLEDGE_FOLDER,
      scratchFolder: folder,
      notify: (topic) => self.notifications.push(topic),
      audit: async () => {},
      fail: (error) => {
        throw error;
      },
      signal: new AbortController().signal,
    }));
    house.running = await service.start(house.context);
    return house;
  }

  async publish<T extends FactType>(type: T, key: string, data: FactData<T>): Promise<void> {
    this.clock.advance(1000);
    await this.bus.publish([createFact(type, { key, time: this.clock.now(), source: 'test', data }) as never]);
    await this.bus.drained();
  }

  async see(fixture: AssetFixture, overrides: Partial<Asset> = {}): Promise<Asset> {
    const asset = assetOfFixture(fixture, overrides);
    await this.publish('asset.updated', asset.id, asset);
    return asset;
  }

  async ask(
    operationId: string,
    input: { params?: Record<string, unknown>; query?: object; body?: object; as?: Principal } = {},
  ): Promise<unknown> {
    const route = this.running?.routes.find((candidate) => candidate.operationId === operationId) as Route;
    return route.handler({
      params: input.params ?? {},
      query: route.query?.parse(input.query ?? {}) ?? {},
      body: route.body?.parse(input.body) ?? input.body,
      principal: input.as ?? { kind: 'system', id: 'test', name: 'test', permissions: new Set() },
      request: new Request('http://localhost/'),
    });
  }

  async facts(type: FactType): Promise<readonly unknown[]> {
    const stored = await this.bus.read({ types: [type], limit: 1000 });
    return stored.map(({ fact }) => fact.data);
  }

  async trust() {
    const { keys } = JSON.parse(await readFile(join(this.folder, 'trust', 'keys.json'), 'utf8'));
    const revocations = JSON.parse(await readFile(join(this.folder, 'trust', 'revocations.json'), 'utf8'));
    return { trustedKeys: keys, revocations, now: this.clock.now() };
  }

  async close(): Promise<void> {
    await this.running?.stop();
    await this.bus.close();
    await this.state.close();
  }
}

const UNUSED: unknown = undefined;
const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
