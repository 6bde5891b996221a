import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Bus,
  type Clock,
  createSensorInspection,
  createStoredCaptures,
  ManualClock,
  openJobs,
  openPgliteStateStore,
  openStateStoreBus,
  type Role,
  type Route,
  type RunningService,
  type ServiceContext,
  type ServiceDefinition,
  type StateStore,
  systemClock,
} from '@sphinx/platform';
import type { Playbook } from '@sphinx/playbooks';
import { type Asset, createFact, type Fact, type FactData, type FactType } from '@sphinx/schema';
import { ResponseRecoverySettings } from './manifest.ts';
import { responseService } from './service.ts';
import { fileActuator, type Moment } from './test-file-actuator.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const UNUSED: unknown = undefined;
export const START_TIME = 1_700_000_000_000;
const KNOWLEDGE = fileURLToPath(new URL('../../knowledge', import.meta.url));

export interface Asking {
  readonly params?: object;
  readonly query?: object;
  readonly body?: unknown;
  readonly as?: { readonly name: string; readonly role: Role };
}

export const OFFICER = { name: 'olga', role: 'security-officer' } as const;
export const CLINICIAN = { name: 'clara', role: 'clinical-lead' } as const;

interface Options {
  /** Folder of the data; in memory where left out. */
  readonly folder?: string;
  readonly playbooks?: readonly Playbook[];
  readonly settings?: Partial<ResponseRecoverySettings>;
  readonly moment?: Moment;
  readonly clock?: ManualClock;
  /** Put around the store, so that a test can end the program between two statements. */
  readonly around?: (state: StateStore) => StateStore;
}

/** The service on the embedded engines, with a firewall whose rules are files. */
export class House {
  readonly clock: ManualClock;
  readonly rules: string;
  readonly scratch: string;
  readonly #bus: Bus;
  readonly #state: StateStore;
  #context: ServiceContext<ResponseRecoverySettings>;
  readonly #store: StateStore;
  readonly #around: (state: StateStore) => StateStore;
  readonly #definition: ServiceDefinition<typeof ResponseRecoverySettings>;
  #running: RunningService;

  private constructor(parts: {
    bus: Bus;
    context: ServiceContext<ResponseRecoverySettings>;
    definition: ServiceDefinition<typeof ResponseRecoverySettings>;
    clock: ManualClock;
    running: RunningService;
    rules: string;
    store: StateStore;
    around: (state: StateStore) => StateStore;
  }) {
    this.#bus = parts.bus;
    this.#state = parts.context.state;
    this.#context = parts.context;
    this.#definition = parts.definition;
    this.#running = parts.running;
    this.clock = parts.clock;
    this.rules = parts.rules;
    this.#store = parts.store;
    this.#around = parts.around;
    this.scratch = parts.context.scratchFolder;
  }

  static async open({
    folder,
    playbooks = [],
    settings = {},
    moment,
    clock,
    around = (state) => state,
  }: Options = {}): Promise<House> {
    const scratchFolder = folder ?? (await mkdtemp(join(tmpdir(), 'sphinx-respond-')));
    const knowledgeFolder = await knowledgeWith(playbooks, scratchFolder);
    const definition = responseService([fileActuator(moment)]);
    const store = await openPgliteStateStore(folder === undefined ? {} : { folder: join(folder, 'state') });
    await store.migrate('response-recovery', definition.migrations);
    const used: Clock = clock ?? new ManualClock(START_TIME);
    const state = around(store);
    const bus = await openStateStoreBus({ state: store, clock: used, logger: QUIET });
    const secrets = new Map<string, Uint8Array>();
    const context: ServiceContext<ResponseRecoverySettings> = {
      bus,
      state,
      clock: used,
      inspection: createSensorInspection(),
      captures: createStoredCaptures(),
      logger: QUIET,
      jobs: await openJobs({ state, clock: systemClock, logger: QUIET }),
      telemetry: UNUSED as ServiceContext['telemetry'],
      blobs: UNUSED as ServiceContext['blobs'],
      secrets: {
        get: async (name) => secrets.get(name),
        set: async (name, value) => {
          secrets.set(name, value);
        },
        remove: async (name) => {
          secrets.delete(name);
        },
        names: async () => [...secrets.keys()],
      },
      sessions: UNUSED as ServiceContext['sessions'],
      settings: ResponseRecoverySettings.parse(settings),
      knowledgeFolder,
      scratchFolder,
      notify: () => undefined,
      audit: async () => undefined,
      fail: (error) => {
        throw error;
      },
      signal: new AbortController().signal,
    };
    const running = await definition.start(context);
    const rules = join(scratchFolder, 'rules');
    return new House({ bus, context, definition, clock: used as ManualClock, running, rules, store, around });
  }

  /** Asks as the security officer unless it is said otherwise. */
  async ask<T>(operationId: string, { params = {}, query = {}, body, as = OFFICER }: Asking = {}): Promise<T> {
    const route = this.#running.routes.find((candidate) => candidate.operationId === operationId) as Route;
    return (await route.handler({
      params: route.params?.parse(params) ?? {},
      query: route.query?.parse(query) ?? {},
      body: route.body?.parse(body ?? {}),
      principal: { kind: 'user', id: as.name, name: as.name, role: as.role, permissions: new Set() },
      request: new Request('http://localhost/'),
    })) as T;
  }

  async publish<T extends FactType>(type: T, key: string, data: FactData<T>): Promise<void> {
    await this.#bus.publish([createFact(type, { key, time: this.clock.now(), source: 'test', data }) as never]);
    await this.#bus.drained();
  }

  /** Facts of the response, oldest first. */
  async told(): Promise<readonly Fact[]> {
    const stored = await this.#bus.read({ limit: 1000 });
    return stored.map(({ fact }) => fact).filter(({ type }) => type.startsWith('response.'));
  }

  /** Sets the firewall of files up. */
  async addFirewall(settings: object = {}, scope: object = {}): Promise<void> {
    await this.ask('addActuator', {
      body: { id: 'firewall', type: 'file', settings: { folder: this.rules, ...settings }, scope },
    });
  }

  /** Resolves when it holds; fails after some seconds. */
  async until<T>(look: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
    for (let tries = 0; tries < 600; tries++) {
      const value = await look();
      if (holds(value)) return value;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return look();
  }

  /** As after a crash: what is kept in tables alone is there. */
  async restart(): Promise<void> {
    await this.#running.stop();
    this.#running = await this.#definition.start(this.#context);
  }

  /** The service dies without a word, and another one is started over what it left. */
  async abandon(): Promise<void> {
    // Its timers are let go of; what it waits for is never answered.
    void this.#running.stop();
    await new Promise((resolve) => setTimeout(resolve, 20));
    this.#context = { ...this.#context, state: this.#around(this.#store) };
    this.#running = await this.#definition.start(this.#context);
  }

  async close(): Promise<void> {
    await this.#running.stop();
    await this.#bus.close();
    await this.#state.close();
  }
}

/** Policy and rules as they are delivered, playbooks of the test. */
async function knowledgeWith(playbooks: readonly Playbook[], folder: string): Promise<string> {
  const { cp, mkdir } = await import('node:fs/promises');
  const knowledge = join(folder, 'knowledge');
  await mkdir(join(knowledge, 'playbooks'), { recursive: true });
  for (const name of ['response-policy', 'kept-flows', 'downtime']) {
    await cp(join(KNOWLEDGE, name), join(knowledge, name), { recursive: true });
  }
  for (const playbook of playbooks) {
    await writeFile(join(knowledge, 'playbooks', `${playbook.id}.json`), JSON.stringify(playbook));
  }
  return knowledge;
}

/** @returns an asset as the inventory tells it */
export function asset(
  id: string,
  ip: string,
  facts: Readonly<Record<string, string>> = {},
  peers: readonly Partial<Asset['peers'][number]>[] = [],
): Asset {
  const believed = (value: string) => ({
    value,
    confidence: 1,
    origin: { kind: 'manual' as const, reference: 'test' },
    evidence: [],
  });
  const packet = { source: 'test', number: 1, time: START_TIME };
  return {
    id,
    name: id,
    macs: [],
    ips: [ip],
    hostnames: [],
    facts: Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, believed(value)])),
    services: [],
    peers: peers.map((peer) => ({
      ip: '10.0.0.200',
      isExternal: false,
      direction: 'outgoing' as const,
      transport: 'tcp',
      port: 104,
      protocol: 'dicom',
      isEncrypted: false,
      isAnswered: true,
      bytesSent: 1,
      bytesReceived: 1,
      flows: 1,
      firstSeen: START_TIME - 30 * 86_400_000,
      lastSeen: START_TIME,
      packet,
      ...peer,
    })),
    evidence: [],
    conflicts: [],
    sources: [],
    isSample: false,
    isPinned: false,
    firstSeen: START_TIME,
    lastSeen: START_TIME,
    revision: 1,
  };
}
