import { readFileSync } from 'node:fs';
import {
  CaptureReader,
  createSensor,
  createSensorPart,
  createSharedRing,
  DealingSensor,
  DealtPackets,
  type Inspector,
} from '@sphinx/wire';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../tests/shared-data.ts';
import type { RulesInForce } from '../rule-sets/load-sets.ts';
import type { Finding } from './finding.ts';
import { createFindingsJoint, createInspection } from './inspection.ts';

const CAPTURES = ['pcaps/hospital-lab.pcap', 'ndpi/pcap/synscan.pcap'].flatMap((path) => sharedData(path) ?? []);
const PACKETS_PER_TURN = 50;

const RULES = `
alert tcp any any -> any any (msg:"opens"; flags:S; sid:1;)
alert tcp any any -> any any (msg:"opens often"; flags:S; threshold:type both, track by_src, count 5, seconds 60; sid:2;)
alert tcp any any -> any any (msg:"every seventh"; flags:S; threshold:type threshold, track by_rule, count 7, seconds 600; sid:3;)
alert ip any any -> any any (msg:"once a while"; ttl:>10; threshold:type limit, track by_dst, count 2, seconds 2; sid:4;)
alert tcp any any -> any any (msg:"after three"; flags:S; detection_filter:track by_dst, count 3, seconds 30; sid:5;)
alert tcp any any -> any any (msg:"of a flow"; flags:A; threshold:type limit, track by_flow, count 1, seconds 3; sid:6;)
alert tcp any any -> any any (msg:"many ports"; flags:S; threshold:type both, track by_src, count 4, seconds 60, unique_on dst_port; sid:7;)
`;

const DATA: RulesInForce = {
  homeNetworks: ['10.0.0.0/8'],
  lists: { files: [], reputation: [] },
  sets: [{ id: 'test', files: [{ name: 'test.rules', content: RULES }] }],
  tunings: [],
  streamReachBytes: 4096,
};

function detectionsOf(findings: readonly unknown[]): readonly string[] {
  return (findings as readonly Finding[]).flatMap((finding) => {
    if (finding.kind !== 'detection') return [];
    const { rule, packet, source, destination } = finding.detection;
    return [`${packet.number} ${rule.sid} ${source.ip}:${source.port} ${destination.ip}:${destination.port}`];
  });
}

function foundByOne(file: string): readonly string[] {
  const { inspector, takeFindings } = createInspection(structuredClone(DATA), 'test');
  const sensor = createSensor({ source: 'test', isSample: false, inspector: inspector as Inspector });
  new CaptureReader(sensor).push(readFileSync(file));
  sensor.finish();
  return [...detectionsOf(takeFindings())];
}

/** As threads do it: what each has found crosses over with every turn, and is joined. */
function foundBySeveral(file: string, shards: number): readonly string[] {
  const join = createFindingsJoint('test');
  const rings = Array.from({ length: shards }, () => createSharedRing());
  const dealing = new DealingSensor(rings);
  const parts = rings.map((ring) => {
    const { inspector, takeFindings } = createInspection(structuredClone(DATA), 'test', { isPart: true });
    const sensor = createSensorPart({ source: 'test', isSample: false, inspector: inspector as Inspector });
    return { takeFindings, packets: new DealtPackets(ring, sensor, () => {}) };
  });
  const found: string[] = [];
  const turn = () => {
    dealing.show();
    for (const { packets } of parts) packets.take();
    found.push(...detectionsOf(join(parts.map(({ takeFindings }) => structuredClone(takeFindings())))));
  };
  let packets = 0;
  const reader = new CaptureReader({
    packet(...packet) {
      dealing.packet(...packet);
      packets += 1;
      if (packets % PACKETS_PER_TURN === 0) turn();
    },
  });
  reader.push(readFileSync(file));
  dealing.finish();
  turn();
  return found;
}

describe('rules in several threads', () => {
  it.skipIf(CAPTURES.length === 0).each(CAPTURES)('find the same as in one, thresholds and all: %s', (file) => {
    const one = foundByOne(file);
    const rules = new Set(one.map((line) => line.split(' ')[1]));
    expect(rules.size).toBeGreaterThan(3);
    for (const shards of [1, 2, 3]) expect([...foundBySeveral(file, shards)].sort()).toEqual([...one].sort());
  });
});
