import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, u16 } from '../testing/bytes.ts';
import { sense, valuesOf } from '../testing/capture.ts';
import { evidenceOf, readDatagram } from '../testing/play.ts';
import { nbns } from './protocol.ts';

const QUERY = 0x0110;
const REGISTRATION = 0x2910;
const RESPONSE = 0x8500;

/** RFC 1001 §14.1: each half byte becomes a letter from A to P. */
function encode(name: string, suffix: number): Uint8Array {
  const plain = [...bytes(name.padEnd(15), suffix)];
  return bytes(32, ...plain.flatMap((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 15)]), 0);
}
const message = (flags: number, name: string, suffix = 0) =>
  bytes(u16(7), u16(flags), u16(1), u16(0), u16(0), u16(0), encode(name, suffix), u16(0x20), u16(1));

describe('NetBIOS names', () => {
  it('belong to who registers them or answers for them, not to who asks', () => {
    const told = (flags: number, direction: 'to-server' | 'to-client' = 'to-server') =>
      evidenceOf(nbns, readDatagram(nbns, message(flags, 'RAD-WS-07'), direction));
    expect(told(QUERY)).toEqual([]);
    expect(told(REGISTRATION)).toEqual(['nbns.name=RAD-WS-07 (client)']);
    expect(told(RESPONSE, 'to-client')).toEqual(['nbns.name=RAD-WS-07 (server)']);
    // What was asked of everybody is answered in a conversation of its own.
    expect(told(RESPONSE)).toEqual(['nbns.name=RAD-WS-07 (client)']);
  });

  it('of groups are told apart by their suffix', () => {
    expect(evidenceOf(nbns, readDatagram(nbns, message(REGISTRATION, 'HOSPITAL', 0x1c)))).toEqual([
      'nbns.group=HOSPITAL (client)',
    ]);
  });

  it('of a status answer are those in it, each once, groups by their flag', () => {
    const entry = (name: string, suffix: number, flags: number) => bytes(name.padEnd(15), suffix, u16(flags));
    const entries = [
      entry('RAD-WS-07', 0x00, 0x0400),
      entry('RAD-WS-07', 0x20, 0x0400),
      entry('HOSPITAL', 0x00, 0x8400),
      entry('\u0001\u0002__MSBROWSE__\u0002', 0x01, 0x8400),
    ];
    const head = bytes(u16(7), u16(0x8400), u16(0), u16(1), u16(0), u16(0), encode('*', 0));
    const answer = bytes(head, u16(0x21), u16(1), u16(0), u16(0), u16(73), entries.length, ...entries);
    expect(evidenceOf(nbns, readDatagram(nbns, answer, 'to-client'))).toEqual([
      'nbns.name=RAD-WS-07 (server)',
      'nbns.group=HOSPITAL (server)',
    ]);
    for (let length = 0; length < answer.length; length += 1) {
      expect(evidenceOf(nbns, readDatagram(nbns, answer.slice(0, length))).length).toBeLessThanOrEqual(2);
    }
  });

  it('that are not encoded are none', () => {
    const broken = message(QUERY, 'X');
    broken[20] = 0x7a;
    expect(readDatagram(nbns, broken)).toEqual([]);
  });
});

const RECORDED = sharedData('ndpi/pcap/netbios.pcap');

describe.skipIf(RECORDED === undefined)('recorded NetBIOS names (skipped where shared/data/ndpi is absent)', () => {
  it('are those of hosts that answered', () => {
    const batch = sense(RECORDED ?? '');
    expect(valuesOf(batch, '10.0.4.24', 'nbns.name')).toEqual(['GUNNAR']);
    expect(valuesOf(batch, '10.0.4.24', 'nbns.group')).toEqual(['VIGILANT_GROUP']);
    expect(valuesOf(batch, '10.0.5.1', 'nbns.name')).toEqual(['GURU']);
    // It asked everybody, and the one with that name answered it.
    expect(valuesOf(batch, '10.0.4.165', 'nbns.name')).toEqual([]);
    expect(valuesOf(batch, '10.0.4.131', 'nbns.name')).toEqual([]);
  });
});
