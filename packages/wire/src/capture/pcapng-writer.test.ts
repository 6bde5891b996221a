import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CaptureReader } from './capture-reader.ts';
import { PcapngWriter } from './pcapng-writer.ts';

describe('a written pcapng file', () => {
  it('gives back every packet as it was: bytes, lengths, link type and time', () => {
    const packets = fc.array(
      fc.record({
        bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }),
        cut: fc.nat(100),
        linkType: fc.constantFrom(1, 101, 113),
        micros: fc.integer({ min: 0, max: 4_000_000_000_000_000 }),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(packets, (list) => {
        const writer = new PcapngWriter();
        const parts: Uint8Array[] = [];
        list.forEach(({ bytes, cut, linkType, micros }, index) => {
          writer.packet(
            Buffer.concat([Buffer.from('xx'), bytes]),
            2,
            bytes.length,
            bytes.length + cut,
            linkType,
            micros,
          );
          if (index % 7 === 0) parts.push(Buffer.from(writer.take()));
        });
        parts.push(Buffer.from(writer.take()));
        const read: object[] = [];
        const reader = new CaptureReader({
          packet: (all, offset, captured, original, linkType, micros) =>
            read.push({ bytes: [...all.subarray(offset, offset + captured)], original, linkType, micros }),
        });
        for (const part of parts) reader.push(part);
        expect(reader.end()).toEqual([]);
        expect(read).toEqual(
          list.map(({ bytes, cut, linkType, micros }) => ({
            bytes: [...bytes],
            original: bytes.length + cut,
            linkType,
            micros,
          })),
        );
      }),
    );
  });
});
