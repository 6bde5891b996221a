import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { CaptureReader } from '@sphinx/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOSPITAL, HOSPITAL_HOSTS } from './sample/hospital.ts';
import { writeSampleCapture } from './sample/write-sample-capture.ts';
import type { Source } from './sources/source.ts';
import { Monitoring } from './test-monitoring.ts';

const NOW = Date.now();

describe('reading capture files', () => {
  let house: Monitoring;
  let capture: string;

  beforeAll(async () => {
    house = await Monitoring.open();
    capture = join(house.folder, 'ward.pcap');
    await writeSampleCapture(capture, NOW);
  });
  afterAll(() => house.close());

  const read = async (path: string): Promise<Source> => {
    const { id } = await house.ask<Source>('addSource', { body: { kind: 'file', path } });
    return house.until(id, 'finished', 'failed');
  };

  it('tells every host and conversation of a file as facts, and its flows as telemetry', async () => {
    const source = await read(capture);
    expect(source).toMatchObject({ state: 'finished', fraction: 1, title: 'ward.pcap', message: '' });
    const hosts = await house.facts('host.observed');
    const addresses = new Set(hosts.map(({ host }) => host.ip));
    for (const { ip } of HOSPITAL_HOSTS) expect(addresses).toContain(ip);
    const conversations = await house.facts('conversation.observed');
    expect(conversations.some(({ protocol, server }) => protocol === 'dicom' && server.ip === HOSPITAL.pacs.ip)).toBe(
      true,
    );
    const flows = await house.ask<{ items: object[] }>('listFlows', { query: { protocol: 'hl7' } });
    expect(flows.items).toHaveLength(6);
    const records = await house.ask<{ items: { details: string }[] }>('listProtocolRecords', {
      query: { protocol: 'hl7', limit: 500 },
    });
    expect(records.items.length).toBeGreaterThan(50);
    expect(JSON.stringify(records.items)).not.toContain('NOBODY');
  });

  it('answers what explorers of traffic ask: when, of what, between whom, and which care transactions', async () => {
    type Items<Item> = { items: Item[] };
    const dicom = { protocol: 'dicom' };
    const line = await house.ask<Items<{ flows: number }> & { bucketMs: number }>('getTrafficTimeline', {
      query: dicom,
    });
    const flows = await house.ask<Items<{ flow_id: string; time: number }>>('listFlows', { query: dicom });
    expect(line.items.reduce((sum, point) => sum + point.flows, 0)).toBe(flows.items.length);
    const tree = await house.ask<Items<object>>('getProtocolTree');
    expect(tree.items[0]).toMatchObject({ transport: 'tcp', protocol: 'dicom', isEncrypted: false });
    const clear = await house.ask<Items<{ isEncrypted: boolean }>>('listTrafficPairs', {
      query: { isEncrypted: 'false' },
    });
    expect(clear.items.length).toBeGreaterThan(5);
    expect(clear.items.every(({ isEncrypted }) => !isEncrypted)).toBe(true);
    const links = await house.ask<Items<object> & { isComplete: boolean }>('listClinicalLinks');
    expect(links.isComplete).toBe(true);
    expect(links.items).toContainEqual(
      expect.objectContaining({
        protocol: 'dicom',
        clientIp: HOSPITAL.ct.ip,
        serverIp: HOSPITAL.pacs.ip,
        clientNames: ['SAMPLE_CT1'],
        failures: 0,
      }),
    );
    const [{ flow_id: flow } = { flow_id: '' }] = flows.items;
    const records = await house.ask<Items<{ flow_id: string }>>('listProtocolRecords', { query: { flow } });
    expect(records.items.length).toBeGreaterThan(1);
    expect(records.items.every((record) => record.flow_id === flow)).toBe(true);
  });

  it('answers what is on the wire, who talks most and how much over time', async () => {
    const summary = await house.ask<{ packets: number; flows: number; protocols: { protocol: string }[] }>(
      'getTrafficSummary',
    );
    expect(summary.packets).toBeGreaterThan(1000);
    expect(summary.protocols[0]).toMatchObject({ protocol: 'dicom' });
    const talkers = await house.ask<{ items: { ip: string; bytesReceived: number }[] }>('listTalkers');
    expect(talkers.items[0]?.ip).toBe(HOSPITAL.pacs.ip);
    expect(talkers.items[0]?.bytesReceived).toBeGreaterThan(1_000_000);
    const { items } = await house.ask<{ items: { time: number; bytes: number }[] }>('getTrafficSeries', {
      query: { bucketMs: 60_000 },
    });
    expect(items.length).toBeGreaterThan(5);
    expect(items.map(({ time }) => time)).toEqual(items.map(({ time }) => time).sort((a, b) => a - b));
    expect(items.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(2_000_000);
  });

  it('gives flows page by page, each once', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { flow_id: string }[]; nextCursor: string | null } = await house.ask('listFlows', {
        query: { limit: 50, ...(cursor === null ? {} : { cursor }) },
      });
      seen.push(...page.items.map(({ flow_id }) => flow_id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen.length).toBeGreaterThan(100);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('knows the same file under another name, and learns nothing new from it', async () => {
    const copy = join(house.folder, 'copy.pcap');
    await copyFile(capture, copy);
    const before = (await house.facts('host.observed')).length;
    const source = await read(copy);
    expect((await house.sources()).filter(({ id }) => id === source.id)).toHaveLength(1);
    expect(await house.facts('host.observed')).toHaveLength(before);
  });

  it('reads a gzipped file as it reads the file itself', async () => {
    const packed = join(house.folder, 'ward.pcap.gz');
    await writeFile(packed, await promisify(gzip)(await readFile(capture)));
    const plain = await read(capture);
    expect(await read(packed)).toMatchObject({ state: 'finished', packets: plain.packets });
  });

  it('keeps what a gzipped file held before it was cut off, and says that it was', async () => {
    const packed = join(house.folder, 'cut.pcap.gz');
    const whole = await promisify(gzip)(await readFile(capture));
    await writeFile(packed, whole.subarray(0, Math.floor(whole.length / 2)));
    const source = await read(packed);
    expect(source.state).toBe('finished');
    expect(source.packets).toBeGreaterThan(50);
    expect(source.message).toMatch(/gzip file is damaged or was cut off/);
  });

  it('reads pcapng', async () => {
    const path = join(house.folder, 'ward.pcapng');
    await writeFile(path, toPcapng(await readFile(capture)));
    const plain = await read(capture);
    expect(await read(path)).toMatchObject({ state: 'finished', packets: plain.packets, bytes: plain.bytes });
  });

  it('says what is wrong with a file that is cut, and keeps what came before', async () => {
    const path = join(house.folder, 'cut.pcap');
    await writeFile(path, (await readFile(capture)).subarray(0, 100_001));
    const source = await read(path);
    expect(source.state).toBe('finished');
    expect(source.packets).toBeGreaterThan(50);
    expect(source.message).toMatch(/ends in the middle of a packet/);
  });

  it('refuses what is no capture, in words, and says so in its health', async () => {
    const path = join(house.folder, 'letter.pcap');
    await writeFile(path, 'Dear colleague, the capture is attached.');
    expect(await read(path)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('neither a pcap nor a pcapng file'),
    });
    expect(await house.health()).toMatchObject({ state: 'degraded' });
  });

  it('refuses a file that is not there before it adds anything', async () => {
    const before = (await house.sources()).length;
    const body = { kind: 'file', path: join(house.folder, 'absent.pcap') };
    await expect(house.ask('addSource', { body })).rejects.toMatchObject({ code: 'SPX_INVALID_INPUT' });
    expect(await house.sources()).toHaveLength(before);
  });

  it('stops in the middle when told to, and reads the whole file when started again', async () => {
    const path = join(house.folder, 'long.pcap');
    const bytes = await readFile(capture);
    await writeFile(path, Buffer.concat([bytes, ...Array.from({ length: 60 }, () => bytes.subarray(24))]));
    const { id } = await house.ask<Source>('addSource', { body: { kind: 'file', path } });
    const stopped = await house.ask<Source>('stopSource', { id });
    expect(stopped).toMatchObject({ state: 'stopped', message: '' });
    expect(stopped.fraction).toBeLessThan(1);
    const { packets } = await read(capture);
    await house.ask('startSource', { id });
    expect(await house.until(id, 'finished')).toMatchObject({ packets: 61 * packets, fraction: 1 });
  });

  it('says after a restart that a file was not read whole', async () => {
    const path = join(house.folder, 'long.pcap');
    const { id } = await house.ask<Source>('addSource', { body: { kind: 'file', path } });
    await house.restart();
    expect(await house.until(id, 'stopped')).toMatchObject({ message: expect.stringContaining('Start it again') });
  });

  it('takes back everything that only a removed source has shown', async () => {
    const { id } = await read(capture);
    await house.ask('removeSource', { id });
    expect(await house.facts('source.removed')).toContainEqual({ source: id, sample: false });
    const { items } = await house.ask<{ items: object[] }>('listFlows', { query: { source: id } });
    expect(items).toEqual([]);
    expect((await house.sources()).map((source) => source.id)).not.toContain(id);
  });
});

describe('uploads', () => {
  let house: Monitoring;
  let bytes: Uint8Array;

  beforeAll(async () => {
    house = await Monitoring.open({ maximumUploadMegabytes: 4 });
    const path = join(house.folder, 'upload-me.pcap');
    await writeSampleCapture(path, NOW);
    bytes = await readFile(path);
  });
  afterAll(() => house.close());

  const leftOver = () => readdir(join(house.folder, 'scratch', 'captures'));

  it('are read, and deleted as soon as they were', async () => {
    const query = { name: '../../tmp/ward 3.pcap' };
    const { id, title } = await house.ask<Source>('uploadCapture', { query, upload: bytes });
    expect(title).toBe('ward 3.pcap');
    expect(await house.until(id, 'finished')).toMatchObject({ packets: expect.any(Number), fraction: 1 });
    expect(await leftOver()).toEqual([]);
    await expect(house.ask('startSource', { id })).rejects.toThrow('Uploads are deleted once they were read');
  });

  it('that are too large are refused with what to do, and leave nothing behind', async () => {
    const upload = new Uint8Array(5_000_000);
    await expect(house.ask('uploadCapture', { query: { name: 'huge.pcap' }, upload })).rejects.toMatchObject({
      code: 'SPX_TOO_LARGE',
      message: expect.stringContaining('Largest upload'),
    });
    expect(await leftOver()).toEqual([]);
  });

  it('that were cut off by a stop ask to be sent again', async () => {
    const long = Buffer.concat([bytes, bytes.subarray(24, 24 + 1_000_000)]);
    const { id } = await house.ask<Source>('uploadCapture', { query: { name: 'long.pcap' }, upload: long });
    await house.restart();
    expect(await house.until(id, 'stopped')).toMatchObject({ message: expect.stringContaining('Send it again') });
  });

  it('that a crash left behind are deleted at the next start', async () => {
    await writeFile(join(house.folder, 'scratch', 'captures', 'upload-left'), bytes);
    await house.restart();
    expect(await leftOver()).toEqual([]);
  });
});

describe('sample traffic', () => {
  let house: Monitoring;

  beforeAll(async () => {
    house = await Monitoring.open();
  });
  afterAll(() => house.close());

  it('is added with one call and marked as sample in every fact and flow', async () => {
    const { id } = await house.ask<Source>('addSampleTraffic');
    expect(await house.until(id, 'finished')).toMatchObject({ kind: 'sample', isSample: true });
    const observed = [...(await house.facts('host.observed')), ...(await house.facts('conversation.observed'))];
    expect(observed.length).toBeGreaterThan(30);
    expect(observed.every(({ sample }) => sample)).toBe(true);
    const { items } = await house.ask<{ items: { is_sample: boolean }[] }>('listFlows');
    expect(items.every((flow) => flow.is_sample)).toBe(true);
  });

  it('is there once, however often it is added', async () => {
    const { id } = await house.ask<Source>('addSampleTraffic');
    await house.until(id, 'finished');
    expect((await house.sources()).filter(({ isSample }) => isSample)).toHaveLength(1);
  });

  it('is gone with one call', async () => {
    await house.ask('removeSampleTraffic');
    expect(await house.sources()).toEqual([]);
    const { items } = await house.ask<{ items: object[] }>('listFlows');
    expect(items).toEqual([]);
    expect((await house.facts('source.removed')).every(({ sample }) => sample)).toBe(true);
  });
});

/** pcapng with one Ethernet interface, microseconds, little-endian (draft-ietf-opsawg-pcapng §4). */
function toPcapng(pcap: Uint8Array): Buffer {
  const block = (type: number, body: Buffer) => {
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(padded.length + 12);
    const head = Buffer.alloc(4);
    head.writeUInt32LE(type);
    return Buffer.concat([head, length, padded, length]);
  };
  const blocks = [
    block(0x0a0d0d0a, Buffer.from('4d3c2b1a01000000ffffffffffffffff', 'hex')),
    block(1, Buffer.from('0100000000000400', 'hex')),
  ];
  const reader = new CaptureReader({
    packet(bytes, offset, capturedLength, originalLength, _linkType, timeMicros) {
      const head = Buffer.alloc(20);
      head.writeUInt32LE(Math.floor(timeMicros / 2 ** 32), 4);
      head.writeUInt32LE(timeMicros % 2 ** 32, 8);
      head.writeUInt32LE(capturedLength, 12);
      head.writeUInt32LE(originalLength, 16);
      blocks.push(block(6, Buffer.concat([head, bytes.subarray(offset, offset + capturedLength)])));
    },
  });
  reader.push(pcap);
  reader.end();
  return Buffer.concat(blocks);
}
