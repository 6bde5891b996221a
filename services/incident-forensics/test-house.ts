import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type Bus,
  createSensorInspection,
  createStoredCaptures,
  createStoredSessions,
  type EventStore,
  ManualClock,
  openDuckDbEventStore,
  openFolderBlobStore,
  openJobs,
  openPgliteStateStore,
  openSealedSecrets,
  openStateStoreBus,
  PERMISSIONS,
  type Route,
  type RunningService,
  SECRET_MIGRATIONS,
  type ServiceContext,
  type StateStore,
  type StoredCaptures,
  type StoredSessions,
} from '@sphinx/platform';
import {
  type Alert,
  type Asset,
  createFact,
  type Detection,
  type Fact,
  type FactData,
  type FactType,
} from '@sphinx/schema';
import { IncidentForensicsSettings } from './manifest.ts';
import { service } from './service.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
export const START = 1_790_000_000_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The service on the embedded engines. */
export class House {
  readonly told: Fact[] = [];
  readonly clock: ManualClock;
  readonly #bus: Bus;
  readonly #state: StateStore;
  readonly #context: ServiceContext<IncidentForensicsSettings>;
  #running: RunningService;
  #facts = 0;

  private constructor(
    parts: { bus: Bus; state: StateStore; clock: ManualClock; context: ServiceContext<IncidentForensicsSettings> },
    running: RunningService,
  ) {
    this.clock = parts.clock;
    this.#bus = parts.bus;
    this.#state = parts.state;
    this.#context = parts.context;
    this.#running = running;
  }

  static async open(settings: Partial<IncidentForensicsSettings> = {}): Promise<House> {
    const state = await openPgliteStateStore({});
    await state.migrate('secrets', SECRET_MIGRATIONS);
    await state.migrate('incident-forensics', service.migrations);
    const clock = new ManualClock(START);
    const bus = await openStateStoreBus({ state, clock, logger: QUIET });
    const context: ServiceContext<IncidentForensicsSettings> = {
      bus,
      state,
      clock,
      inspection: createSensorInspection(),
      captures: createStoredCaptures(),
      sessions: createStoredSessions(),
      logger: QUIET,
      jobs: await openJobs({ state, clock, logger: QUIET }),
      telemetry: await openDuckDbEventStore({ logger: QUIET }),
      blobs: await openFolderBlobStore(await mkdtemp(join(tmpdir(), 'sphinx-incident-blobs-'))),
      secrets: openSealedSecrets(state, new Uint8Array(32).fill(7), 'incident-forensics'),
      settings: IncidentForensicsSettings.parse(settings),
      knowledgeFolder: fileURLToPath(new URL('../../knowledge', import.meta.url)),
      scratchFolder: await mkdtemp(join(tmpdir(), 'sphinx-incidents-')),
      notify: () => undefined,
      audit: async () => undefined,
      fail: (error) => {
        throw error;
      },
      signal: new AbortController().signal,
    };
    const house = new House({ bus, state, clock, context }, await service.start(context));
    const types: FactType[] = ['incident.opened', 'incident.updated', 'incident.closed'];
    await bus.subscribe({ consumer: 'test', types, from: 'beginning' }, async (facts) => {
      house.told.push(...facts);
    });
    return house;
  }

  /** Everything is delivered once more, as after a crash before the position was kept. */
  async deliverAgain(): Promise<void> {
    await this.#running.stop();
    await this.#state.query("DELETE FROM platform.consumer WHERE name = 'incident-forensics'");
    this.#running = await service.start(this.#context);
    await this.#bus.drained();
  }

  /** Stops the service and starts it again on the same engines. */
  async restart(): Promise<void> {
    await this.#running.stop();
    this.#running = await service.start(this.#context);
  }

  get telemetry(): EventStore {
    return this.#context.telemetry;
  }

  get captures(): StoredCaptures {
    return this.#context.captures;
  }

  get sessions(): StoredSessions {
    return this.#context.sessions;
  }

  /** Resolves when so many pieces of evidence are collected. */
  async collected(pieces: number): Promise<void> {
    for (let tries = 0; tries < 400; tries++) {
      const [row] = await this.#state.query<{ count: string }>(
        'SELECT count(*) AS count FROM incident_forensics.evidence',
      );
      if (Number(row?.count ?? 0) >= pieces) return;
      await delay(25);
    }
  }

  async ask<T>(
    operationId: string,
    input: { params?: Record<string, unknown>; query?: object; body?: unknown; as?: string } = {},
  ): Promise<T> {
    const route = this.#running.routes.find((candidate) => candidate.operationId === operationId) as Route;
    return (await route.handler({
      params: input.params ?? {},
      query: route.query?.parse(input.query ?? {}) ?? {},
      body: route.body?.parse(input.body),
      principal: { kind: 'user', id: 'test', name: input.as ?? 'anna', permissions: new Set(PERMISSIONS) },
      request: new Request('http://localhost/'),
    })) as T;
  }

  async publish<T extends FactType>(type: T, data: FactData<T>, time: number = this.clock.now()): Promise<void> {
    this.#facts += 1;
    await this.#bus.publish([
      createFact(type, {
        key: 'macs' in data ? data.id : `${type}-${this.#facts}`,
        time,
        source: 'test',
        data,
      }) as never,
    ]);
    await this.#bus.drained();
  }

  async publishAll(facts: readonly Fact[]): Promise<void> {
    await this.#bus.publish(facts);
    await this.#bus.drained();
  }

  /** A device of the inventory, or what it is now. */
  device(
    id: string,
    ip: string,
    facts: Readonly<Record<string, string>> = {},
    changes: Partial<Asset> & { readonly time?: number } = {},
  ): Promise<void> {
    const { time = this.clock.now(), ...changed } = changes;
    const asset: Asset = {
      id: `ast_${id}`,
      name: id,
      macs: [],
      ips: [ip],
      hostnames: [`${id}.hospital.example`],
      facts: Object.fromEntries(
        Object.entries(facts).map(([name, value]) => [
          name,
          { value, confidence: 1, origin: { kind: 'manual', reference: 'test' }, evidence: [] },
        ]),
      ),
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
      ...changed,
    };
    return this.publish(changes.revision === undefined ? 'asset.discovered' : 'asset.updated', asset, time);
  }

  async close(): Promise<void> {
    await this.#running.stop();
    await this.#bus.close();
    await this.#state.close();
  }
}

let detections = 0;

/** A rule that matched, as intrusion detection tells it. */
export function detection(
  fields: { sid: number; title: string; from: string; to: string; time: number } & Partial<{
    severity: Detection['severity'];
    techniques: readonly string[];
    class: string;
    ports: readonly [number, number];
    source: string;
  }>,
): Detection {
  detections += 1;
  const { sid, title, from, to, time, severity = 'medium', techniques = [], ports = [50_000, 443] } = fields;
  const source = fields.source ?? 'src_1';
  return {
    id: `det_${detections}`,
    rule: {
      gid: 1,
      sid,
      revision: 1,
      title,
      set: 'own',
      class: fields.class ?? 'misc-attack',
      category: '',
      references: [],
      techniques: [...techniques],
    },
    severity,
    source: { ip: from, port: ports[0] },
    destination: { ip: to, port: ports[1] },
    target: null,
    transport: 'tcp',
    protocol: null,
    time,
    packet: { source, number: detections, time },
    isSample: false,
  };
}

/** An alert of a log rule, an anomaly or a decoy. */
export function alert(
  fields: { rule: string; time: number; subjects: Alert['subjects'] } & Partial<
    Pick<Alert, 'kind' | 'severity' | 'techniques' | 'confidence' | 'message'>
  >,
): Alert {
  detections += 1;
  const { rule, time, subjects, kind = 'log-rule', severity = 'medium', techniques = [] } = fields;
  return {
    id: `alr_${detections}`,
    kind,
    analytic: { id: rule, title: rule, set: 'own', version: '1', references: [] },
    severity,
    ...(fields.confidence === undefined ? {} : { confidence: fields.confidence }),
    message: fields.message ?? rule,
    subjects,
    techniques,
    time,
    endTime: time,
    count: 1,
    evidence: [],
    isSample: false,
  };
}
