import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { TelemetryRow } from '@sphinx/schema';
import { CaptureReader } from '@sphinx/wire';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bytes } from '../../packages/wire/src/testing/bytes.ts';
import { conversationsCapture } from '../../packages/wire/src/testing/conversation-capture.ts';
import { client, server } from '../../packages/wire/src/testing/play.ts';
import type { FlowBytes } from './buffer/flow-bytes.ts';
import { outdatedSegments } from './buffer/segments.ts';
import type { Source } from './sources/source.ts';
import { freePort, Monitoring } from './test-monitoring.ts';

type Flow = TelemetryRow<'network_activity'>;

let house: Monitoring;
afterEach(() => house.close());

const MESSAGE = 'MSH|^~\\&|LAB|H|HIS|H|20260101||ORU^R01|1|P|2.5\rPID|1||4711||Muster^Erika\r';
const LAB = { clientIp: '10.0.0.10', serverIp: '10.0.0.20', clientPort: 40_000, serverPort: 2575 };
const OTHER = { ...LAB, clientIp: '10.0.0.11' };
const TRAFFIC = conversationsCapture([
  { ends: LAB, turns: [client(bytes(0x0b, MESSAGE, 0x1c, 0x0d)), server(bytes(0x0b, 'MSH|^~\\&|HIS', 0x1c, 0x0d))] },
  { ends: OTHER, turns: [client(bytes('something else'))] },
]);

/** A live source that has seen two conversations. @returns the flow of the laboratory */
async function listen(settings: object): Promise<{ source: string; flow: Flow }> {
  house = await Monitoring.open(settings);
  const port = await freePort();
  const body = { kind: 'packet-server', host: '127.0.0.1', port };
  const { id } = await house.ask<Source>('addSource', { body });
  await house.until(id, 'running');
  await vi.waitFor(
    () =>
      new Promise<void>((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(TRAFFIC)).on('error', reject);
        socket.on('close', () => resolve());
      }),
    { timeout: 30_000 },
  );
  await vi.waitFor(async () => expect((await house.sources())[0]?.packets).toBeGreaterThan(10), { timeout: 20_000 });
  await house.ask('stopSource', { id });
  await house.engines.telemetry.flush();
  const { items } = await house.ask<{ items: Flow[] }>('listFlows', { query: { address: LAB.clientIp, limit: 10 } });
  const [flow] = items;
  if (flow === undefined) throw new Error('no flow');
  return { source: id, flow };
}

async function packetsOf(response: Response): Promise<Uint8Array[]> {
  const packets: Uint8Array[] = [];
  const reader = new CaptureReader({
    packet: (all, offset, length) => void packets.push(Uint8Array.from(all.subarray(offset, offset + length))),
  });
  reader.push(new Uint8Array(await response.arrayBuffer()));
  expect(reader.end()).toEqual([]);
  return packets;
}

const textOf = ({ chunks }: FlowBytes, direction: string) =>
  chunks
    .filter((chunk) => chunk.direction === direction)
    .flatMap(({ hex }) => hex.match(/../g) ?? [])
    .map((pair) => (pair === '..' ? '·' : String.fromCharCode(Number.parseInt(pair, 16))))
    .join('');

describe('the packet buffer', () => {
  it('keeps nothing unless somebody switched it on', async () => {
    const { flow } = await listen({});
    expect(await house.ask('getPacketBuffer')).toMatchObject({ isOn: false, sources: [] });
    expect(await house.ask('getFlowBytes', { id: flow.flow_id })).toMatchObject({ isKept: false, chunks: [] });
    await expect(house.ask('exportFlowPackets', { id: flow.flow_id })).rejects.toThrow('off unless somebody');
    await expect(stat(join(house.folder, 'scratch', 'packets'))).rejects.toThrow();
  });

  it('gives the packets of one flow and no other, after a restart too, and files that only this account may read', async () => {
    const { source, flow } = await listen({ packetBufferMegabytes: 10 });
    await house.restart({ packetBufferMegabytes: 10 });
    const packets = await packetsOf(await house.ask<Response>('exportFlowPackets', { id: flow.flow_id }));
    expect(packets.length).toBe(flow.packets_in + flow.packets_out);
    const all = Buffer.concat(packets).toString('latin1');
    expect(all).toContain('Muster^Erika');
    expect(all).not.toContain('something else');
    const kept = await house.ask<{ sources: { source: string; bytes: number }[] }>('getPacketBuffer');
    expect(kept.sources).toMatchObject([{ source, bytes: expect.any(Number) }]);
    const folder = join(house.folder, 'scratch', 'packets', source);
    for (const name of await readdir(folder)) {
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
      expect(await readFile(join(folder, name), 'latin1')).not.toContain('Muster');
    }
  });

  it('is read as far as it is whole, and says so where it was changed', async () => {
    const { source, flow } = await listen({ packetBufferMegabytes: 10 });
    const folder = join(house.folder, 'scratch', 'packets', source);
    const [name = ''] = await readdir(folder);
    const whole = await readFile(join(folder, name));
    await writeFile(join(folder, name), Buffer.concat([whole, whole.subarray(0, 100)]));
    expect(await house.ask<FlowBytes>('getFlowBytes', { id: flow.flow_id })).toMatchObject({ isKept: true });
    const packets = await packetsOf(await house.ask<Response>('exportFlowPackets', { id: flow.flow_id }));
    expect(packets.length).toBe(flow.packets_in + flow.packets_out);
    await writeFile(join(folder, name), whole.with(whole.length - 1, (whole.at(-1) ?? 0) ^ 1));
    await expect(house.ask('exportFlowPackets', { id: flow.flow_id })).rejects.toThrow('was changed on disk');
  });

  it('shows the bytes of a flow without the patient', async () => {
    const { flow } = await listen({ packetBufferMegabytes: 10 });
    const shown = await house.ask<FlowBytes>('getFlowBytes', { id: flow.flow_id });
    expect(textOf(shown, 'sent')).toContain(
      'MSH|^~\\&|LAB|H|HIS|H|20260101||ORU^R01|·|P|2.5\rPID|·||····||············\r',
    );
    expect(textOf(shown, 'received')).toContain('MSH|^~\\&|HIS');
    expect(JSON.stringify(shown)).not.toContain(Buffer.from('Erika').toString('hex'));
  });

  it('goes with its source, and when it is switched off', async () => {
    const { source } = await listen({ packetBufferMegabytes: 10 });
    await house.ask('removeSource', { id: source });
    expect(await house.ask('getPacketBuffer')).toMatchObject({ sources: [] });
    await house.restart({ packetBufferMegabytes: 0 });
    await expect(stat(join(house.folder, 'scratch', 'packets'))).rejects.toThrow();
  });

  it('drops the oldest first, by size and by age', async () => {
    house = await Monitoring.open();
    const segment = (startMicros: number, bytes: number, writtenAt: number) => ({
      path: '',
      startMicros,
      bytes,
      writtenAt,
    });
    const segments = [segment(1, 40, 100), segment(2, 40, 200), segment(3, 40, 300)];
    const starts = (maximumBytes: number, maximumAgeMs: number) =>
      outdatedSegments(segments, { maximumBytes, maximumAgeMs }, 310).map(({ startMicros }) => startMicros);
    expect(starts(100, 1000)).toEqual([1]);
    expect(starts(1000, 150)).toEqual([1]);
    expect(starts(1000, 50)).toEqual([1, 2]);
    expect(starts(1000, 1000)).toEqual([]);
  });
});
