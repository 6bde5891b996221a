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
  type StoredCaptures,
} from '@sphinx/platform';
import type { Detection } from '@sphinx/schema';
import { createSensor, type Inspector } from '@sphinx/wire';
import { bytes } from '../../packages/wire/src/testing/bytes.ts';
import { ConversationFeed } from '../../packages/wire/src/testing/conversation-packets.ts';
import { client } from '../../packages/wire/src/testing/play.ts';
import { IntrusionDetectionSettings } from './manifest.ts';
import type { RulesInForce } from './rule-sets/load-sets.ts';
import type { RuleView } from './rules/rule-view.ts';
import { service } from './service.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const UNUSED: unknown = undefined;
export const ENDS = { clientIp: '10.0.0.1', serverIp: '10.0.0.2', clientPort: 4000, serverPort: 9999 };
export const RULE =
  'alert tcp any any -> any any (msg:"evil"; content:"evil"; priority:1; sid:1; rev:1; metadata:attack T1190;)';

let shared: Promise<StateStore> | undefined;

/** One database for all tests of a file, emptied unless a house opens again: making one takes seconds. */
async function stateOf(content: 'emptied' | 'as it is'): Promise<StateStore> {
  shared ??= openPgliteStateStore({});
  const state = await shared;
  await state.migrate('intrusion-detection', service.migrations);
  if (content === 'as it is') return state;
  const tables = await state.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname IN ('intrusion_detection', 'platform') AND tablename <> 'migration'`,
  );
  await state.query(`TRUNCATE ${tables.map(({ name }) => name).join(', ')} RESTART IDENTITY`);
  return state;
}

/** The service on the embedded engines, with sensors that take what it offers, as threads do. */
export class House {
  readonly bus: Bus;
  readonly captures: StoredCaptures;
  readonly #inspection: SensorInspection;
  readonly #running: RunningService;

  private constructor(
    bus: Bus,
    parts: { readonly inspection: SensorInspection; readonly captures: StoredCaptures },
    running: RunningService,
  ) {
    this.bus = bus;
    this.captures = parts.captures;
    this.#inspection = parts.inspection;
    this.#running = running;
  }

  static async open(
    settings: Partial<IntrusionDetectionSettings> = {},
    content: 'emptied' | 'as it is' = 'emptied',
  ): Promise<House> {
    const folder = await mkdtemp(join(tmpdir(), 'sphinx-intrusion-'));
    const state = await stateOf(content);
    const clock = new ManualClock(1_700_000_000_000);
    const bus = await openStateStoreBus({ state, clock, logger: QUIET });
    const inspection = createSensorInspection();
    const captures = createStoredCaptures();
    const context: ServiceContext<IntrusionDetectionSettings> = {
      bus,
      state,
      clock,
      inspection,
      captures,
      sessions: createStoredSessions(),
      logger: QUIET,
      jobs: await openJobs({ state, clock, logger: QUIET }),
      telemetry: UNUSED as ServiceContext['telemetry'],
      blobs: UNUSED as ServiceContext['blobs'],
      secrets: UNUSED as ServiceContext['secrets'],
      settings: IntrusionDetectionSettings.parse({ updateHours: 0, ...settings }),
      knowledgeFolder: fileURLToPath(new URL('../../knowledge', import.meta.url)),
      scratchFolder: folder,
      notify: () => undefined,
      audit: async () => undefined,
      fail: (error) => {
        throw error;
      },
      signal: new AbortController().signal,
    };
    return new House(bus, { inspection, captures }, await service.start(context));
  }

  async ask<T>(
    operationId: string,
    input: { params?: object; query?: object; body?: unknown; request?: Request } = {},
  ): Promise<T> {
    const route = this.#running.routes.find((candidate) => candidate.operationId === operationId) as Route;
    return (await route.handler({
      params: { ...input.params },
      query: route.query?.parse(input.query ?? {}) ?? {},
      body: route.body?.parse(input.body),
      principal: { kind: 'system', id: 'test', name: 'test', permissions: new Set() },
      request: input.request ?? new Request('http://localhost/'),
    })) as T;
  }

  /** One connection that a sensor thread reads. */
  async see(text: string, source = 'capture_1'): Promise<void> {
    const [offer] = this.#inspection.current();
    if (offer === undefined) throw new Error('nothing is offered');
    const { createInspection } = (await import(offer.module)) as { createInspection: CreateInspection };
    const { inspector, takeFindings } = createInspection(structuredClone(offer.data), source);
    const feed = new ConversationFeed(createSensor({ source, isSample: false, inspector: inspector as Inspector }));
    feed.connection(ENDS, [client(bytes(text))]);
    await offer.take(structuredClone(takeFindings()), { source, isSample: false });
    await this.bus.drained();
  }

  /** Name of the model that sensor threads are given. */
  modelInForce(): string | undefined {
    return (this.#inspection.current()[0]?.data as RulesInForce | undefined)?.model?.name;
  }

  async rules(query: object = {}): Promise<RuleView[]> {
    return (await this.ask<{ items: RuleView[] }>('listRules', { query })).items;
  }

  async detections(query: object = {}): Promise<Detection[]> {
    return (await this.ask<{ items: Detection[] }>('listDetections', { query })).items;
  }

  async close(): Promise<void> {
    await this.#running.stop();
    await this.bus.close();
  }
}

/** What a person sends as a file. */
export function sent(content: string | Uint8Array<ArrayBuffer>): Request {
  return new Request('http://localhost/', { method: 'POST', body: content });
}
