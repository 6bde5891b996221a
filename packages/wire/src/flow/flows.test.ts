import { describe, expect, it } from 'vitest';
import { createSensor } from '../create-sensor.ts';
import type { FlowRecord, SensorOptions } from '../sensor.ts';
import { bytes } from '../testing/bytes.ts';
import { usedBytes } from '../testing/memory.ts';
import { feed, type RecordedPacket } from '../testing/packets.ts';
import { ACK, type Ends, FIN, handshake, SYN, segment } from '../testing/tcp.ts';

const SECOND = 1_000_000;
/** HL7 v2 over MLLP. */
const MESSAGE = bytes(0x0b, 'MSH|^~\\&|HIS|CENTRAL|LIS|LAB|20260101||ADT^A01|1|P|2.5\r', 0x1c, 0x0d);
const ANSWER = bytes(0x0b, 'MSH|^~\\&|LIS|LAB|HIS|CENTRAL|20260101||ACK|1|P|2.5\rMSA|AA|1\r', 0x1c, 0x0d);

function sense(packets: Iterable<RecordedPacket>, options: Partial<SensorOptions> = {}) {
  const sensor = createSensor({ source: 'test', isSample: false, ...options });
  for (const packet of packets) feed(sensor, packet);
  sensor.finish();
  return sensor.takeBatch();
}

function exchange(ends: Ends, atMicros = 0): readonly RecordedPacket[] {
  return [
    ...handshake(ends, undefined, atMicros),
    segment(ends, { direction: 'to-server', sequence: 1001, payload: MESSAGE, atMicros: atMicros + 3 }),
    segment(ends, { direction: 'to-client', sequence: 5001, payload: ANSWER, atMicros: atMicros + 4 }),
    segment(ends, {
      direction: 'to-server',
      sequence: 1001 + MESSAGE.length,
      flags: FIN | ACK,
      atMicros: atMicros + 5,
    }),
    segment(ends, { direction: 'to-client', sequence: 5001 + ANSWER.length, flags: FIN | ACK, atMicros: atMicros + 6 }),
  ];
}

describe('a flow', () => {
  it('tells both directions with their ends, packets, bytes, flags, protocol, state and times', () => {
    const packets = exchange({}, SECOND);
    const length = (direction: number) =>
      packets.reduce(
        (sum, packet, index) => sum + ([1, 4, 6].includes(index) === (direction === 1) ? packet.originalLength : 0),
        0,
      );
    const [flow, ...more] = sense(packets).flows;
    expect(more).toEqual([]);
    expect(flow).toMatchObject({
      clientIp: '10.0.0.1',
      serverIp: '10.0.0.2',
      clientPort: 40_000,
      serverPort: 2575,
      clientMac: '02:00:00:00:00:01',
      serverMac: '02:00:00:00:00:02',
      transport: 'tcp',
      protocol: 'hl7',
      isEncrypted: false,
      packetsToServer: 4,
      packetsToClient: 3,
      bytesToServer: length(0),
      bytesToClient: length(1),
      tcpFlagsToServer: SYN | ACK | FIN,
      tcpFlagsToClient: SYN | ACK | FIN,
      state: 'closed',
      firstSeenMicros: SECOND,
      lastSeenMicros: SECOND + 6,
      firstPacketNumber: 1,
    } satisfies Partial<FlowRecord>);
  });

  it('has the end for its client that opened it, also when the answer is the first packet of it that is seen', () => {
    const answerFirst = handshake({ clientPort: 80, serverPort: 50_000 }).slice(1);
    expect(sense(answerFirst).flows).toMatchObject([{ clientPort: 80, serverPort: 50_000 }]);
  });

  it('has the well-known port for its server when nobody saw it open', () => {
    const middle = [segment({ serverPort: 104 }, { direction: 'to-client', sequence: 9, payload: bytes('x') })];
    expect(sense(middle).flows).toMatchObject([{ clientIp: '10.0.0.1', serverPort: 104, state: 'one-way' }]);
  });

  it('that uses the ports of an ended one is another flow', () => {
    const { flows, records } = sense([...exchange({}), ...exchange({}, SECOND)]);
    expect(flows).toHaveLength(2);
    expect(new Set(flows.map(({ id }) => id)).size).toBe(2);
    expect(records.filter(({ record }) => record.protocol === 'hl7')).toHaveLength(4);
  });

  it('on another VLAN is another flow', () => {
    const tagged = handshake({}).map((packet) => ({
      ...packet,
      bytes: bytes(packet.bytes.subarray(0, 12), 0x81, 0, 0, 7, packet.bytes.subarray(12)),
    }));
    const { flows } = sense([...handshake({}), ...tagged]);
    expect(flows.map(({ vlan }) => vlan).sort()).toEqual([7, undefined]);
  });

  it('is over after minutes of silence, by the time of the packets', () => {
    const sensor = createSensor({ source: 'test', isSample: false, maximumFlows: 64 });
    for (const packet of handshake({})) feed(sensor, packet);
    for (let minute = 0; minute < 10; minute++) {
      for (let turn = 0; turn < 200; turn++) {
        const atMicros = minute * 60 * SECOND + turn;
        feed(sensor, segment({ clientPort: 50_000 }, { direction: 'to-server', sequence: 1, atMicros }));
      }
    }
    const { flows, statistics } = sensor.takeBatch();
    expect(flows.map(({ clientPort }) => clientPort)).toEqual([40_000]);
    expect(statistics.activeFlows).toBe(1);
  });

  describe('in live traffic', () => {
    /** What is told after so many seconds, though nothing of it is under way any more. */
    const toldOf = (packets: readonly RecordedPacket[], seconds: number, isLive = true) => {
      const sensor = createSensor({ source: 'test', isSample: false, isLive });
      for (const packet of packets) feed(sensor, packet);
      const atMicros = seconds * SECOND;
      feed(sensor, segment({ clientPort: 50_000 }, { direction: 'to-server', sequence: 1, atMicros }));
      return sensor.takeBatch().flows.map(({ clientPort }) => clientPort);
    };
    const [syn, synAck] = handshake({});
    const opening = [syn, synAck].filter((packet) => packet !== undefined);

    it('is told within seconds when it was closed, when nobody answers, and when it is never opened to the end', () => {
      for (const packets of [exchange({}), opening.slice(0, 1), opening]) {
        expect(toldOf(packets, 4)).toEqual([]);
        expect(toldOf(packets, 6)).toEqual([40_000]);
        expect(toldOf(packets, 6, false)).toEqual([]);
      }
    });

    it('goes on when it is merely silent', () => {
      expect(toldOf(handshake({}), 60)).toEqual([]);
    });
  });

  it('has the same id whenever the same packets are read', () => {
    const ids = [sense(exchange({})), sense(exchange({}))].map(({ flows }) => flows.map(({ id }) => id));
    expect(ids[0]).toEqual(ids[1]);
  });
});

describe('a flood of new flows', () => {
  function* flood(count: number): Iterable<RecordedPacket> {
    for (let index = 0; index < count; index++) {
      const ends = { client: 3 + (index % 200), clientPort: 1024 + (index % 60_000), serverPort: 1 + (index % 1000) };
      yield segment(ends, { direction: 'to-server', sequence: index, flags: SYN, atMicros: index });
    }
  }

  it('keeps within the flows that it was given, and every flow is told once', () => {
    const sensor = createSensor({ source: 'test', isSample: false, maximumFlows: 1000 });
    let told = 0;
    let index = 0;
    for (const packet of flood(30_000)) {
      feed(sensor, packet);
      index += 1;
      if (index % 5000 !== 0) continue;
      const { flows, statistics } = sensor.takeBatch();
      told += flows.length;
      expect(statistics.activeFlows).toBeLessThanOrEqual(1000);
    }
    sensor.finish();
    expect(told + sensor.takeBatch().flows.length).toBe(30_000);
  });

  it('takes no more memory the longer it lasts', () => {
    const sensor = createSensor({ source: 'test', isSample: false, maximumFlows: 2000 });
    const pour = (count: number) => {
      for (const packet of flood(count)) feed(sensor, packet);
      sensor.takeBatch();
    };
    pour(30_000);
    const before = usedBytes();
    pour(30_000);
    expect(usedBytes() - before).toBeLessThan(8 * 1024 * 1024);
  });

  it('does not stop the parsing of a connection that goes on speaking', () => {
    const ends = { clientPort: 40_000 };
    const sensor = createSensor({ source: 'test', isSample: false, maximumFlows: 500 });
    for (const packet of handshake(ends)) feed(sensor, packet);
    let sequence = 1001;
    let index = 0;
    for (const packet of flood(20_000)) {
      feed(sensor, packet);
      index += 1;
      if (index % 50 !== 0) continue;
      feed(sensor, segment(ends, { direction: 'to-server', sequence, payload: MESSAGE, atMicros: index }));
      sequence += MESSAGE.length;
    }
    sensor.finish();
    const { records } = sensor.takeBatch();
    expect(records.filter(({ record }) => record.protocol === 'hl7')).toHaveLength(400);
  });

  it('gives up those that nobody answers first, then those of no known protocol, and those of care last', () => {
    const sensor = createSensor({ source: 'test', isSample: false, maximumFlows: 300 });
    const care = { clientPort: 40_000 };
    const [opened, message] = [handshake(care), { direction: 'to-server', payload: MESSAGE } as const];
    for (const packet of opened) feed(sensor, packet);
    feed(sensor, segment(care, { ...message, sequence: 1001, atMicros: 3 }));
    // It is silent from here on, while others speak and are answered.
    for (let index = 0; index < 5000; index++) {
      const other = { client: 3 + (index % 200), clientPort: 1024 + index, serverPort: 9 };
      for (const packet of handshake(other, undefined, 10 + index * 3)) feed(sensor, packet);
    }
    for (const packet of flood(5000)) feed(sensor, { ...packet, timeMicros: 20_000 + packet.timeMicros });
    feed(sensor, segment(care, { ...message, sequence: 1001 + MESSAGE.length, atMicros: 30_000 }));
    sensor.finish();
    const { flows, records, statistics } = sensor.takeBatch();
    expect(records.filter(({ record }) => record.protocol === 'hl7')).toHaveLength(2);
    expect(flows.filter(({ protocol }) => protocol === 'hl7')).toMatchObject([{ packetsToServer: 4 }]);
    expect(statistics.shed?.flows).toBe(10_001 - 300);
  });
});
