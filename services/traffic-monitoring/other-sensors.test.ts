import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeSampleCapture } from './sample/write-sample-capture.ts';
import { droppedOf } from './sensor/inputs/export-input.ts';
import type { Source } from './sources/source.ts';
import { freePort, Monitoring } from './test-monitoring.ts';

const SOFTFLOWD = '/usr/sbin/softflowd';
const TIME = '2026-05-01T08:30:00.250000+0200';

/** A flow of an infusion pump as Suricata tells it. @param pump last number of its address */
function eveFlow(pump: number, server = '10.20.1.10'): string {
  const ends = { src_ip: `10.20.1.${pump}`, src_port: 50123, dest_ip: server, dest_port: 443, proto: 'TCP' };
  const flow = {
    pkts_toserver: 12,
    pkts_toclient: 9,
    bytes_toserver: 1800,
    bytes_toclient: 90_000,
    start: TIME,
    end: TIME,
  };
  return `${JSON.stringify({ timestamp: TIME, flow_id: pump, event_type: 'flow', ...ends, app_proto: 'tls', flow })}\n`;
}

async function knownAddresses(house: Monitoring): Promise<ReadonlySet<string | undefined>> {
  return new Set((await house.facts('host.observed')).map(({ host }) => host.ip));
}

async function untilKnown(house: Monitoring, ...addresses: readonly string[]): Promise<void> {
  await vi.waitFor(async () => expect(await knownAddresses(house)).toEqual(expect.toSatisfy(containsAll(addresses))), {
    timeout: 20_000,
    interval: 50,
  });
}

function containsAll(addresses: readonly string[]) {
  return (known: ReadonlySet<string | undefined>) => addresses.every((address) => known.has(address));
}

describe('files of other sensors', () => {
  let house: Monitoring;
  beforeAll(async () => {
    house = await Monitoring.open();
  });
  afterAll(() => house.close());

  it('are told from captures by their content, packed or not, under any name', async () => {
    const path = join(house.folder, 'monday');
    await writeFile(path, await promisify(gzip)(`${eveFlow(50)}{"event_type":"stats"}\n`));
    const { id } = await house.ask<Source>('addSource', { body: { kind: 'file', path } });
    const source = await house.until(id, 'finished', 'failed');
    expect(source).toMatchObject({ state: 'finished', packets: 21, bytes: 91_800, unreadable: 0 });
    expect(source.message).toMatch(/Left out.*1 stats/);
    await untilKnown(house, '10.20.1.50', '10.20.1.10');
    const { items } = await house.ask<{ items: object[] }>('listFlows', { query: { source: id } });
    expect(items).toMatchObject([{ app_name: 'tls', is_encrypted: true, packets_out: 12 }]);
  });

  it('that are sent through the console are read and deleted like captures', async () => {
    const line = {
      ts: 1777617000.5,
      uid: 'C1',
      'id.orig_h': '10.20.1.60',
      'id.orig_p': 1,
      'id.resp_h': '10.20.1.61',
      'id.resp_p': 2,
    };
    const log = `${JSON.stringify({ ...line, proto: 'tcp', conn_state: 'SF', orig_pkts: 3, resp_pkts: 2 })}\nnot json\n`;
    const upload = { query: { name: 'conn.2026-05-01-08-00-00.log' }, upload: Buffer.from(log) };
    const { id } = await house.ask<Source>('uploadCapture', upload);
    expect(await house.until(id, 'finished')).toMatchObject({ packets: 5, unreadable: 1 });
    await untilKnown(house, '10.20.1.60', '10.20.1.61');
  });
});

describe('listeners for what other sensors send', () => {
  let house: Monitoring;
  let capture: string;
  beforeAll(async () => {
    house = await Monitoring.open();
    capture = join(house.folder, 'ward.pcap');
    await writeSampleCapture(capture, Date.now());
  });
  afterAll(() => house.close());

  it('take the lines of several sensors side by side on a port, and one that sends nonsense disturbs no other', async () => {
    const port = await freePort();
    const { id } = await house.ask<Source>('addSource', { body: { kind: 'records', host: '127.0.0.1', port } });
    const [first, second, third] = await Promise.all([dial(port), dial(port), dial(port)]);
    first.write(eveFlow(70).slice(0, 40));
    third.write('GET / HTTP/1.1\r\n\r\n');
    second.write(eveFlow(71));
    await untilKnown(house, '10.20.1.71');
    first.write(eveFlow(70).slice(40));
    await untilKnown(house, '10.20.1.70');
    await vi.waitFor(async () => expect((await source(house, id)).message).toMatch(/neither a pcap/), {
      timeout: 20_000,
    });
    first.end();
    second.end();
    expect(await house.ask<Source>('stopSource', { id })).toMatchObject({ state: 'stopped', packets: 42 });
  });

  it('take them on a Unix socket, also when a killed program left one behind', async () => {
    const path = join(house.folder, 'eve.sock');
    const killed = createServer().listen(`${path}.killed`);
    await once(killed, 'listening');
    await rename(`${path}.killed`, path);
    killed.close();
    const { id } = await house.ask<Source>('addSource', { body: { kind: 'records', path } });
    const socket = await dial(path);
    socket.end(eveFlow(80));
    await untilKnown(house, '10.20.1.80');
    await house.ask<Source>('stopSource', { id });
  });

  it('that cannot have their port say so', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { id } = await house.ask<Source>('addSource', { body: { kind: 'packet-server', host: '127.0.0.1', port } });
    expect(await house.until(id, 'failed')).toMatchObject({
      message: expect.stringMatching(/Cannot take connections.*EADDRINUSE/),
    });
    taken.close();
  });

  it('take a capture over IP, from whoever connects', async () => {
    const port = await freePort();
    const { id } = await house.ask<Source>('addSource', { body: { kind: 'packet-server', host: '127.0.0.1', port } });
    const bytes = await readFile(capture);
    const socket = await dial(port);
    socket.end(bytes);
    await vi.waitFor(async () => expect((await source(house, id)).packets).toBeGreaterThan(1000), { timeout: 20_000 });
    const expected = await packetsOf(house, capture);
    expect(await house.ask<Source>('stopSource', { id })).toMatchObject({ packets: expected, state: 'stopped' });
  });

  it.skipIf(!existsSync(SOFTFLOWD))('take flows of a real exporter (needs softflowd)', async () => {
    const port = await freePort();
    const { id } = await house.ask<Source>('addSource', { body: { kind: 'flow-exports', host: '127.0.0.1', port } });
    await vi.waitFor(async () => expect(await isBound(port)).toBe(true), { timeout: 20_000 });
    for (const version of ['5', '9', '10']) {
      const files = ['-p', join(house.folder, 'softflowd.pid'), '-c', 'none'];
      const what = ['-r', capture, '-n', `127.0.0.1:${port}`, '-v', version, '-a', '-d'];
      const child = spawn(SOFTFLOWD, [...what, ...files], { stdio: 'ignore' });
      await once(child, 'exit');
    }
    await vi.waitFor(
      async () => {
        const facts = await house.facts('host.observed');
        const told = facts.filter(({ source: from }) => from === id).flatMap(({ evidence }) => evidence);
        expect(new Set(told.map(({ value }) => value))).toEqual(new Set(['NetFlow', 'IPFIX']));
      },
      { timeout: 20_000, interval: 100 },
    );
    expect(await house.ask<Source>('stopSource', { id })).toMatchObject({ unreadable: 0, lost: 0, state: 'stopped' });
  });

  it('count a datagram that is none of an exporter, and what the kernel had no room for', async () => {
    const port = await freePort();
    const { id } = await house.ask<Source>('addSource', { body: { kind: 'flow-exports', host: '127.0.0.1', port } });
    await vi.waitFor(async () => expect(await isBound(port)).toBe(true), { timeout: 20_000 });
    const socket = createSocket('udp4');
    socket.send('hello', port, '127.0.0.1');
    await vi.waitFor(async () => expect((await source(house, id)).unreadable).toBe(1), { timeout: 20_000 });
    socket.close();
    await house.ask('removeSource', { id });

    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops',
      '  413: 0100007F:0807 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 2 2 0 37',
      '  414: 00000000:0808 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 2 2 0 5',
    ].join('\n');
    expect(droppedOf(table, 2055)).toBe(37);
  });
});

describe('a capture over IP that is fetched', () => {
  let house: Monitoring;
  beforeAll(async () => {
    house = await Monitoring.open();
  });
  afterAll(() => house.close());

  it('goes on when the other end comes back, and says while it is away', async () => {
    const path = join(house.folder, 'ward.pcap');
    await writeSampleCapture(path, Date.now());
    const bytes = await readFile(path);
    const port = await freePort();
    const { id } = await house.ask<Source>('addSource', { body: { kind: 'packet-client', host: '127.0.0.1', port } });
    await vi.waitFor(async () => expect((await source(house, id)).message).toMatch(/ECONNREFUSED.*Trying again/), {
      timeout: 20_000,
    });
    let visits = 0;
    const server = createServer((socket) => {
      visits += 1;
      if (visits <= 2) socket.end(bytes);
    }).listen(port, '127.0.0.1');
    const expected = await packetsOf(house, path);
    await vi.waitFor(async () => expect((await source(house, id)).packets).toBe(2 * expected), { timeout: 20_000 });
    server.close();
    expect(await house.ask<Source>('stopSource', { id })).toMatchObject({ state: 'stopped' });
  });
});

describe('what a request for a source must be', () => {
  let house: Monitoring;
  beforeAll(async () => {
    house = await Monitoring.open();
  });
  afterAll(() => house.close());

  it.each([
    ['a port and a socket', { kind: 'records', port: 5000, path: '/run/eve.sock' }],
    ['neither port nor socket', { kind: 'records' }],
    ['a host that is an option', { kind: 'packet-client', host: '-oProxyCommand=sh', port: 1 }],
    [
      'an interface with a command in it',
      { kind: 'ssh', host: 'h', user: 'u', interface: "eth0';reboot'", privateKey: '-----BEGIN X' },
    ],
    [
      'an account that is an option',
      { kind: 'ssh', host: 'h', user: '-lroot', interface: 'eth0', privateKey: '-----BEGIN X' },
    ],
    ['a key that is none', { kind: 'ssh', host: 'h', user: 'u', interface: 'eth0', privateKey: '/root/.ssh/id_rsa' }],
    ['a name where an address to listen on belongs', { kind: 'flow-exports', host: 'everywhere', port: 2055 }],
  ])('is not %s', async (_what, body) => {
    await expect(house.ask('addSource', { body })).rejects.toThrow();
    expect(await house.sources()).toEqual([]);
  });
});

async function source(house: Monitoring, id: string): Promise<Source> {
  const found = (await house.sources()).find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`There is no source ${id}.`);
  return found;
}

async function packetsOf(house: Monitoring, path: string): Promise<number> {
  const { id } = await house.ask<Source>('addSource', { body: { kind: 'file', path } });
  return (await house.until(id, 'finished')).packets;
}

async function dial(place: number | string): Promise<Socket> {
  return vi.waitFor(
    async () => {
      const socket = typeof place === 'string' ? connect(place) : connect(place, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    },
    { timeout: 20_000, interval: 50 },
  );
}

async function isBound(port: number): Promise<boolean> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  return (await readFile('/proc/net/udp', 'utf8')).includes(suffix);
}
