import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usedBytes } from '../testing/memory.ts';
import { FragmentReassembler } from './fragments.ts';
import { IpPacket } from './ip-packet.ts';

const SECOND = 1_000_000;

/** One fragment of a UDP datagram over IPv4, its payload alone in the buffer. */
function add(
  reassembler: FragmentReassembler,
  payload: Uint8Array,
  { offset = 0, isLast = false, identification = 7, atMicros = 0 },
): Uint8Array | undefined {
  const packet = Object.assign(new IpPacket(), {
    version: 4,
    protocol: 17,
    isFragment: true,
    identification,
    fragmentOffset: offset,
    hasMoreFragments: !isLast,
    payloadOffset: 0,
    payloadEnd: payload.length,
  });
  return reassembler.add(packet, payload, atMicros);
}

describe('fragments', () => {
  it('are put together in whatever order they arrive, up to the largest datagram', () => {
    const datagram = fc.uint8Array({ minLength: 17, maxLength: 4000 });
    fc.assert(
      fc.property(datagram, fc.integer({ min: 1, max: 16 }), fc.boolean(), (whole, units, isLarge) => {
        const bytes = isLarge ? Uint8Array.from({ length: 65_528 }, (_, index) => index % 251) : whole;
        const size = isLarge ? 1480 : Math.max(units * 8, Math.ceil(bytes.length / 60 / 8) * 8);
        const offsets = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => index * size).reverse();
        const reassembler = new FragmentReassembler();
        const results = offsets.map((offset) =>
          add(reassembler, bytes.slice(offset, offset + size), { offset, isLast: offset + size >= bytes.length }),
        );
        expect(Buffer.from(results.at(-1) ?? []).equals(bytes)).toBe(true);
        expect(results.slice(0, -1).every((result) => result === undefined)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('keep what came first where they overlap, and the overlap is counted', () => {
    const reassembler = new FragmentReassembler();
    add(reassembler, new Uint8Array(16).fill(1), {});
    const whole = add(reassembler, new Uint8Array(16).fill(2), { offset: 8, isLast: true });
    expect(whole).toEqual(Uint8Array.from([...new Uint8Array(16).fill(1), ...new Uint8Array(8).fill(2)]));
    expect(reassembler.overlaps).toBe(1);
  });

  it('of different datagrams are not mixed', () => {
    const reassembler = new FragmentReassembler();
    add(reassembler, new Uint8Array(8).fill(1), { identification: 1 });
    expect(add(reassembler, new Uint8Array(8), { offset: 8, isLast: true, identification: 2 })).toBeUndefined();
  });

  it('whose others never came are given up after a minute', () => {
    const reassembler = new FragmentReassembler();
    add(reassembler, new Uint8Array(8).fill(1), {});
    const late = { offset: 8, isLast: true, atMicros: 61 * SECOND };
    expect(add(reassembler, new Uint8Array(8), late)).toBeUndefined();
    expect(reassembler.discarded).toBe(1);
  });

  it('in a flood push out the oldest, and each that is given up is counted', () => {
    const reassembler = new FragmentReassembler();
    for (let identification = 0; identification < 3000; identification++) {
      add(reassembler, new Uint8Array(8), { identification });
    }
    expect(reassembler.discarded).toBe(3000 - 1024);
  });

  it('that are very small take no more memory than they may, and a datagram that comes meanwhile is put together', () => {
    const kilobyte = 1024;
    const reassembler = new FragmentReassembler(256 * kilobyte);
    const before = usedBytes();
    let whole: Uint8Array | undefined;
    // Each without a hole, and never whole.
    for (let identification = 0; identification < 200; identification++) {
      for (let unit = 0; unit < 1000; unit++) add(reassembler, new Uint8Array(8), { identification, offset: unit * 8 });
      add(reassembler, new Uint8Array(8).fill(1), { identification: 999 });
      whole = add(reassembler, new Uint8Array(8).fill(2), { identification: 999, offset: 8, isLast: true });
      expect(whole).toHaveLength(16);
    }
    expect(usedBytes() - before).toBeLessThan(2048 * kilobyte);
    expect(reassembler.discarded).toBeGreaterThan(190);
  });

  it('that would reach beyond the largest datagram are refused', () => {
    const reassembler = new FragmentReassembler();
    expect(add(reassembler, new Uint8Array(1480), { offset: 65_528, isLast: true })).toBeUndefined();
    expect(reassembler.discarded).toBe(1);
  });
});
