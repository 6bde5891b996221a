import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EVIDENCE_ATTRIBUTES } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../tests/shared-data.ts';
import { createSensor } from './create-sensor.ts';
import type { SensorBatch } from './sensor.ts';
import { usedBytes } from './testing/memory.ts';
import { feed, type RecordedPacket, readPackets } from './testing/packets.ts';

const FOLDER = sharedData('pcaps');
const CAPTURES = FOLDER === undefined ? [] : readdirSync(FOLDER).filter((name) => name.endsWith('.pcap'));

/** Headers of all layers and the beginning of what they carry: cut at every byte. */
const EVERY_BYTE_UP_TO = 320;
/** Behind that one length in 61, a prime, so that cuts fall on every alignment; and the last bytes. */
const STRIDE = 61;
/** A sensor for each cut costs more: one cut in eleven, another one in each packet. */
const LONE_STRIDE = 11;
/** Every flow of a cut packet and all that was said of it, while a connection is cut to pieces. */
const MAXIMUM_RETAINED_BYTES = 64 * 1024 * 1024;
const SNAP_LENGTHS = [14, 34, 54, 60, 64, 68, 96, 128, 160, 200, 256, 300, 400, 512, 800, 1000, 1400];

function cutsOf({ bytes }: RecordedPacket): readonly number[] {
  const cuts: number[] = [];
  for (let length = 0; length < bytes.length; length++) {
    const isTaken = length <= EVERY_BYTE_UP_TO || length % STRIDE === 0 || length >= bytes.length - 2;
    if (isTaken) cuts.push(length);
  }
  return cuts;
}

/** Everything said must be fit to be stored: known attributes, values of bounded length. */
function expectSound(batch: SensorBatch): void {
  const unknown = batch.hosts.flatMap(({ evidence }) =>
    evidence.filter(({ attribute, value }) => !(attribute in EVIDENCE_ATTRIBUTES) || value.length > 1024),
  );
  expect(unknown).toEqual([]);
}

/*
 * Every packet of every capture is cut at a sample of its lengths: each of the first 320, one in 61 behind, the last two;
 * where a sensor sees nothing but the cut packet, at one in eleven of these.
 * That every test here ends at all, within the time that tests have, is the promise that nothing hangs.
 */
describe.each(CAPTURES)('%s, every packet of it cut off (skipped where shared/data/pcaps is absent)', (name) => {
  const packets = readPackets(join(FOLDER ?? '', name));

  it('is borne by a sensor that knows the connection, with little memory', () => {
    const before = usedBytes();
    const sensor = createSensor({ source: name, isSample: false, maximumFlows: 1024 });
    for (const packet of packets) {
      for (const length of cutsOf(packet)) feed(sensor, packet, length);
      feed(sensor, packet);
      expectSound(sensor.takeBatch());
    }
    expect(usedBytes() - before).toBeLessThan(MAXIMUM_RETAINED_BYTES);
    sensor.finish();
    expectSound(sensor.takeBatch());
  });

  it('is borne by a sensor that sees nothing else', () => {
    for (const [index, packet] of packets.entries()) {
      const cuts = cutsOf(packet).filter((_, position) => (position + index) % LONE_STRIDE === 0);
      for (const length of cuts) {
        const sensor = createSensor({ source: name, isSample: false, maximumFlows: 2 });
        feed(sensor, packet, length);
        sensor.finish();
        expectSound(sensor.takeBatch());
      }
    }
  });

  it('counts every packet, whatever the snap length, and loses none of the connections whose ports are there', () => {
    const whole = flowsAtSnapLength(packets, Number.POSITIVE_INFINITY);
    for (const snapLength of SNAP_LENGTHS) {
      const cut = flowsAtSnapLength(packets, snapLength);
      expect(cut.packets).toBe(packets.length);
      if (snapLength >= 96) expect(cut.flows).toBe(whole.flows);
    }
  });
});

function flowsAtSnapLength(packets: readonly RecordedPacket[], snapLength: number) {
  const sensor = createSensor({ source: 'cut', isSample: false, maximumFlows: 1024 });
  for (const packet of packets) feed(sensor, packet, snapLength);
  sensor.finish();
  const batch = sensor.takeBatch();
  expectSound(batch);
  return { packets: batch.statistics.packets, flows: batch.flows.length };
}

it.skipIf(FOLDER === undefined)('looks at every capture in shared/data/pcaps', () => {
  expect(CAPTURES.length).toBeGreaterThan(0);
});
