import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SphinxError } from '@sphinx/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAllPages } from '../../apps/sphinx/src/client/all-pages.ts';
import { type ApiClient, createHttpsClient } from '../../apps/sphinx/src/client/api-client.ts';
import { readLocalEndpoint } from '../../apps/sphinx/src/runtime/local-endpoint.ts';
import { PacketBuilder } from '../../services/traffic-monitoring/sample/packets/packet-builder.ts';
import { type StartedProgram, startProgram } from './start-program.ts';

/** After each of them the program is killed once more while it starts and recovers from the time before. */
const KILLS = 2;
/** Random time of load behind the moment at which every kind of work was acknowledged once. */
const LONGEST_LOAD_MS = 1500;
const LONGEST_START_MS = 2000;

/** What the program said that it did. */
interface Acknowledged {
  readonly names: string[];
  readonly imported: string[];
  readonly users: string[];
  /** Hardware addresses of the hosts in captures that were read to their end. */
  readonly seen: string[];
}

interface Source {
  readonly id: string;
  readonly state: string;
}
interface Asset {
  readonly id: string;
  readonly name: string;
  readonly ips: readonly string[];
  readonly macs: readonly string[];
}
interface AuditEntry {
  readonly action: string;
  readonly subject: string;
  readonly outcome: string;
}

const done: Acknowledged = { names: [], imported: [], users: [], seen: [] };
const refusals: string[] = [];
let folder = '';
let program: StartedProgram;
let client: ApiClient;
let renamedId = '';
let assets: Asset[] = [];
let events: { id: string; type: string; key: string; sequence: number }[] = [];
let audit: AuditEntry[] = [];

describe('What a SPHINX under load has said to be done, killed at any moment', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sphinx-kill-program-'));
    await start();
    await readCapture('before', 0);
    renamedId = (await client.send<{ items: Asset[] }>('GET', '/assets?limit=1')).items[0]?.id ?? '';
    for (let round = 1; round <= KILLS; round++) {
      const before = countDone();
      const load = Promise.all([rename(round), importAssets(round), addUsers(round), readCaptures(round)]);
      while (countDone().some((count, kind) => count === before[kind]) && refusals.length === 0) await delay(10);
      await delay(Math.random() * LONGEST_LOAD_MS);
      await program.kill();
      await load;
      await startAndKill();
      await start();
    }
    for (const { id, state } of await readAllPages<Source>(client, '/sources')) {
      if (state === 'stopped') await untilRead(await client.send<Source>('POST', `/sources/${id}/start`));
    }
    await untilJudged();
    events = await readAllPages(client, '/events?order=oldest-first');
    audit = await readAllPages(client, '/audit');
  }, 240_000);
  afterAll(async () => {
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('was work of every kind, and nothing was refused', () => {
    expect(refusals).toEqual([]);
    expect(Math.min(...countDone())).toBeGreaterThanOrEqual(KILLS);
  });

  it('is in the log of facts, once', () => {
    const ids = events.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const mac of done.seen) {
      expect(
        events.some(({ type, key }) => type === 'host.observed' && key.includes(mac)),
        mac,
      ).toBe(true);
    }
  });

  it('is there: each host of a capture that was read, and each imported device, as one asset', () => {
    const times = (fits: (asset: Asset) => boolean) => assets.filter(fits).length;
    expect(done.seen.filter((mac) => times(({ macs }) => macs.includes(mac)) !== 1)).toEqual([]);
    expect(
      done.imported.filter((ip) => times(({ ips, name }) => ips.includes(ip) && name === nameOf(ip)) !== 1),
    ).toEqual([]);
  });

  it('is there: each new name of an asset, in the order in which it was given', async () => {
    const history = await readAllPages<{ detail: string }>(client, `/assets/${renamedId}/history?action=stated`);
    const given = history.flatMap(({ detail }) => /ward-\d+-\d+\./.exec(detail) ?? []).toReversed();
    expect(new Set(given).size).toBe(given.length);
    expect(given.filter((name) => done.names.includes(name))).toEqual(done.names);
    expect((await client.send<Asset>('GET', `/assets/${renamedId}`)).name).toBe(given.at(-1));
  });

  it('is there: each user, once', async () => {
    const users = (await readAllPages<{ username: string }>(client, '/users')).map(({ username }) => username);
    expect(done.users.filter((name) => !users.includes(name))).toEqual([]);
    expect(new Set(users).size).toBe(users.length);
  });

  it('is in the audit trail, whose chain is whole', async () => {
    expect(await client.send('GET', '/audit/verification')).toMatchObject({ isIntact: true, entries: audit.length });
    const succeeded = audit.filter(({ outcome }) => outcome === 'success');
    const users = succeeded.flatMap(({ action, subject }) => (action === 'user.add' ? [subject] : []));
    expect(done.users.filter((name) => !users.includes(name))).toEqual([]);
    expect(new Set(users).size).toBe(users.length);
    const changes = succeeded.filter(({ action, subject }) => action === 'asset.change' && subject === renamedId);
    expect(changes.length).toBeGreaterThanOrEqual(done.names.length);
    // One may have been done and not answered in each round.
    expect(changes.length).toBeLessThanOrEqual(done.names.length + KILLS);
  });

  it('is in the audit trail even where nobody was told that it was done', async () => {
    const users = await readAllPages<{ username: string }>(client, '/users');
    const added = audit.flatMap(({ action, subject }) => (action === 'user.add' ? [subject] : []));
    const unrecorded = users.map(({ username }) => username).filter((name) => !added.includes(name));
    expect(unrecorded).toEqual([]);
  });

  it('led to one present verdict on every asset', async () => {
    const verdicts = await readAllPages<{ assetId: string }>(client, '/verifications/verdicts');
    expect(verdicts.map(({ assetId }) => assetId).toSorted()).toEqual(assets.map(({ id }) => id).toSorted());
  });
});

async function start(): Promise<void> {
  program = await startProgram(folder);
  const endpoint = await readLocalEndpoint(folder);
  if (endpoint === undefined) throw new Error('SPHINX runs and does not say where');
  client = createHttpsClient(endpoint);
}

async function startAndKill(): Promise<void> {
  const starting = startProgram(folder, { killAfterMs: Math.random() * LONGEST_START_MS });
  await starting.then(
    (started) => started.kill(),
    () => undefined,
  );
}

const countDone = () => [done.names, done.imported, done.users, done.seen].map(({ length }) => length);

/** Does one thing after the other until the program is gone. */
async function untilKilled(act: (number: number) => Promise<void>): Promise<void> {
  for (let number = 1; ; number++) {
    try {
      await act(number);
    } catch (error) {
      if (!(error instanceof SphinxError && error.code === 'SPX_UNAVAILABLE')) refusals.push(String(error));
      return;
    }
  }
}

function rename(round: number): Promise<void> {
  return untilKilled(async (number) => {
    const name = `ward-${round}-${number}.`;
    await client.send('PATCH', `/assets/${renamedId}`, { name });
    done.names.push(name);
  });
}

function importAssets(round: number): Promise<void> {
  return untilKilled(async (number) => {
    const ip = `10.77.${round}.${number}`;
    const content = `ip,name\n${ip},${nameOf(ip)}\n`;
    const { totals } = await client.send<{ totals: object }>('POST', '/assets/import', { format: 'csv', content });
    expect(totals).toMatchObject({ create: 1 });
    done.imported.push(ip);
  });
}

const nameOf = (ip: string) => `imported ${ip}`;

function addUsers(round: number): Promise<void> {
  return untilKilled(async (number) => {
    const username = `nurse-${round}-${number}`;
    await client.send('POST', '/users', { username, name: username, role: 'viewer', password: 'a calm night, ward 3' });
    done.users.push(username);
  });
}

function readCaptures(round: number): Promise<void> {
  return untilKilled((number) => readCapture(`${round}-${number}`, round * 256 + number));
}

async function readCapture(name: string, number: number): Promise<void> {
  const hosts = [1, 2, 3].map((host) => ({
    mac: `02:00:00:${hex(number >> 8)}:${hex(number & 255)}:0${host}`,
    ip: `10.78.${number & 255}.${(number >> 8) * 10 + host}`,
  }));
  const packets = new PacketBuilder();
  for (const sender of hosts) {
    for (const target of hosts)
      if (target !== sender) packets.arp(1_790_000_000_000 + number * 1000, 'request', sender, target);
  }
  const path = join(folder, `${name}.pcap`);
  await writeFile(path, packets.toPcap());
  await untilRead(await client.send<Source>('POST', '/sources', { kind: 'file', path }));
  done.seen.push(...hosts.map(({ mac }) => mac));
}

const hex = (value: number) => value.toString(16).padStart(2, '0');

async function untilRead(source: Source): Promise<void> {
  for (let current = source; current.state !== 'finished'; ) {
    if (current.state === 'failed') throw new Error('A capture could not be read');
    await delay(20);
    const sources = await readAllPages<Source>(client, '/sources');
    current = sources.find(({ id }) => id === source.id) ?? current;
  }
}

/** Facts travel on after they were accepted: waits until every asset that there is has been judged. */
async function untilJudged(): Promise<void> {
  for (;;) {
    const { consumers } = await client.send<{ consumers: { lag: number }[] }>('GET', '/health');
    assets = await readAllPages<Asset>(client, '/assets');
    if (consumers.every(({ lag }) => lag === 0)) return;
    await delay(50);
  }
}
