import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Bus,
  Outbox,
  openPgliteStateStore,
  openStateStoreBus,
  type StateStore,
  systemClock,
} from '@sphinx/platform';
import { systemNetwork } from '@sphinx/probes';
import type { Device } from '@sphinx/probes/policy';
import { loadProbingKnowledge, ProbeNetworks } from '@sphinx/probes/policy';
import type { FactData, FactType } from '@sphinx/schema';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS } from './migrations.ts';
import { Prober } from './prober.ts';
import { ProbingStore } from './store.ts';

// Real stores, real sockets, a device that is played by a server on loopback.

const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const knowledge = await loadProbingKnowledge(new URL('../../knowledge', import.meta.url).pathname);
/** As in knowledge, but fast, and only where the device is known to serve. */
const policies = knowledge.policies.map((policy) => ({ ...policy, packetsPerSecond: 100, ports: 'known' as const }));

let state: StateStore;
let bus: Bus;
let store: ProbingStore;
let prober: Prober;
let server: Server;
const sockets = new Set<Socket>();
let heard: Buffer[];
let opened: number;

beforeEach(async () => {
  state = await openPgliteStateStore({});
  await state.migrate('active-probing', MIGRATIONS);
  bus = await openStateStoreBus({ state, clock: systemClock, logger: QUIET });
  store = new ProbingStore(state);
  prober = await openProber();
});

afterEach(async () => {
  await prober.close();
  for (const socket of sockets) socket.destroy();
  server?.close();
  await bus.close();
  await state.close();
});

async function openProber(allowed: readonly string[] = ['127.0.0.0/8']): Promise<Prober> {
  const opening = new Prober({
    store,
    outbox: new Outbox({ state, bus, schema: 'active_probing' }),
    clock: systemClock,
    logger: QUIET,
    knowledge: { ...knowledge, policies },
    networks: new ProbeNetworks(allowed, []),
    network: systemNetwork,
    concurrentDevices: 1,
    isNmapAllowed: false,
    scratchFolder: tmpdir(),
    onChange: () => {},
  });
  await opening.open();
  return opening;
}

/** A device with Redis on it. @param answer to each command */
async function redisDevice(
  answer: (command: string) => string | undefined,
  fields: Partial<Device> = {},
): Promise<Device> {
  heard = [];
  opened = 0;
  server = createServer((socket) => {
    opened += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      heard.push(bytes);
      const text = answer(bytes.toString('latin1'));
      if (text !== undefined) socket.write(text);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    assetId: 'ast_1',
    name: 'cache',
    ip: '127.0.0.1',
    kind: 'database-server',
    safetyClass: 'none',
    isSample: false,
    services: [{ transport: 'tcp', port, protocol: 'redis', isTls: false }],
    names: [],
    ...fields,
  };
}

const openToAll = (command: string) => (command.includes('PING') ? '+PONG\r\n' : '$21\r\nredis_version:7.0.15\r\n\r\n');
const closed = () => '-NOAUTH Authentication required.\r\n';

async function ended(id: string) {
  for (let tries = 0; tries < 1600; tries += 1) {
    const run = await store.run(id);
    if (run !== undefined && run.state !== 'waiting' && run.state !== 'running') return run;
    await pause(25);
  }
  throw new Error(`The run ${id} does not end.`);
}

async function factsOf<T extends FactType>(type: T): Promise<readonly FactData<T>[]> {
  const stored = await bus.read({ types: [type], limit: 1000 });
  return stored.map(({ fact }) => fact.data as FactData<T>);
}

const valuesOf = (facts: readonly unknown[], attribute: string) =>
  facts.flatMap((data) =>
    (data as { evidence: { attribute: string; value: string }[] }).evidence
      .filter((item) => item.attribute === attribute)
      .map(({ value }) => value),
  );

describe('a device that may be probed', () => {
  it('is asked, and what it says becomes evidence like that of traffic', async () => {
    const run = await ended((await prober.request(await redisDevice(openToAll), 'on-demand', 'anna')).id);
    expect(run).toMatchObject({ state: 'completed', reason: '', by: 'anna', policy: 'general-it' });
    const observed = await factsOf('host.observed');
    expect(valuesOf(observed, 'redis.authentication')).toEqual(['none']);
    expect(await factsOf('probe.completed')).toMatchObject([
      { outcome: 'completed', ip: '127.0.0.1', assetId: 'ast_1' },
    ]);
  });

  it('has every byte that reached it on record', async () => {
    const device = await redisDevice(openToAll);
    const run = await ended((await prober.request(device, 'on-demand', 'anna')).id);
    const rows = await store.exchanges({ runId: run.id }, 1000);
    const sent = rows.filter(({ direction }) => direction === 'sent');
    const recorded = Buffer.concat(sent.map(({ data }) => Buffer.from(data ?? '', 'base64')));
    expect(recorded.toString('hex')).toBe(Buffer.concat(heard).toString('hex'));
    expect(sent.filter(({ kind }) => kind === 'open')).toHaveLength(opened);
    expect(sent.reduce((sum, { packets }) => sum + packets, 0)).toBe(run.packets);
  });

  it('whose fault was repaired is told so: what it said before is taken back', async () => {
    let answer: (command: string) => string = openToAll;
    const device = await redisDevice((command) => answer(command));
    await ended((await prober.request(device, 'on-demand', '')).id);
    answer = closed;
    await ended((await prober.request(device, 'on-demand', '')).id);
    const observed = await factsOf('host.observed');
    const [first] = observed.filter((data) => valuesOf([data], 'redis.authentication').includes('none'));
    expect(valuesOf(observed.slice(-1), 'redis.authentication')).toEqual(['required']);
    expect(await factsOf('source.removed')).toEqual([{ source: first?.source, sample: false }]);
  });

  it('that says the same again takes nothing back', async () => {
    const device = await redisDevice(openToAll);
    for (let count = 0; count < 2; count += 1) await ended((await prober.request(device, 'on-demand', '')).id);
    expect(await factsOf('source.removed')).toEqual([]);
    expect(new Set((await factsOf('host.observed')).map(({ source }) => source)).size).toBe(2);
  });

  it('that no longer answers after a probe is marked and left alone until a person clears it', async () => {
    const device = await redisDevice((command) => {
      if (command.includes('PING')) {
        server.close();
        for (const socket of sockets) socket.destroy();
      }
      return undefined;
    });
    const run = await ended((await prober.request(device, 'on-demand', '')).id);
    expect(run).toMatchObject({ state: 'slowed', reason: expect.stringMatching(/no longer answers/) });
    expect(await prober.request(device, 'on-demand', '')).toMatchObject({ state: 'refused' });
    await prober.close();
    prober = await openProber();
    expect(prober.marks).toMatchObject([{ ip: '127.0.0.1', assetId: 'ast_1' }]);
    await prober.clearMark('127.0.0.1');
    expect(prober.preview(device, 'on-demand').isAllowed).toBe(true);
  });
});

describe('a device that may not be probed', () => {
  it('gets no packet, and the refusal is on record with its reason', async () => {
    const device = await redisDevice(openToAll, { kind: 'infusion-pump', safetyClass: 'life-sustaining' });
    const run = await prober.request(device, 'on-demand', 'anna');
    expect(run).toMatchObject({ state: 'refused', reason: expect.stringMatching(/on no patient/) });
    expect(opened).toBe(0);
    expect(await store.exchanges({}, 10)).toEqual([]);
    expect(await factsOf('probe.refused')).toMatchObject([{ ip: '127.0.0.1', by: 'anna', policy: 'fragile' }]);
  });

  it('is probed after a person has stated that it is on no patient, and no longer once that is withdrawn', async () => {
    const device = await redisDevice(openToAll, { kind: 'infusion-pump' });
    prober.noteDevice(device);
    const fields = { target: 'ast_1', by: 'anna', until: Date.now() + 60_000, credentials: [], note: 'on the bench' };
    const approval = await prober.approve({ ...fields, isOutOfCare: true });
    expect((await ended((await prober.request(device, 'on-demand', 'anna')).id)).state).toBe('completed');
    await prober.withdraw(approval.id);
    expect((await prober.request(device, 'on-demand', 'anna')).state).toBe('refused');
  });

  it('because it is outside the networks of the hospital gets no packet', async () => {
    await prober.close();
    prober = await openProber(['10.0.0.0/8']);
    expect((await prober.request(await redisDevice(openToAll), 'on-demand', '')).reason).toMatch(
      /outside the networks/,
    );
    expect(opened).toBe(0);
  });
});

describe('the kill switch', () => {
  it('cuts off what runs, refuses what waits and what comes, and survives a restart', async () => {
    const device = await redisDevice(() => undefined);
    const running = await prober.request(device, 'on-demand', '');
    const waiting = await prober.request({ ...device, ip: '127.0.0.2', assetId: 'ast_2' }, 'on-demand', '');
    while (opened === 0) await pause(5);
    await prober.stopAll('anna', 'alarm on ward 3');
    const openedThen = opened;
    expect(await store.run(running.id)).toMatchObject({ state: 'stopped' });
    expect(await store.run(waiting.id)).toMatchObject({ state: 'refused' });
    await prober.close();
    prober = await openProber();
    expect(await prober.request(device, 'on-demand', '')).toMatchObject({
      state: 'refused',
      reason: 'Probing is stopped: alarm on ward 3',
    });
    expect(opened).toBe(openedThen);
    await prober.resumeAll();
    expect(prober.preview(device, 'on-demand').isAllowed).toBe(true);
  });
});

describe('a preview', () => {
  it('says in words what would be sent, and sends nothing', async () => {
    const preview = prober.preview(await redisDevice(openToAll), 'on-demand');
    expect(preview.steps.map(({ probe }) => probe)).toEqual(['tcp-port', 'redis-access']);
    expect(preview.steps[1]?.sends).toMatch(/PING/);
    expect(preview.packets).toBeGreaterThan(0);
    expect(opened).toBe(0);
  });

  it('promises no less than a run then sends', async () => {
    const device = await redisDevice(openToAll);
    const { packets } = prober.preview(device, 'on-demand');
    const run = await ended((await prober.request(device, 'on-demand', '')).id);
    expect(run.packets).toBeGreaterThan(0);
    expect(run.packets).toBeLessThanOrEqual(packets);
  });
});
