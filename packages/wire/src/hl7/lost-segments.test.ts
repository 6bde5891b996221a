import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { createSensor } from '../create-sensor.ts';
import { recordsOf } from '../testing/capture.ts';
import { feed, type RecordedPacket, readPackets } from '../testing/packets.ts';

const RECORDED = sharedData('pcaps/hl7-mllp.pcap');
/** Ethernet, IPv4, and TCP with all its options. */
const LONGEST_WITHOUT_PAYLOAD = 94;

/** Messages as text, without their time: of connections that go on. */
function hear(packets: readonly RecordedPacket[]): readonly string[] {
  const sensor = createSensor({ source: 'test', isSample: false, maximumFlows: 64 });
  for (const packet of packets) feed(sensor, packet);
  return recordsOf(sensor.takeBatch(), 'hl7').map((record) => {
    const { durationMs: _, acknowledgedType: __, ...message } = record as unknown as Record<string, unknown>;
    return JSON.stringify(message);
  });
}

describe.skipIf(RECORDED === undefined)('HL7 of which a segment is lost (skipped where shared/data is absent)', () => {
  it('goes on with the next message as soon as an answer shows the loss, while the connection lasts', () => {
    const packets = readPackets(RECORDED ?? '');
    const whole = hear(packets);
    const withPayload = packets.filter(({ bytes }) => bytes.length > LONGEST_WITHOUT_PAYLOAD);
    expect(withPayload.length).toBeGreaterThan(40);
    // What waits for a loss of the last messages is heard when the connection ends.
    for (const missing of withPayload.slice(0, -4).filter((_, index) => index % 3 < 1)) {
      const told = hear(packets.filter((packet) => packet !== missing));
      const inside = Buffer.from(missing.bytes).toString('latin1').split('MSH|').length - 1;
      expect(whole.length - told.length).toBeLessThanOrEqual(inside);
      for (const message of told) expect(whole).toContain(message);
    }
  });
});
