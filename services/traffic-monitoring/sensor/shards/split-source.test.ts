import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SensorBatch } from '@sphinx/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSampleCapture } from '../../sample/write-sample-capture.ts';
import type { SensorProgress, SensorTask } from '../sensor-messages.ts';
import { startSensorThread } from '../sensor-thread.ts';
import { workerCount } from './worker-count.ts';

const DYING = new URL('./dying-inspection.ts', import.meta.url).href;
const LIMIT_MS = 60_000;

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sphinx-split-'));
  path = join(folder, 'hospital.pcap');
  await writeSampleCapture(path, Date.UTC(2026, 3, 1, 9));
});
afterAll(() => rm(folder, { recursive: true }));

interface Outcome {
  readonly batches: readonly SensorBatch[];
  readonly findings: readonly unknown[];
  readonly progress: SensorProgress | undefined;
}

/** @param deadly numbers of packets that the thread does not survive which looks at them */
async function read(workers: number, deadly: readonly number[] = []): Promise<Outcome> {
  const batches: SensorBatch[] = [];
  const findings: unknown[] = [];
  let last: SensorProgress | undefined;
  const task: SensorTask = {
    source: 'src_1',
    isSample: false,
    input: { kind: 'file', path, name: 'hospital.pcap' },
    maximumFlows: 10_000,
    packetsPerBatch: 100,
    batchIntervalMs: undefined,
    workers,
    inspections: [{ by: 'test', version: 1, module: DYING, data: deadly }],
  };
  const thread = startSensorThread(task, async (batch, progress, found) => {
    batches.push(batch);
    findings.push(...found.flatMap(({ findings: each }) => each));
    last = progress;
  });
  await thread.ended;
  return { batches, findings, progress: last };
}

/** Each batch without its order: hosts and conversations by name, with what is said of them in this batch. */
function contentOf({ batches }: Outcome): unknown {
  const sorted = (items: readonly unknown[]) => items.map((item) => JSON.stringify(item, keysInOrder)).sort();
  return batches.map(({ flows, records, hosts, conversations, statistics: { workerRestarts: _, ...statistics } }) => ({
    flows: sorted(flows),
    records: sorted(records),
    conversations: sorted(conversations),
    hosts: sorted(hosts.map(({ evidence, ...host }) => ({ ...host, evidence: sorted(evidence) }))),
    statistics,
  }));
}

function keysInOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

describe('a source whose packets several threads look at', { timeout: LIMIT_MS }, () => {
  it('tells the same with every batch, however many they are', async () => {
    const one = await read(1);
    const packets = one.batches.at(-1)?.statistics.packets ?? 0;
    expect(packets).toBeGreaterThan(500);
    for (const workers of [2, 3]) {
      const several = await read(workers);
      expect(contentOf(several)).toEqual(contentOf(one));
      // With one thread too, a packet is looked at more than once where it is a tunnel's or a fragment's.
      expect(new Set(several.findings)).toEqual(new Set(one.findings));
      expect(several.progress).toEqual(one.progress);
    }
  });

  it('goes on when one of them dies, says so, and counts what was lost', async () => {
    const { batches, findings, progress } = await read(2, [250]);
    const { statistics } = batches.at(-1) ?? {};
    expect(statistics?.workerRestarts).toBe(1);
    expect(progress?.note).toMatch(/was started again, once so far \(Packet 250 is too much\.\)/);
    expect(progress?.losses.lost).toBeGreaterThan(0);
    expect(findings).not.toContain(250);
    // The whole file was read, and the other thread has lost nothing.
    expect(statistics?.packets).toBe((await read(1)).batches.at(-1)?.statistics.packets);
    expect(findings.length).toBeGreaterThan(100);
  });

  it('fails with the reason when they die again and again', async () => {
    const all = Array.from({ length: 20_000 }, (_, number) => number);
    await expect(read(2, all)).rejects.toThrow(/ended 6 times within a minute: Packet \d+ is too much/);
  });
});

describe('the number of workers', () => {
  it('is by itself one per core for large captures, less for live traffic, and none where that is one', () => {
    const large = 100_000_000;
    expect(workerCount({ wanted: 0, cores: 4, fileBytes: large })).toBe(4);
    expect(workerCount({ wanted: 0, cores: 4, fileBytes: undefined })).toBe(3);
    expect(workerCount({ wanted: 0, cores: 1, fileBytes: large })).toBe(1);
    expect(workerCount({ wanted: 0, cores: 1, fileBytes: undefined })).toBe(1);
    expect(workerCount({ wanted: 0, cores: 64, fileBytes: large })).toBe(8);
    expect(workerCount({ wanted: 0, cores: 4, fileBytes: 1000 })).toBe(1);
  });

  it('is what somebody wants', () => {
    expect(workerCount({ wanted: 3, cores: 1, fileBytes: 10 })).toBe(3);
  });
});
