import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GelfDatagrams } from './gelf.ts';

const TEXT = '{"version":"1.1","host":"ris","short_message":"x"}';

function chunksOf(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, number) =>
    Buffer.concat([
      Buffer.from([0x1e, 0x0f, 1, 2, 3, 4, 5, 6, 7, 8, number, count]),
      bytes.subarray(number * size, (number + 1) * size),
    ]),
  );
}

describe('GELF', () => {
  it.each([
    ['plain', Buffer.from(TEXT)],
    ['gzip', gzipSync(TEXT)],
    ['zlib', deflateSync(TEXT)],
  ])('in one datagram (%s) is its text', (_, datagram) => {
    expect(new GelfDatagrams(10_000).push(datagram, 'a', 0)).toBe(TEXT);
  });

  it('in chunks is put together in any order, each sender apart', () => {
    const datagrams = new GelfDatagrams(10_000);
    const [first, second, third] = chunksOf(gzipSync(TEXT), 30) as [Buffer, Buffer, Buffer];
    expect(datagrams.push(third, 'a', 0)).toBeUndefined();
    expect(datagrams.push(second, 'b', 0)).toBeUndefined();
    expect(datagrams.push(first, 'a', 0)).toBeUndefined();
    expect(datagrams.push(second, 'a', 0)).toBe(TEXT);
  });

  it('of which a chunk is missing is given up after five seconds and counted', () => {
    const datagrams = new GelfDatagrams(10_000);
    const [first, second] = chunksOf(Buffer.from(TEXT), 30) as [Buffer, Buffer];
    datagrams.push(first, 'a', 0);
    datagrams.push(second, 'b', 6000);
    expect(datagrams.lost).toBe(1);
  });

  it('that unpacks to more than is allowed is left out', () => {
    const datagrams = new GelfDatagrams(10_000);
    expect(datagrams.push(gzipSync(Buffer.alloc(1_000_000)), 'a', 0)).toBeUndefined();
    expect(datagrams.lost).toBe(1);
  });

  it('may be any bytes', () => {
    const datagrams = new GelfDatagrams(1000);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, isChunk) => {
        datagrams.push(isChunk ? Buffer.concat([Buffer.from([0x1e, 0x0f]), bytes]) : bytes, 'a', 0);
      }),
    );
  });
});
