import { describe, expect, it } from 'vitest';
import { createSensor } from '../create-sensor.ts';
import { feed, type RecordedPacket } from '../testing/packets.ts';
import { handshake, SYN, segment } from '../testing/tcp.ts';

const SECOND = 1_000_000;
const say = (sequence: number, length: number, atMicros: number) =>
  segment({}, { direction: 'to-server', sequence, payload: new Uint8Array(length).fill(65), atMicros });

function told(...packets: readonly RecordedPacket[]) {
  const sensor = createSensor({ source: 'test', isSample: false });
  for (const packet of [...handshake({}), ...packets]) feed(sensor, packet);
  sensor.finish();
  return sensor.takeBatch().records.flatMap(({ record }) => (record.protocol === 'tcp' ? [record] : []));
}

describe('Segments that came again', () => {
  it('are told with the direction and with all segments of the connection', () => {
    const packets = [
      say(1001, 100, SECOND),
      say(1101, 100, 2 * SECOND),
      say(1001, 100, 3 * SECOND),
      say(1101, 100, 4 * SECOND),
    ];
    expect(told(...packets)).toEqual([
      { protocol: 'tcp', activity: 'retransmission', segments: 7, repeatedToServer: 2, repeatedToClient: 0 },
    ]);
  });

  it('are told while a connection lasts that is open for days', () => {
    const packets = Array.from({ length: 5 }, (_, minute) => say(1001, 100, (1 + minute * 61) * SECOND));
    const records = told(...packets);
    expect(records.length).toBeGreaterThan(1);
    expect(
      records.reduce((sum, record) => sum + (record as unknown as { repeatedToServer: number }).repeatedToServer, 0),
    ).toBe(4);
  });

  it.each([
    ['a connection in order', [say(1001, 100, SECOND), say(1101, 100, 2 * SECOND)]],
    ['a probe that keeps the connection alive', [say(1001, 100, SECOND), say(1100, 1, 60 * SECOND)]],
    ['a mirror port that gives each packet twice', [say(1001, 100, SECOND), say(1001, 100, SECOND + 20)]],
    [
      'packets that overtook one another',
      [say(1001, 100, SECOND), say(1201, 100, SECOND + 100), say(1101, 100, SECOND + 200)],
    ],
    [
      'a new connection from the same port',
      [
        say(1001, 100, SECOND),
        segment({}, { direction: 'to-server', sequence: 500, flags: SYN, atMicros: 2 * SECOND }),
        say(501, 100, 3 * SECOND),
      ],
    ],
  ])('are not told of %s', (_, packets) => {
    expect(told(...packets)).toEqual([]);
  });

  it('count round the end of the numbers', () => {
    const sensor = createSensor({ source: 'test', isSample: false });
    const first = { client: 0xffff_fff0, server: 5000 };
    const packets = [say(0xffff_fff1, 100, SECOND), say(0x55, 100, 2 * SECOND), say(0xffff_fff1, 100, 3 * SECOND)];
    for (const packet of [...handshake({}, first), ...packets]) feed(sensor, packet);
    sensor.finish();
    expect(sensor.takeBatch().records).toMatchObject([{ record: { repeatedToServer: 1 } }]);
  });
});
