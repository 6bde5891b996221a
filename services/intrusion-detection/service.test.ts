import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Bus,
  type CreateInspection,
  createSensorInspection,
  ManualClock,
  openJobs,
  openPgliteStateStore,
  openStateStoreBus,
  type Route,
  type RunningService,
  type SensorInspection,
  type ServiceContext,
} from '@sphinx/platform';
import { createFact, type Detection } from '@sphinx/schema';
import { createSensor, type Inspector } from '@sphinx/wire';
import { afterEach, describe, expect, it } from 'vitest';
import { bytes } from '../../packages/wire/src/testing/bytes.ts';
import { ConversationFeed } from '../../packages/wire/src/testing/conversation-packets.ts';
import { client } from '../../packages/wire/src/testing/play.ts';
import { IntrusionDetectionSettings } from './manifest.ts';
import type { RejectedRule, RuleSet, RuleView } from './rule-sets/rule-set.ts';
import { service } from './service.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const UNUSED: unknown = undefined;
const ENDS = { clientIp: '10.0.0.1', serverIp: '10.0.0.2', clientPort: 4000, serverPort: 9999 };
const RULE =
  'alert tcp any any -> any any (msg:"evil"; content:"evil"; priority:1; sid:1; rev:1; metadata:attack T1190;)';

/** The service on the embedded engines, with sensors that take what it offers, as threads do. */
class House {
  readonly bus: Bus;
  readonly #inspection: SensorInspection;
  readonly #running: RunningService;

  private constructor(bus: Bus, inspection: SensorInspection, running: RunningService) {
    this.bus = bus;
    this.#inspection = inspection;
    this.#running = running;
  }

  static async open(settings: Partial<IntrusionDetectionSettings> = {}): Promise<House> {
    const folder = await mkdtemp(join(tmpdir(), 'sphinx-intrusion-'));
    const state = await openPgliteStateStore({});
    await state.migrate('intrusion-detection', service.migrations);
    const clock = new ManualClock(1_700_000_000_000);
    const bus = await openStateStoreBus({ state, clock, logger: QUIET });
    const inspection = createSensorInspection();
    const context: ServiceContext<IntrusionDetectionSettings> = {
      bus,
      state,
      clock,
      inspection,
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
    return new House(bus, inspection, await service.start(context));
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
    const offer = this.#inspection.current();
    if (offer === undefined) throw new Error('nothing is offered');
    const { createInspection } = (await import(offer.module)) as { createInspection: CreateInspection };
    const { inspector, takeFindings } = createInspection(structuredClone(offer.data), source);
    const feed = new ConversationFeed(createSensor({ source, isSample: false, inspector: inspector as Inspector }));
    feed.connection(ENDS, [client(bytes(text))]);
    await offer.take(structuredClone(takeFindings()), { source, isSample: false });
    await this.bus.drained();
  }

  async detections(query: object = {}): Promise<Detection[]> {
    return (await this.ask<{ items: Detection[] }>('listDetections', { query })).items;
  }

  close(): Promise<void> {
    return this.#running.stop();
  }
}

let house: House;
let server: Server | undefined;

afterEach(async () => {
  await house.close();
  server?.close();
  server = undefined;
});

const addRule = (content = RULE) => house.ask<RuleSet>('addRuleSet', { body: { title: 'Local rules', content } });

describe('a match in the traffic', () => {
  it('is a detection with rule, both ends and packet, once however often the file is read', async () => {
    house = await House.open();
    await addRule();
    await house.see('something evil');
    await house.see('something evil');
    const [detection, ...more] = await house.detections();
    expect(more).toEqual([]);
    expect(detection).toMatchObject({
      rule: { gid: 1, sid: 1, title: 'evil', techniques: ['T1190'] },
      severity: 'high',
      source: { ip: '10.0.0.1', port: 4000 },
      destination: { ip: '10.0.0.2', port: 9999 },
      packet: { source: 'capture_1' },
    });
    expect(JSON.stringify(detection)).not.toContain('something');
    const facts = await house.bus.read({ types: ['detection.found'], limit: 10 });
    expect(facts.map(({ fact }) => fact.data)).toMatchObject([{ id: detection?.id }]);
  });

  it('goes when its source is taken back', async () => {
    house = await House.open();
    await addRule();
    await house.see('evil', 'capture_1');
    await house.see('evil', 'capture_2');
    const data = { source: 'capture_1', sample: false };
    await house.bus.publish([createFact('source.removed', { key: 'source:capture_1', time: 1, source: 'test', data })]);
    await house.bus.drained();
    expect((await house.detections()).map(({ packet }) => packet.source)).toEqual(['capture_2']);
  });

  it('is counted only, when a minute has had more than enough', async () => {
    house = await House.open({ maximumDetectionsPerMinute: 1 });
    await addRule(`${RULE}\n${RULE.replace('sid:1', 'sid:2')}`);
    await house.see('evil');
    expect(await house.detections()).toHaveLength(1);
  });
});

describe('a rule', () => {
  it('shows its hits and what it has cost', async () => {
    house = await House.open();
    await addRule();
    await house.see('evil');
    const { items } = await house.ask<{ items: RuleView[] }>('listRules', { query: { search: 'evil' } });
    expect(items).toMatchObject([{ id: '1:1', hits: 1, lastHit: 1_700_000_000_000 }]);
    expect(items[0]?.looks).toBeGreaterThan(0);
  });

  it('can be switched off, and kept quiet for an asset group', async () => {
    house = await House.open();
    await addRule();
    await house.ask('tuneRule', { params: { id: '1:1' }, body: { quietFor: ['10.0.0.0/24'] } });
    await house.see('evil', 'quiet');
    await house.ask('tuneRule', { params: { id: '1:1' }, body: { isEnabled: false } });
    await house.see('evil', 'off');
    expect(await house.detections()).toEqual([]);
    await house.ask('tuneRule', { params: { id: '1:1' }, body: { quietFor: ['10.9.0.0/24'] } });
    await house.see('evil', 'on');
    expect(await house.detections()).toHaveLength(1);
  });

  it('is refused with its reason when it cannot be tried', async () => {
    house = await House.open();
    const query = { rule: 'alert tcp any any -> any any (lua:x; sid:1;)' };
    await expect(
      house.ask('tryRule', { query, request: new Request('http://x/', { method: 'POST', body: 'x' }) }),
    ).rejects.toThrow('scripts in rules are out of scope');
  });
});

describe('a rule set', () => {
  it('comes with SPHINX and can be switched off, not removed', async () => {
    house = await House.open();
    const { items } = await house.ask<{ items: RuleSet[] }>('listRuleSets');
    expect(items).toMatchObject([{ id: 'own', origin: 'own', rejected: 0 }]);
    expect(items[0]?.loaded).toBeGreaterThanOrEqual(40);
    await expect(house.ask('removeRuleSet', { params: { id: 'own' } })).rejects.toThrow('switched off, not removed');
    expect(await house.ask('switchRuleSet', { params: { id: 'own' }, body: { isEnabled: false } })).toMatchObject({
      isEnabled: false,
    });
  });

  it('tells of each rule that was not loaded', async () => {
    house = await House.open();
    const set = await addRule(`${RULE}\nalert tcp any any -> any any (msg:"x"; teleport:1; sid:2;)`);
    expect(set).toMatchObject({ loaded: 1, rejected: 1 });
    const { items } = await house.ask<{ items: RejectedRule[] }>('listRejectedRules', { params: { id: set.id } });
    expect(items).toMatchObject([{ line: 2, sid: 2, reason: 'the keyword teleport is unknown' }]);
    await expect(addRule('no rule at all')).rejects.toThrow('already');
  });

  it('is fetched from a URL, and stays as it is when the signature of an update does not hold', async () => {
    house = await House.open();
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    let rules = RULE;
    let signed = RULE;
    server = createServer((request, response) => {
      response.end(
        request.url?.endsWith('.sig') ? sign(null, Buffer.from(signed), privateKey).toString('base64') : rules,
      );
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/local.rules`;
    const key = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const set = await house.ask<RuleSet>('addRuleSet', { body: { title: 'Fetched', url, publicKey: key } });
    expect(set).toMatchObject({ loaded: 1, isSigned: true, origin: 'url' });
    rules = RULE.replace('rev:1', 'rev:2');
    await expect(house.ask('updateRuleSet', { params: { id: set.id } })).rejects.toThrow('signature');
    const { items } = await house.ask<{ items: RuleSet[] }>('listRuleSets');
    expect(items.find(({ id }) => id === set.id)?.message).toContain('signature');
    signed = rules;
    await house.ask('updateRuleSet', { params: { id: set.id } });
    const view = await house.ask<{ items: RuleView[] }>('listRules', { query: { set: set.id } });
    expect(view.items.map(({ revision }) => revision)).toEqual([2]);
  });
});
