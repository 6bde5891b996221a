import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { formOf, judgeTable, readModel, readTable } from '@sphinx/learning';
import { describe, expect, it } from 'vitest';
import { FLOW_COLUMNS, readCaptureFlows } from '../apps/sphinx/src/runtime/capture-flows.ts';
import { writeSampleCapture } from '../services/traffic-monitoring/sample/write-sample-capture.ts';
import { portSweepCapture } from './port-sweep.ts';
import { sharedData } from './shared-data.ts';

/** What the model `flows` that SPHINX comes with says of the flows of a capture: how many there are, how many it calls attacks. */
async function judged(capture: string): Promise<{ flows: number; attacks: number }> {
  const rows = [FLOW_COLUMNS.join(',')];
  await readCaptureFlows(capture, 'normal', (row) => rows.push(row));
  const reading = readTable(rows.join('\n'), formOf('flows'));
  const file = await readFile(new URL('../knowledge/models/flows.json.gz', import.meta.url));
  const model = readModel(gunzipSync(file).toString());
  if (!reading.isRead || !model.isRead) throw new Error('not read');
  const { probabilities } = judgeTable(model.model, reading.table);
  return {
    flows: reading.table.rows,
    attacks: probabilities.filter((probability) => probability >= model.model.threshold).length,
  };
}

describe('The model of flows', () => {
  it('calls no flow of the sample hospital an attack, of which it has learnt nothing', async () => {
    const capture = join(await mkdtemp(join(tmpdir(), 'sphinx-flow-model-')), 'sample.pcap');
    await writeSampleCapture(capture, Date.UTC(2026, 10, 30, 10));
    const { flows, attacks } = await judged(capture);
    expect(flows).toBeGreaterThan(100);
    expect(attacks).toBeLessThanOrEqual(1);
  });

  it('finds a host that tries one port after the other', async () => {
    const capture = join(await mkdtemp(join(tmpdir(), 'sphinx-flow-model-')), 'sweep.pcap');
    await writeFile(capture, portSweepCapture(300, 1_764_500_000));
    const { flows, attacks } = await judged(capture);
    expect(flows).toBe(300);
    expect(attacks).toBeGreaterThan(200);
  });

  const captures = sharedData('ndpi');
  it.skipIf(captures === undefined)(
    'finds a scan of a kind that it was not shown (skipped without shared/data)',
    async () => {
      const { flows, attacks } = await judged(`${captures}/pcap/synscan.pcap`);
      expect(attacks / flows).toBeGreaterThan(0.9);
    },
  );

  it('is not asked about what is no capture', async () => {
    await expect(readCaptureFlows(new URL(import.meta.url).pathname, 'normal', () => undefined)).rejects.toThrow(
      /no capture/,
    );
  });
});
