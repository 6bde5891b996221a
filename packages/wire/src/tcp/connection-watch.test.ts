import { STREAM_EVENTS, type StreamEvent } from '@sphinx/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSensor } from '../create-sensor.ts';
import type { Inspector } from '../inspector.ts';
import { bytes } from '../testing/bytes.ts';
import { feed, type RecordedPacket } from '../testing/packets.ts';
import { ACK, FIN, RST, SYN, segment } from '../testing/tcp.ts';
import { ConnectionWatch } from './connection-watch.ts';
import { SegmentHead } from './segment-head.ts';

type Said = Partial<Omit<SegmentHead, 'read' | 'isFromClient'>>;
const CLIENT = 1000;
const SERVER = 5000;

/** One connection between a client and a server, whose clocks and numbers a test chooses. */
class Connection {
  readonly #watch = new ConnectionWatch();
  readonly #told: StreamEvent[] = [];

  client(said: Said): this {
    return this.#say(true, said);
  }

  server(said: Said): this {
    return this.#say(false, said);
  }

  opened(): this {
    this.client({ flags: SYN, sequence: CLIENT });
    this.server({ flags: SYN | ACK, sequence: SERVER, acknowledgement: CLIENT + 1 });
    return this.client({ flags: ACK, sequence: CLIENT + 1, acknowledgement: SERVER + 1 });
  }

  get told(): readonly StreamEvent[] {
    return this.#told.splice(0);
  }

  #say(isFromClient: boolean, said: Said): this {
    const head = Object.assign(new SegmentHead(), { window: 8192, ...said, isFromClient });
    this.#watch.segment(head, (event) => this.#told.push(event));
    return this;
  }
}

describe('a connection that is watched', () => {
  it('has nothing irregular when it opens, talks both ways and closes, also where sequence numbers begin anew', () => {
    const { told } = new Connection()
      .client({ flags: SYN, sequence: 0xffff_fffe })
      .server({ flags: SYN | ACK, sequence: SERVER, acknowledgement: 0xffff_ffff })
      .client({ flags: ACK, sequence: 0xffff_ffff, acknowledgement: SERVER + 1 })
      .client({ flags: ACK, sequence: 0xffff_ffff, acknowledgement: SERVER + 1, length: 10 })
      .server({ flags: ACK, sequence: SERVER + 1, acknowledgement: 9, length: 20 })
      .client({ flags: ACK | FIN, sequence: 9, acknowledgement: SERVER + 21 })
      .server({ flags: ACK, sequence: SERVER + 21, acknowledgement: 10 })
      .server({ flags: ACK | FIN, sequence: SERVER + 21, acknowledgement: 10 })
      .client({ flags: ACK, sequence: 10, acknowledgement: SERVER + 22 });
    expect(told).toEqual([]);
  });

  it('is not opened by an answer to something else', () => {
    const asked = () => new Connection().client({ flags: SYN, sequence: CLIENT });
    const answer = { flags: SYN | ACK, sequence: SERVER, acknowledgement: CLIENT + 1 };
    expect(asked().server({ ...answer, acknowledgement: 7 }).told).toEqual(['3whs_synack_with_wrong_ack']);
    expect(asked().client(answer).told).toEqual(['3whs_synack_in_wrong_direction']);
    expect(
      asked()
        .server(answer)
        .server({ ...answer, sequence: 9 }).told,
    ).toEqual(['3whs_synack_resend_with_diff_seq']);
    const completed = { flags: ACK, sequence: CLIENT + 1, acknowledgement: SERVER + 7 };
    expect(asked().server(answer).client(completed).told).toEqual(['3whs_right_seq_wrong_ack_evasion']);
    expect(
      asked()
        .server(answer)
        .client({ ...completed, sequence: 2 }).told,
    ).toEqual(['3whs_wrong_seq_wrong_ack']);
    const early = { flags: ACK, sequence: SERVER + 1, acknowledgement: CLIENT + 1 };
    expect(asked().server(answer).server(early).told).toEqual(['3whs_ack_in_wrong_dir']);
  });

  it('tells segments whose clock went back, or that repeat a clock which the client never showed', () => {
    const reset = { flags: RST | ACK, sequence: 1, acknowledgement: CLIENT + 1, timestamp: 100, echo: 100 };
    expect(new Connection().client({ flags: SYN, sequence: CLIENT }).server(reset).told).toEqual([
      'pkt_invalid_timestamp',
    ]);
    const clocked = new Connection()
      .client({ flags: SYN, sequence: CLIENT, timestamp: 50 })
      .server({ flags: SYN | ACK, sequence: SERVER, acknowledgement: CLIENT + 1, timestamp: 900, echo: 50 })
      .client({ flags: ACK, sequence: CLIENT + 1, acknowledgement: SERVER + 1, timestamp: 51 })
      .client({ flags: ACK, sequence: CLIENT + 1, acknowledgement: SERVER + 1, timestamp: 40, length: 5 });
    expect(clocked.told).toEqual(['pkt_invalid_timestamp']);
  });

  it('tells what is repeated, out of the window, or acknowledges what was never sent', () => {
    const said = { flags: ACK, sequence: CLIENT + 1, acknowledgement: SERVER + 1, length: 10 };
    const connection = new Connection().opened().client(said);
    expect(connection.client(said).told).toEqual(['pkt_retransmission']);
    connection.server({ flags: ACK, sequence: SERVER + 1, acknowledgement: CLIENT + 11 });
    expect(connection.client(said).told).toEqual(['pkt_spurious_retransmission']);
    expect(connection.client({ ...said, sequence: CLIENT + 60_000 }).told).toEqual(['est_packet_out_of_window']);
    expect(connection.client({ ...said, acknowledgement: SERVER + 90_000 }).told).toEqual([
      'pkt_invalid_ack',
      'est_invalid_ack',
    ]);
    expect(connection.client({ ...said, length: 0, sequence: CLIENT + 10 }).told).toEqual([]);
    expect(connection.server({ flags: SYN | ACK, sequence: SERVER, acknowledgement: CLIENT + 1 }).told).toEqual([
      'est_synack_resend',
    ]);
    const fin = { flags: ACK | FIN, sequence: CLIENT + 70_000, acknowledgement: SERVER + 1 };
    expect(connection.client(fin).told).toEqual(['fin_out_of_window']);
  });

  it('goes on where the end that is said to have reset it talks', () => {
    const connection = new Connection().opened();
    connection.client({ flags: RST | ACK, sequence: CLIENT + 1, acknowledgement: SERVER + 1 });
    expect(connection.told).toEqual([]);
    const said = { flags: ACK, sequence: CLIENT + 1, acknowledgement: SERVER + 1, length: 10 };
    expect(connection.client(said).told).toEqual(['suspected_rst_inject']);
    expect(connection.server({ flags: ACK, sequence: SERVER + 1, acknowledgement: CLIENT + 11 }).told).toEqual([]);
  });

  it('has no beginning: FIN and RST are told, nothing else', () => {
    const middle = { sequence: 1, acknowledgement: 1, length: 5 };
    const connection = new Connection().client({ flags: ACK, ...middle }).server({ flags: ACK, ...middle });
    expect(connection.told).toEqual([]);
    expect(connection.client({ flags: FIN | ACK, ...middle }).told).toEqual(['fin_but_no_session']);
    expect(connection.server({ flags: RST, sequence: 1 }).told).toEqual(['rst_but_no_session']);
    expect(connection.server({ flags: SYN | FIN, sequence: 1 }).told).toContain('fin_syn');
  });

  it('takes any segments in any order', () => {
    const number = fc.oneof(
      fc.integer({ min: 0, max: 0xffff_ffff }),
      fc.constantFrom(CLIENT + 1, SERVER + 1, CLIENT + 5),
    );
    const said = fc.record({
      isFromClient: fc.boolean(),
      flags: fc.integer({ min: 0, max: 255 }),
      sequence: number,
      acknowledgement: number,
      window: fc.integer({ min: 0, max: 0xffff }),
      length: fc.integer({ min: 0, max: 65_535 }),
      timestamp: fc.option(number, { nil: undefined }),
      echo: number,
      scale: fc.integer({ min: 0, max: 14 }),
    });
    fc.assert(
      fc.property(fc.array(said, { maxLength: 40 }), (all) => {
        const connection = new Connection();
        for (const { isFromClient, ...one } of all) isFromClient ? connection.client(one) : connection.server(one);
        for (const event of connection.told) expect(STREAM_EVENTS).toContain(event);
      }),
    );
  });
});

/** What the inspector of a sensor is told of these packets. */
function watch(
  packets: readonly RecordedPacket[],
  wantsStreamEvents: boolean,
): readonly (readonly [number, StreamEvent])[] {
  const told: (readonly [number, StreamEvent])[] = [];
  const inspector: Inspector = {
    packet: () => {},
    stream: () => {},
    transaction: () => {},
    flowEnded: () => {},
    wantsStreamEvents,
    streamEvents: ({ packetNumber }, events) => told.push(...events.map((event) => [packetNumber, event] as const)),
  };
  const sensor = createSensor({ source: 'test', isSample: false, inspector });
  for (const packet of packets) feed(sensor, packet);
  sensor.finish();
  return told;
}

describe('the sensor', () => {
  it('tells what is irregular with the packet that showed it, and only who asks', () => {
    const packet = segment({}, { direction: 'to-server', sequence: 1000, flags: SYN | FIN, payload: bytes('x') });
    expect(watch([packet], true)).toEqual([
      [1, 'fin_syn'],
      [1, 'fin_but_no_session'],
    ]);
    expect(watch([packet], false)).toEqual([]);
  });
});
