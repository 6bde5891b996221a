import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TelemetryRow } from '@sphinx/schema';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeSampleCapture } from '../sample/write-sample-capture.ts';
import type { Source } from '../sources/source.ts';
import { freePort, Monitoring } from '../test-monitoring.ts';
import { enrol, readIdentity, writeIdentity } from './enrolment.ts';
import { startRemoteSensor } from './remote-sensor.ts';
import type { RemoteSensorView } from './sensor-registry.ts';

const KNOWLEDGE = fileURLToPath(new URL('../../../knowledge', import.meta.url));
const LIMIT = { timeout: 40_000, interval: 100 } as const;
const PROGRAM = fileURLToPath(new URL('./kill-test-program.ts', import.meta.url));

type FileRow = TelemetryRow<'file_activity'>;

/** A wire between branch and centre that can be cut. */
class Wire {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  isCut = false;
  /** Bytes from the branch after which the wire is cut, again and again. */
  cutEveryBytes = Number.POSITIVE_INFINITY;
  cuts = 0;

  private constructor(port: number, server: Server) {
    this.port = port;
    this.#server = server;
  }

  static async lay(target: number): Promise<Wire> {
    const server = createServer();
    const port = await freePort();
    const wire = new Wire(port, server);
    server.on('connection', (branch) => wire.#join(branch, target));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return wire;
  }

  #join(branch: Socket, target: number): void {
    if (this.isCut) {
      branch.destroy();
      return;
    }
    const centre = connect(target, '127.0.0.1');
    let passed = 0;
    for (const socket of [branch, centre]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    }
    branch.on('data', (chunk) => {
      passed += chunk.length;
      if (passed < this.cutEveryBytes) return;
      this.cuts += 1;
      this.cut();
    });
    branch.pipe(centre).pipe(branch);
    branch.on('close', () => centre.destroy());
    centre.on('close', () => branch.destroy());
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

describe('a remote sensor', { timeout: 120_000 }, () => {
  let centre: Monitoring;
  let port: number;
  let wire: Wire;
  let folder: string;
  let capture: string;

  beforeEach(async () => {
    port = await freePort();
    centre = await Monitoring.open({ sensorPort: port, sensorAddress: '127.0.0.1' });
    wire = await Wire.lay(port);
    folder = await mkdtemp(join(tmpdir(), 'sphinx-branch-'));
    capture = join(folder, 'branch.pcap');
    await writeSampleCapture(capture, Date.UTC(2026, 4, 1));
  });
  afterEach(async () => {
    wire.close();
    await centre.close();
    await rm(folder, { recursive: true, force: true });
  });

  const enrolHere = async (name = 'Branch Nord') => {
    const { token } = await centre.ask<{ token: string }>('enrolSensor', { body: { name } });
    const identity = await enrol('127.0.0.1', wire.port, token);
    await writeIdentity(join(folder, 'sensor'), identity);
    return { token, identity };
  };

  const start = (paths: readonly string[], said: string[] = []) =>
    startRemoteSensor({
      folder: join(folder, 'sensor'),
      interfaces: [],
      paths,
      maximumSpoolBytes: 100_000_000,
      version: 'test',
      packetsPerBatch: 1000,
      knowledgeFolder: KNOWLEDGE,
      onState: (state) => said.push(state === 'up' ? 'up' : state.reason),
      onSource: () => undefined,
    });

  const sensors = async () => (await centre.ask<{ items: RemoteSensorView[] }>('listSensors')).items;
  const remoteSource = async () => (await centre.sources()).find(({ kind }) => kind === 'sensor');

  /** What the centre holds of a capture: the count of flows, and every flow once. */
  const flowsAtCentre = async (source: string) => {
    await centre.engines.telemetry.flush();
    const rows = await centre.engines.telemetry.select('network_activity', {
      equals: { source_id: source },
      limit: 100_000,
    });
    return { rows: rows.length, distinct: new Set(rows.map(({ flow_id }) => flow_id)).size };
  };

  const flowsReadHere = async (path: string) => {
    const { id } = await centre.ask<Source>('addSource', { body: { kind: 'file', path } });
    const source = await centre.until(id, 'finished');
    const flows = await flowsAtCentre(id);
    const files = (await centre.ask<{ items: FileRow[] }>('listFiles', { query: { source: id, limit: 1000 } })).items;
    await centre.ask('removeSource', { id });
    return { ...flows, files, packets: source.packets };
  };

  it('brings everything that it saw to the centre, which says whose it is and how the sensor is', async () => {
    const expected = await flowsReadHere(capture);
    await enrolHere();
    const sensor = await start([capture]);
    await sensor.finished;
    const source = await remoteSource();
    expect(source).toMatchObject({ title: 'branch.pcap of Branch Nord', state: 'finished', packets: expected.packets });
    expect(await flowsAtCentre(source?.id ?? '')).toEqual({ rows: expected.rows, distinct: expected.distinct });
    const { items } = await centre.ask<{ items: FileRow[] }>('listFiles', {
      query: { source: source?.id, limit: 1000 },
    });
    expect(items.length).toBe(expected.files.length);
    expect(items.map(({ sha256 }) => sha256).sort()).toEqual(expected.files.map(({ sha256 }) => sha256).sort());
    expect(items.every((file) => file.verdict === 'unscanned' && !file.is_kept && !file.is_sample)).toBe(true);
    const hosts = (await centre.facts('host.observed')).filter((host) => host.source === source?.id);
    expect(hosts.length).toBeGreaterThan(10);
    expect(hosts.every(({ evidence }) => evidence.every(({ packet }) => packet.source === source?.id))).toBe(true);
    expect(await sensors()).toMatchObject([{ name: 'Branch Nord', isConnected: true, status: { version: 'test' } }]);
    await sensor.stop();
    await vi.waitFor(async () => expect(await sensors()).toMatchObject([{ isConnected: false }]), LIMIT);
  });

  it('loses nothing and doubles nothing while the line is cut again and again, and waits on disk while it is away', async () => {
    const large = join(folder, 'large.pcap');
    await writeLarge(capture, large);
    const expected = await flowsReadHere(large);
    await enrolHere();
    wire.isCut = true;
    const said: string[] = [];
    const sensor = await start([large], said);
    await vi.waitFor(() => expect(sensor.waiting.batches).toBeGreaterThan(1), LIMIT);
    wire.isCut = false;
    wire.cutEveryBytes = 40_000;
    await vi.waitFor(() => expect(wire.cuts).toBeGreaterThan(2), LIMIT);
    wire.cutEveryBytes = Number.POSITIVE_INFINITY;
    await sensor.finished;
    const source = await remoteSource();
    expect(await flowsAtCentre(source?.id ?? '')).toEqual({ rows: expected.rows, distinct: expected.distinct });
    expect(source?.packets).toBe(expected.packets);
    expect(said).toContain('up');
    await sensor.stop();
  });

  it('loses nothing and doubles nothing when it is killed at any moment', async () => {
    const large = join(folder, 'large.pcap');
    await writeLarge(capture, large);
    const expected = await flowsReadHere(large);
    await enrolHere();
    for (const safe of [0, 1, 2, 4]) {
      const child = spawn(process.execPath, [PROGRAM, join(folder, 'sensor'), large], { stdio: 'ignore' });
      await vi.waitFor(async () => expect((await sensors())[0]?.acceptedBatches).toBeGreaterThanOrEqual(safe), LIMIT);
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const sensor = await start([large]);
    await sensor.finished;
    const source = await remoteSource();
    expect(source?.packets).toBe(expected.packets);
    expect(await flowsAtCentre(source?.id ?? '')).toEqual({ rows: expected.rows, distinct: expected.distinct });
    await sensor.stop();
  });

  it('goes on where it was when the centre was started anew', async () => {
    await enrolHere();
    const first = await start([capture]);
    await first.finished;
    await centre.restart();
    const other = join(folder, 'other.pcap');
    await appendFile(other, await readFile(capture));
    await appendFile(other, (await readFile(capture)).subarray(24));
    await first.stop();
    const second = await start([capture, other]);
    await second.finished;
    const titles = (await centre.sources()).map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(['branch.pcap of Branch Nord', 'other.pcap of Branch Nord']));
    expect((await sensors())[0]?.acceptedBatches).toBeGreaterThan(2);
    await second.stop();
  });

  it('gets in with a token once, and only at the centre that gave it', async () => {
    const { token } = await enrolHere();
    await expect(enrol('127.0.0.1', wire.port, token)).rejects.toMatchObject({ code: 'SPX_FORBIDDEN' });
    const other = await Monitoring.open({ sensorPort: await freePort(), sensorAddress: '127.0.0.1' });
    try {
      const foreign = await other.ask<{ token: string }>('enrolSensor', { body: { name: 'x' } });
      await expect(enrol('127.0.0.1', wire.port, foreign.token)).rejects.toThrow(/not the SPHINX that gave this token/);
    } finally {
      await other.close();
    }
  });

  it('that was removed gets in no more, though it has its certificate', async () => {
    await enrolHere();
    const [known] = await sensors();
    const said: string[] = [];
    const sensor = await start([capture], said);
    await sensor.finished;
    await centre.ask('removeSensor', { id: known?.id ?? '' });
    await vi.waitFor(() => expect(said.join()).toMatch(/was removed/), LIMIT);
    expect(await readIdentity(join(folder, 'sensor'))).toBeDefined();
    await sensor.stop();
  });
});

/** Many flows of their own: the capture again and again, each time with other client ports. */
async function writeLarge(from: string, to: string): Promise<void> {
  const bytes = await readFile(from);
  await appendFile(to, bytes);
  for (let round = 1; round < 20; round++) await appendFile(to, laterBy(bytes.subarray(24), round * 700));
}

/** The same packets so many seconds later, so that no flow goes on. */
function laterBy(records: Buffer, seconds: number): Buffer {
  const moved = Buffer.from(records);
  for (let offset = 0; offset + 16 <= moved.length; ) {
    moved.writeUInt32LE(moved.readUInt32LE(offset) + seconds, offset);
    offset += 16 + moved.readUInt32LE(offset + 8);
  }
  return moved;
}
