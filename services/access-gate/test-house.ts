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
  openSealedSecrets,
  openStateStoreBus,
  type RunningService,
  SECRET_MIGRATIONS,
  type ServiceContext,
} from '@sphinx/platform';
import { type Asset, createFact, type FactData, type FactType, type Verdict, type Verification } from '@sphinx/schema';
import { AccessGateSettings } from './manifest.ts';
import { service } from './service.ts';

/** Where the tests of this service find `knowledge/`. */
export const KNOWLEDGE_FOLDER = fileURLToPath(new URL('../../knowledge/', import.meta.url));
const START = Date.UTC(2026, 0, 1);

/** The service on a store that forgets. */
export interface ServiceHouse {
  readonly audited: { readonly action: string; readonly subject: string }[];
  readonly running: RunningService | undefined;
  publish<T extends FactType>(type: T, key: string, data: FactData<T>): Promise<void>;
  close(): Promise<void>;
}

export async function openServiceHouse(settings: Partial<AccessGateSettings>): Promise<ServiceHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'sphinx-gate-'));
  const state = await openPgliteStateStore({});
  const clock = new ManualClock(START);
  await state.migrate('secrets', SECRET_MIGRATIONS);
  await state.migrate('access-gate', service.migrations);
  const bus: Bus = await openStateStoreBus({ state, clock, logger: QUIET });
  const audited: { action: string; subject: string }[] = [];
  const context: ServiceContext<AccessGateSettings> = {
    bus,
    state,
    jobs: await openJobs({ state, clock, logger: QUIET }),
    clock,
    logger: QUIET,
    telemetry: UNUSED as ServiceContext['telemetry'],
    blobs: UNUSED as ServiceContext['blobs'],
    settings: AccessGateSettings.parse(settings),
    secrets: openSealedSecrets(state, new Uint8Array(32).fill(7), 'access-gate'),
    inspection: createSensorInspection(),
    captures: createStoredCaptures(),
    sessions: createStoredSessions(),
    knowledgeFolder: KNOWLEDGE_FOLDER,
    scratchFolder: folder,
    notify: () => {},
    audit: async (entry) => {
      audited.push(entry);
    },
    fail: (error) => {
      throw error;
    },
    signal: new AbortController().signal,
  };
  const running = await service.start(context);
  return {
    audited,
    running,
    async publish(type, key, data) {
      clock.advance(1000);
      await bus.publish([createFact(type, { key, time: clock.now(), source: 'test', data }) as never]);
      await bus.drained();
    },
    async close() {
      await running.stop();
      await bus.close();
      await state.close();
    },
  };
}

/** Asks a route of the service as the API does. */
export async function call(
  house: ServiceHouse,
  operationId: string,
  input: { params?: Record<string, unknown>; query?: object; body?: object } = {},
): Promise<unknown> {
  const route = house.running?.routes.find((candidate) => candidate.operationId === operationId);
  if (route === undefined) throw new Error(`no route ${operationId}`);
  return route.handler({
    params: input.params ?? {},
    query: route.query?.parse(input.query ?? {}) ?? {},
    body: route.body?.parse(input.body),
    principal: { kind: 'system', id: 'test', name: 'test', permissions: new Set() },
    request: new Request('http://localhost/'),
  });
}

export function assetOf(id: string, name: string, mac: string, patientSafetyClass: string): Asset {
  const origin = { kind: 'manual', reference: 'test' } as const;
  return {
    id,
    name,
    macs: [mac],
    ips: ['10.0.0.9'],
    hostnames: [],
    facts: { patientSafetyClass: { value: patientSafetyClass, confidence: 1, origin, evidence: [] } },
    services: [],
    peers: [],
    evidence: [],
    conflicts: [],
    sources: ['test.pcap'],
    isSample: false,
    isPinned: false,
    firstSeen: START,
    lastSeen: START,
    revision: 1,
  };
}

export function verdictOf(assetId: string, verdict: Verdict, revision: number): Verification {
  return {
    id: `ver_${revision}`,
    assetId,
    assetName: assetId,
    assetRevision: revision,
    isSample: false,
    verdict,
    reasons: [],
    conditions: [],
    policy: { id: 'general-it', version: '1.0.0', title: 'General' },
    results: [],
    evidenceDigest: String(revision),
    time: START + revision,
  };
}

const UNUSED: unknown = undefined;
const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
