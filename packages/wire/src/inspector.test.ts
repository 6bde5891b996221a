import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../tests/shared-data.ts';
import { CaptureReader } from './capture/capture-reader.ts';
import { createSensor } from './create-sensor.ts';
import type { Inspector } from './inspector.ts';

const ONLOOKER: Inspector = { packet: () => {}, stream: () => {}, transaction: () => {}, flowEnded: () => {} };
/** Bodies that break off, gaps, chunks, several protocols. */
const CAPTURES = ['emotet', 'http-manipulated', 'WebattackSQLinj', 'gnutella', 'http_on_sip_port'].flatMap(
  (name) => sharedData(`ndpi/pcap/${name}.pcap`) ?? [],
);

function recordsOf(path: string, inspector?: Inspector): readonly string[] {
  const sensor = createSensor({ source: 'test', isSample: false, ...(inspector === undefined ? {} : { inspector }) });
  const reader = new CaptureReader(sensor);
  reader.push(readFileSync(path));
  reader.end();
  sensor.finish();
  return sensor.takeBatch().records.map((record) => JSON.stringify(record));
}

describe('rules that look on', () => {
  it.skipIf(CAPTURES.length === 0)('change nothing of what is recorded', () => {
    for (const path of CAPTURES) {
      const records = recordsOf(path);
      expect(records.length).toBeGreaterThan(0);
      expect(recordsOf(path, ONLOOKER), path).toEqual(records);
    }
  });
});
