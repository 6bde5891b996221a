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
  type Route,
  type RunningService,
  type ServiceContext,
  type StateStore,
} from '@sphinx/platform';
import {
  type Asset,
  type AssetFactName,
  type AssetPeer,
  createFact,
  type FactData,
  type FactType,
} from '@sphinx/schema';
import { RiskAssessmentSettings } from './manifest.ts';
import { service } from './service.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const UNUSED: unknown = undefined;
export const START = 1_790_000_000_000;
export const KNOWLEDGE = fileURLToPath(new URL('../../knowledge', import.meta.url));

/** What a test says of an asset. */
export interface Stated {
  readonly kind: string;
  readonly careArea?: string;
  readonly zone?: string;
  readonly safety?: string;
  readonly ip?: string;
  /** Id of an asset, and the protocol that is spoken to it. */
  readonly asks?: readonly (readonly [peer: string, protocol: string])[];
  readonly isReachedFromInternet?: boolean;
}

/** The service on the embedded engines. */
export class House {
  readonly clock: ManualClock;
  readonly #bus: Bus;
  readonly #state: StateStore;
  readonly #context: ServiceContext<RiskAssessmentSettings>;
  #running: RunningService;

  private constructor(context: ServiceContext<RiskAssessmentSettings>, clock: ManualClock, running: RunningService) {
    this.#context = context;
    this.#bus = context.bus;
    this.#state = context.state;
    this.clock = clock;
    this.#running = running;
  }

  static async open(settings: Partial<RiskAssessmentSettings> = {}): Promise<House> {
    const state = await openPgliteStateStore({});
    await state.migrate('risk-assessment', service.migrations);
    const clock = new ManualClock(START);
    const bus = await openStateStoreBus({ state, clock, logger: QUIET });
    const context: ServiceContext<RiskAssessmentSettings> = {
      bus,
      state,
      clock,
      inspection: createSensorInspection(),
      captures: createStoredCaptures(),
      sessions: createStoredSessions(),
      logger: QUIET,
      jobs: await openJobs({ state, clock, logger: QUIET }),
      telemetry: UNUSED as ServiceContext['telemetry'],
      blobs: UNUSED as ServiceContext['blobs'],
      secrets: UNUSED as ServiceContext['secrets'],
      settings: RiskAssessmentSettings.parse(settings),
      knowledgeFolder: KNOWLEDGE,
      scratchFolder: await mkdtemp(join(tmpdir(), 'sphinx-risk-')),
      notify: () => undefined,
      audit: async () => undefined,
      fail: (error) => {
        throw error;
      },
      signal: new AbortController().signal,
    };
    return new House(context, clock, await service.start(context));
  }

  /** Facts of a type that were published so far, in their order. */
  async facts<T extends FactType>(type: T): Promise<readonly FactData<T>[]> {
    const all = await this.#bus.read({ types: [type], limit: 1000 });
    return all.map(({ fact }) => fact.data as FactData<T>);
  }

  /** As after a restart of the program. */
  async restart(): Promise<void> {
    await this.#running.stop();
    this.#running = await service.start(this.#context);
  }

  async ask<T>(
    operationId: string,
    input: { params?: object; query?: object; body?: unknown; by?: string } = {},
  ): Promise<T> {
    const route = this.#running.routes.find((candidate) => candidate.operationId === operationId) as Route;
    const name = input.by ?? 'Anna Berg';
    const answer = await route.handler({
      params: route.params?.parse(input.params ?? {}) ?? {},
      query: route.query?.parse(input.query ?? {}) ?? {},
      body: route.body?.parse(input.body),
      principal: { kind: 'system', id: 'test', name, permissions: new Set() },
      request: new Request('http://localhost/'),
    });
    // What the API would refuse to send is a mistake.
    const { response } = route;
    return (response !== null && 'parse' in response ? response.parse(answer) : answer) as T;
  }

  async publish<T extends FactType>(type: T, key: string, data: FactData<T>): Promise<void> {
    await this.#bus.publish([createFact(type, { key, time: this.clock.now(), source: 'test', data }) as never]);
    await this.#bus.drained();
  }

  /** Assets by their names, which are their ids too. */
  async hospital(assets: Readonly<Record<string, Stated>>): Promise<void> {
    const facts = Object.entries(assets).map(([name, stated]) =>
      createFact('asset.discovered', { key: name, time: START, source: 'test', data: assetOf(name, stated) }),
    );
    await this.#bus.publish(facts);
    await this.#bus.drained();
  }

  async close(): Promise<void> {
    await this.#running.stop();
    await this.#bus.close();
    await this.#state.close();
  }
}

/** @returns the asset as the inventory would tell it */
export function assetOf(name: string, stated: Stated): Asset {
  const { kind, careArea, zone, safety, ip, asks = [], isReachedFromInternet = false } = stated;
  const facts: Partial<Record<AssetFactName, string | undefined>> = {
    kind,
    careArea,
    zone,
    patientSafetyClass: safety,
  };
  const peers = asks.map(([peer, protocol]) => peerOf({ assetId: peer, direction: 'outgoing', protocol, port: 1 }));
  const outside = peerOf({ ip: '203.0.113.9', isExternal: true, direction: 'incoming', protocol: 'tls', port: 443 });
  return {
    id: name,
    name,
    macs: [],
    ips: ip === undefined ? [] : [ip],
    hostnames: [],
    facts: Object.fromEntries(
      Object.entries(facts).flatMap(([fact, value]) =>
        value === undefined
          ? []
          : [[fact, { value, confidence: 1, origin: { kind: 'manual', reference: 'test' }, evidence: [] }]],
      ),
    ),
    services: [],
    peers: [...peers, ...(isReachedFromInternet ? [outside] : [])],
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

function peerOf(fields: Partial<AssetPeer>): AssetPeer {
  return {
    ip: '10.0.0.1',
    isExternal: false,
    direction: 'outgoing',
    transport: 'tcp',
    port: 443,
    protocol: 'tls',
    isEncrypted: false,
    isAnswered: true,
    bytesSent: 1,
    bytesReceived: 1,
    flows: 1,
    firstSeen: START,
    lastSeen: START,
    packet: { source: 'test', number: 1, time: START },
    ...fields,
  };
}
