import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCH, createSharedRing, FINISH, type RingListener, RingReader, RingWriter } from './packet-ring.ts';

const MEGABYTE = 1 << 20;

const NONE = { bytes: new Uint8Array(0), before: 0, original: 0, linkType: 1, time: 0, mark: undefined };

class Heard implements RingListener {
  readonly said: unknown[] = [];

  packet(...[bytes, offset, length, original, linkType, number, time]: Parameters<RingListener['packet']>): void {
    this.said.push([
      Buffer.from(bytes.subarray(offset, offset + length)).toString('hex'),
      original,
      linkType,
      number,
      time,
    ]);
  }

  overheard(): void {
    this.said.push('overheard');
  }

  mark(kind: number, number: number): void {
    this.said.push([kind, number]);
  }
}

describe('a ring of packets', () => {
  it('gives them as they came, marks between them, round and round', () => {
    const packet = fc.record({
      bytes: fc.uint8Array({ maxLength: 3000 }),
      before: fc.nat(20),
      original: fc.nat(70_000),
      linkType: fc.constantFrom(1, 101, 276),
      time: fc.nat(2 ** 31).map((number) => number * 1_000_000 + 7),
      mark: fc.constantFrom(undefined, undefined, undefined, FINISH, BATCH),
    });
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 60 }), (packets) => {
        const ring = createSharedRing(MEGABYTE);
        const writer = new RingWriter(ring);
        const reader = new RingReader(ring);
        const heard = new Heard();
        const said: unknown[] = [];
        // As many as fill the ring several times.
        for (let number = 1; number <= 1500; number++) {
          const { bytes, before, original, linkType, time, mark } = packets[number % packets.length] ?? NONE;
          const buffer = Buffer.concat([Buffer.alloc(before, 0xee), bytes]);
          writer.packet(buffer, before, bytes.length, original, linkType, number, time);
          said.push([Buffer.from(bytes).toString('hex'), original, linkType, number, time]);
          if (mark !== undefined) {
            writer.mark(mark, number);
            said.push([mark, number]);
          }
          if (number % 97 === 0) {
            writer.show();
            reader.drain(heard);
          }
        }
        writer.show();
        reader.drain(heard);
        expect(heard.said).toEqual(said);
        expect(reader.drain(heard)).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  it('cuts what is longer than any packet', () => {
    const ring = createSharedRing(MEGABYTE);
    const writer = new RingWriter(ring);
    writer.packet(new Uint8Array(600_000), 0, 600_000, 600_000, 1, 1, 0);
    writer.mark(BATCH, 3);
    const heard = new Heard();
    const reader = new RingReader(ring);
    reader.drain(heard);
    expect(heard.said.map((said) => String(said).length > 2 * 256 * 1024)).toEqual([true, false]);
    expect(String(heard.said[0]).length).toBeLessThan(2 * 256 * 1024 + 100);
    expect(heard.said.at(-1)).toEqual([BATCH, 3]);
    expect(reader.batchTaken).toBe(3);
  });
});
