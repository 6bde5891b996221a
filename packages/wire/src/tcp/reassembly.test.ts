import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSensor } from '../create-sensor.ts';
import type { Inspector } from '../inspector.ts';
import type { Sensor, SensorBatch } from '../sensor.ts';
import { bytes } from '../testing/bytes.ts';
import { usedBytes } from '../testing/memory.ts';
import { feed, type RecordedPacket } from '../testing/packets.ts';
import { ACK, FIN, handshake, RST, SYN, segment } from '../testing/tcp.ts';

/** What a rule engine beside the rooms hears of the client: bytes in order, and `[n lost]` for bytes that never came. */
function hear(packets: readonly RecordedPacket[], options: { finish?: boolean } = {}) {
  let heard = '';
  const inspector: Inspector = {
    packet: () => {},
    stream: (_flow, direction, part) => {
      if (direction === 'to-server') heard += Buffer.from(part).toString('latin1');
    },
    gap: (_flow, direction, length) => {
      if (direction === 'to-server') heard += `[${length} lost]`;
    },
    transaction: () => {},
    flowEnded: () => {},
  };
  const sensor = createSensor({ source: 'test', isSample: false, inspector });
  for (const packet of packets) feed(sensor, packet);
  if (options.finish !== false) sensor.finish();
  return { heard, batch: sensor.takeBatch() };
}

const START = 1001;
const said = (sequence: number, text: string, flags?: number) =>
  segment(
    {},
    {
      direction: 'to-server',
      sequence: sequence >>> 0,
      payload: bytes(text),
      ...(flags === undefined ? {} : { flags }),
    },
  );

describe('a TCP connection', () => {
  it('is heard in order whatever the order of its segments, however often they come, and wherever they are cut', () => {
    const plan = fc.record({
      text: fc.string({ minLength: 1, maxLength: 400, unit: 'grapheme-ascii' }),
      cuts: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 10 }),
      order: fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
      repeats: fc.array(fc.nat(), { maxLength: 8 }),
      first: fc.oneof(fc.constant(1000), fc.integer({ min: 0xffff_fe00, max: 0xffff_ffff })),
    });
    fc.assert(
      fc.property(plan, ({ text, cuts, order, repeats, first }) => {
        const parts: { start: number; content: string }[] = [];
        for (let start = 0, turn = 0; start < text.length; turn++) {
          const content = text.slice(start, start + (cuts[turn % cuts.length] ?? 1));
          parts.push({ start, content });
          start += content.length;
        }
        const again = repeats.flatMap((index) => parts.slice(index % parts.length, (index % parts.length) + 1));
        const shuffled = [...parts.slice(0, 60), ...again]
          .map((part, index) => ({ part, rank: order[index % order.length] ?? 0 }))
          .sort((left, right) => left.rank - right.rank);
        const whole = parts.slice(0, 60).reduce((sum, { content }) => sum + content, '');
        const packets = shuffled.map(({ part }) => said(first + 1 + part.start, part.content));
        expect(hear([...handshake({}, { client: first, server: 7 }), ...packets]).heard).toBe(whole);
      }),
      { numRuns: 200 },
    );
  });

  it('is heard on behind what the capture has lost, and the loss is told and counted', () => {
    const { heard, batch } = hear([...handshake({}), said(START, 'one '), said(START + 10, 'three')]);
    expect(heard).toBe('one [6 lost]three');
    expect(batch.statistics.reassemblyGaps).toBe(1);
  });

  it('keeps what it has heard when a later copy says otherwise', () => {
    expect(hear([...handshake({}), said(START, 'good news'), said(START, 'evil news!')]).heard).toBe('good news!');
  });

  it('takes from the segment that fills a hole what overlaps one that waited behind it, as Linux does', () => {
    const { heard } = hear([...handshake({}), said(START + 4, 'WAIT'), said(START, 'fillfil')]);
    expect(heard).toBe('fillfilT');
  });

  it('is picked up in the middle, from the first segment on that is seen', () => {
    expect(hear([said(77_000, 'in the '), said(77_007, 'middle')]).heard).toBe('in the middle');
  });

  it('takes no notice of a keep-alive that repeats its last byte', () => {
    expect(hear([...handshake({}), said(START, 'abc'), said(START + 2, 'X'), said(START + 3, 'def')]).heard).toBe(
      'abcdef',
    );
  });

  it('may send data with its first packet', () => {
    const open = segment({}, { direction: 'to-server', sequence: 1000, flags: SYN, payload: bytes('early ') });
    expect(hear([open, said(START + 6, 'bird')]).heard).toBe('early bird');
  });

  it('hands over what still waits when it ends', () => {
    const reset = said(START + 20, '', RST);
    expect(hear([...handshake({}), said(START + 3, 'late'), reset]).heard).toBe('[3 lost]late');
  });

  it('of which segments far ahead flood in takes little memory, and hears on once they are given up', () => {
    const sensor: Sensor = createSensor({ source: 'test', isSample: false });
    for (const packet of handshake({ serverPort: 9 })) feed(sensor, packet);
    feed(sensor, segment({ serverPort: 9 }, { direction: 'to-server', sequence: START, payload: bytes('SSH-') }));
    const before = usedBytes();
    const payload = new Uint8Array(1400).fill(0x41);
    for (let index = 0; index < 20_000; index++) {
      const sequence = (START + 10_000 + index * 5000) >>> 0;
      feed(sensor, segment({ serverPort: 9 }, { direction: 'to-server', sequence, payload }));
    }
    expect(usedBytes() - before).toBeLessThan(4 * 1024 * 1024);
  });

  it('of thousands that wait for a lost segment keeps within the memory for all, and what was given up is counted', () => {
    const sensor = createSensor({ source: 'test', isSample: false, maximumReassemblyBytes: 8 * 1024 * 1024 });
    const before = usedBytes();
    const payload = new Uint8Array(1400).fill(0x41);
    for (let flow = 0; flow < 2000; flow++) {
      const ends = { clientPort: 1024 + flow, serverPort: 9 };
      for (const packet of handshake(ends)) feed(sensor, packet);
      for (let index = 0; index < 60; index++) {
        feed(sensor, segment(ends, { direction: 'to-server', sequence: 20_000 + index * 5000, payload }));
      }
    }
    expect(usedBytes() - before).toBeLessThan(32 * 1024 * 1024);
    const { reassemblyGaps, shed } = sensor.takeBatch().statistics;
    expect(reassemblyGaps).toBeGreaterThan(1000);
    expect(shed?.segments).toBeGreaterThan(1000);
  });
});

/** What the server says, with its acknowledgement. */
const answered = (sequence: number, text: string, acknowledgement: number, flags = ACK) => {
  const packet = segment({}, { direction: 'to-client', sequence, payload: bytes(text), flags });
  new DataView(packet.bytes.buffer, packet.bytes.byteOffset).setUint32(42, acknowledgement);
  return packet;
};

/** RFC 5961: whoever can guess ports may forge what its receiver does not take. */
describe('a TCP connection that somebody wants unheard', () => {
  const forged = (direction: 'to-server' | 'to-client', sequence: number, flags: number) =>
    segment({}, { direction, sequence: sequence >>> 0, flags });

  it.each([
    ['a reset in its place', forged('to-server', START + 4, RST)],
    ['a reset in the window', forged('to-server', START + 900, RST | ACK)],
    ['a reset outside of the window', forged('to-server', START + 0x4000_0000, RST)],
    ['a reset in the name of the other end', forged('to-client', 5001, RST | ACK)],
    ['a reset that carries data', said(START + 4, 'gone', RST)],
    ['a SYN far ahead', forged('to-server', START + 0x1000_0000, SYN)],
    ['a SYN far behind', forged('to-server', START - 0x1000_0000, SYN)],
    ['a SYN with a reset', forged('to-server', START + 0x1000_0000, SYN | RST)],
  ])('is heard on behind %s', (_, packet) => {
    expect(hear([...handshake({}), said(START, 'good'), packet, said(START + 4, ' evil')]).heard).toBe('good evil');
  });

  it('is heard in order where a reset comes while a segment waits for an earlier one', () => {
    const packets = [...handshake({}), said(START + 4, ' evil'), forged('to-server', START, RST), said(START, 'good')];
    expect(hear(packets).heard).toBe('good evil');
  });

  it.each([
    ['ahead', START + 0x1000_0000],
    ['behind', START - 0x1000_0000],
  ])('is heard from its first byte on, also where another SYN came far %s', (_, sequence) => {
    const packets = [
      ...handshake({}),
      forged('to-server', sequence, SYN),
      said(START, 'good'),
      said(START + 4, ' evil'),
    ];
    expect(hear(packets).heard).toBe('good evil');
  });

  it('is another one where both ends open it anew, and each of them is heard', () => {
    const open = (first: number) => [
      segment({}, { direction: 'to-server', sequence: first, flags: SYN }),
      answered(5000, '', first + 1, SYN | ACK),
    ];
    const talk = [...open(1000), said(START, 'one'), answered(5001, 'yes', START + 3)];
    for (const first of [1000, 900, 70_000_000]) {
      expect(hear([...talk, ...open(first), said(first + 1, ' two')]).heard).toBe('one two');
    }
    const repeated = [...open(1000), said(START, 'one'), answered(5000, '', 1001, SYN | ACK), said(START, 'one two')];
    expect(hear(repeated).heard).toBe('one two');
  });
});

it('is heard on, where its room can, once the other end has answered what the capture has lost, and not before', () => {
  const ask = 'GET /a HTTP/1.1\r\n\r\n';
  const [second, third] = [START + ask.length, START + ask.length + 6];
  const packets = [...handshake({}), said(START, ask), said(third, 'three')];
  expect(hear([...packets, answered(5001, 'HTTP/1.1 100', second)], { finish: false }).heard).toBe(ask);
  expect(hear([...packets, answered(5001, 'HTTP/1.1 100', third + 5)], { finish: false }).heard).toBe(
    `${ask}[6 lost]three`,
  );
});

describe('the state of a flow', () => {
  const answer = (flags: number) => segment({}, { direction: 'to-client', sequence: 5000, flags });
  const ask = segment({}, { direction: 'to-server', sequence: 1000, flags: SYN });
  const stateOf = (packets: readonly RecordedPacket[]) => hear(packets).batch.flows.map(({ state }) => state);

  it.each<[string, readonly RecordedPacket[], SensorBatch['flows'][number]['state']]>([
    ['never answered', [ask], 'one-way'],
    ['answered and not taken up', [ask, answer(SYN | 0x10)], 'new'],
    ['open', handshake({}), 'established'],
    ['refused', [ask, answer(RST | 0x10)], 'rejected'],
    [
      'closed by both',
      [
        ...handshake({}),
        said(START, '', FIN | 0x10),
        segment({}, { direction: 'to-client', sequence: 5001, flags: FIN | 0x10 }),
      ],
      'closed',
    ],
    ['broken off', [...handshake({}), said(START, '', RST)], 'reset'],
  ])('that was %s is told', (_, packets, state) => {
    expect(stateOf(packets)).toEqual([state]);
  });
});
