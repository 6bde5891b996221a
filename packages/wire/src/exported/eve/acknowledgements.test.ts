import { describe, expect, it } from 'vitest';
import type { InspectedPacket } from '../../inspector.ts';
import type { Direction } from '../../protocol.ts';
import { bytes, u16, u32 } from '../../testing/bytes.ts';
import { Acknowledgements } from './acknowledgements.ts';

/** A TCP segment with one byte of payload (RFC 9293 §3.1). */
function segment(packetNumber: number, direction: Direction, sequence: number, acknowledges: number, flags = 0x10) {
  const header = bytes(u16(1), u16(2), u32(sequence), u32(acknowledges), 0x50, flags, u16(0), u32(0));
  const packet = { bytes: bytes(header, 'x'), transportOffset: 0, payloadOffset: 20, payloadEnd: 21 };
  return { ...packet, packetNumber, direction, timeMicros: packetNumber } as InspectedPacket;
}

describe('the acknowledgement of bytes', () => {
  it('is the first packet that reaches behind them, also where sequence numbers begin anew', () => {
    const connection = new Acknowledgements();
    const numbers: (number | undefined)[] = [];
    const acknowledgement = connection.of(segment(1, 'to-server', 0xffffffff, 0));
    acknowledgement.whenAcknowledged((by) => numbers.push(by?.packetNumber));
    acknowledgement.whenFollowed((by) => numbers.push(by?.packetNumber));
    connection.packet(segment(2, 'to-client', 7, 0xffffffff));
    expect(numbers).toEqual([]);
    connection.packet(segment(3, 'to-client', 7, 0));
    expect(numbers).toEqual([3]);
    connection.packet(segment(4, 'to-server', 0, 8));
    expect(numbers).toEqual([3, 4]);
    acknowledgement.whenAcknowledged((by) => numbers.push(by?.packetNumber));
    expect(numbers).toEqual([3, 4, 3]);
  });

  it('is nobody where the connection ends before, and a reset where one comes', () => {
    const numbers: (number | undefined)[] = [];
    const [silent, reset] = [new Acknowledgements(), new Acknowledgements()];
    for (const connection of [silent, reset]) {
      connection.of(segment(1, 'to-server', 5, 0)).whenFollowed((by) => numbers.push(by?.packetNumber));
    }
    reset.packet(segment(2, 'to-server', 6, 0, 0x04));
    silent.end();
    expect(numbers).toEqual([2, undefined]);
  });
});
