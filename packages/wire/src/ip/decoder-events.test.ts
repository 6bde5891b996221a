import { DECODER_EVENTS } from '@sphinx/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, hex, u16 } from '../testing/bytes.ts';
import { decoderEvents } from './decoder-events.ts';

const ADDRESSES = [10, 0, 0, 1, 10, 0, 0, 2];
const ADDRESSES_V6 = hex('20010db8000000000000000000000001 20010db8000000000000000000000002');

/** @param options padded to four bytes; `told` is the length that the header tells */
function ipv4(protocol: number, payload: Uint8Array, { options = bytes(), told = 0, fragment = 0 } = {}): Uint8Array {
  const header = 20 + options.length;
  const total = told || header + payload.length;
  const first = bytes(0x40 | (header / 4), 0, u16(total), u16(1), u16(fragment), 64, protocol, u16(0));
  return bytes(first, ...ADDRESSES, options, payload);
}

const ipv6 = (next: number, payload: Uint8Array) =>
  bytes(0x60, 0, 0, 0, u16(payload.length), next, 64, ADDRESSES_V6, payload);

const udp = (length: number) => bytes(u16(1000), u16(53), u16(length), u16(0), 'abcd');
const eventsOf = (packet: Uint8Array) => decoderEvents(packet, 0, packet.length);

describe('the headers of a packet', () => {
  it.each([
    ['nothing, where all is well', ipv4(17, udp(12)), []],
    ['a length of UDP that the packet has not', ipv4(17, udp(40)), ['udp.len_invalid']],
    ['a packet that was cut off', ipv4(17, udp(12), { told: 400 }), ['ipv4.trunc_pkt']],
    [
      'a security option of two bytes, and what is not padded',
      ipv4(17, udp(12), { options: hex('82020000') }),
      ['ipv4.opt_pad_required', 'ipv4.opt_invalid_len'],
    ],
    ['an ICMP type that is none', ipv4(1, hex('4a00000000000000')), ['icmpv4.unknown_type']],
    ['a fragment beyond the end of any datagram', ipv4(17, udp(12), { fragment: 0x1fff }), ['ipv4.frag_pkt_too_large']],
    [
      'a fragment header for a whole packet',
      ipv6(44, bytes(hex('1100000000000001'), udp(12))),
      ['ipv6.exthdr_useless_fh'],
    ],
    [
      'a piece that is not the last and does not fill eight bytes',
      ipv6(44, bytes(hex('1100000100000001'), 'abcde')),
      ['ipv6.frag_invalid_length'],
    ],
    ['an extension header that is not there', ipv6(0, hex('3c00')), ['ipv6.trunc_exthdr']],
    [
      'hop-by-hop options twice, of nothing but padding',
      ipv6(0, bytes(hex('0000010400000000'), hex('1100010400000000'), udp(12))),
      ['ipv6.hopopts_only_padding', 'ipv6.exthdr_dupl_hh', 'ipv6.hopopts_only_padding'],
    ],
  ])('show %s', (_, packet, events) => {
    expect(eventsOf(packet)).toEqual(events);
  });

  it('show only what has a name, however hostile they are', () => {
    const version = fc.constantFrom(0x45, 0x48, 0x4f, 0x60);
    fc.assert(
      fc.property(version, fc.uint8Array({ maxLength: 120 }), (first, rest) => {
        for (const event of eventsOf(bytes(first, rest))) expect(DECODER_EVENTS).toContain(event);
      }),
      { numRuns: 500 },
    );
  });
});
