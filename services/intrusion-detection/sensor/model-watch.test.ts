import { fileURLToPath } from 'node:url';
import { type DetectionModel, readModel } from '@sphinx/learning';
import type { InspectedFlowState } from '@sphinx/wire';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../models/load-model.ts';
import { MODEL_GROUP, ModelWatch } from './model-watch.ts';

const SYN = 0x02;
const WHOLE = 0x13;
const RST = 0x14;

/** The model that SPHINX comes with. */
let model: DetectionModel;
beforeAll(async () => {
  const loaded = await loadModel('flows', fileURLToPath(new URL('../../../knowledge', import.meta.url)));
  const reading = readModel(loaded?.content ?? '');
  if (!reading.isRead) throw new Error(reading.problem);
  model = reading.model;
});

function flow(number: number, parts: Partial<InspectedFlowState>): InspectedFlowState {
  return {
    clientIp: '10.0.0.9',
    serverIp: '10.0.0.2',
    clientPort: 40_000 + number,
    serverPort: 80,
    transport: 'tcp',
    protocol: undefined,
    isEstablished: true,
    packetsToServer: 6,
    packetsToClient: 6,
    bytesToServer: 6 * 40 + 350,
    bytesToClient: 6 * 40 + 5000,
    tcpFlagsToServer: WHOLE,
    tcpFlagsToClient: WHOLE,
    clientMac: undefined,
    serverMac: undefined,
    vlan: undefined,
    firstMicros: number * 5_000_000,
    firstPacketNumber: number * 20 + 1,
    lastMicros: number * 5_000_000 + 100_000,
    lastPacketNumber: number * 20 + 12,
    notes: undefined,
    ...parts,
  };
}

const refused = (number: number) =>
  flow(number, {
    serverPort: 5000 + number,
    tcpFlagsToServer: SYN,
    tcpFlagsToClient: RST,
    packetsToServer: 1,
    packetsToClient: 1,
    bytesToServer: 40,
    bytesToClient: 40,
    isEstablished: false,
    firstMicros: number * 1000,
    lastMicros: number * 1000 + 500,
  });

describe('A model that watches flows', () => {
  it('makes one detection of a sweep over ports, with the reasons in words', () => {
    const watch = new ModelWatch(model, 'flows', 'capture_1');
    const found = Array.from({ length: 120 }, (_, number) => watch.flowEnded(refused(number))).filter(
      (finding) => finding !== undefined,
    );
    expect(found).toHaveLength(1);
    const [detection] = found.map((finding) => finding.detection);
    expect(detection).toMatchObject({
      rule: { gid: MODEL_GROUP, class: 'machine-learning', set: 'model:flows' },
      source: { ip: '10.0.0.9' },
      destination: { ip: '10.0.0.2' },
      model: { name: 'flows' },
    });
    expect(detection?.model?.probability).toBeGreaterThanOrEqual(model.threshold);
    expect(detection?.model?.reasons.length).toBeGreaterThan(0);
    expect(detection?.model?.reasons.every((words) => /: .+, usually /.test(words))).toBe(true);
  });

  it('is silent about flows like those that it learnt as normal', () => {
    const watch = new ModelWatch(model, 'flows', 'capture_1');
    const found = Array.from({ length: 30 }, (_, number) => watch.flowEnded(flow(number, {})));
    expect(found.filter((finding) => finding !== undefined)).toEqual([]);
  });
});
