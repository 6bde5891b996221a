import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes } from '../testing/bytes.ts';
import { usedBytes } from '../testing/memory.ts';
import { decompress } from './decompress.ts';

async function* cut(file: Uint8Array, length: number): AsyncIterable<Uint8Array> {
  for (let offset = 0; offset < file.length; offset += length) yield file.subarray(offset, offset + length);
}

async function unpack(file: Uint8Array, chunkLength = 1000) {
  const damages: string[] = [];
  const parts: Uint8Array[] = [];
  for await (const part of decompress(cut(file, chunkLength), (message) => damages.push(message))) parts.push(part);
  return { content: new Uint8Array(Buffer.concat(parts)), damages };
}

/** Compresses badly, so that a cut of the packed file is a cut of its content. */
const CONTENT = Uint8Array.from({ length: 200_000 }, (_, index) => (index * index * 31 + (index >>> 7)) & 255);

describe('a gzipped stream', () => {
  it('is unpacked and any other is passed on, however it is cut into chunks, even into single bytes', async () => {
    const property = fc.asyncProperty(
      fc.uint8Array({ maxLength: 2000 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 3000 }),
      async (content, isPacked, chunkLength) => {
        fc.pre(isPacked || content[0] !== 0x1f);
        const { content: read, damages } = await unpack(isPacked ? gzipSync(content) : content, chunkLength);
        expect(read).toEqual(content);
        expect(damages).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it('of several members, one behind the other, is read to its end', async () => {
    const { content } = await unpack(bytes(gzipSync(bytes('one')), gzipSync(bytes('two'))));
    expect(content).toEqual(bytes('onetwo'));
  });

  it('with bytes behind it ends where the packed data ends', async () => {
    const { content, damages } = await unpack(bytes(gzipSync(bytes('one')), new Uint8Array(5000)), 700);
    expect(content).toEqual(bytes('one'));
    expect(damages).toEqual([]);
  });

  it('that was cut off gives what came before the cut, and says so once', async () => {
    const packed = gzipSync(CONTENT);
    for (const share of [0.3, 0.5, 0.9, 0.999]) {
      const { content, damages } = await unpack(packed.subarray(0, Math.floor(packed.length * share)));
      expect(content.length).toBeGreaterThan(CONTENT.length * (share - 0.2));
      expect(Buffer.compare(content, CONTENT.subarray(0, content.length))).toBe(0);
      expect(damages).toEqual(['The gzip file is damaged or was cut off; everything before that was read.']);
    }
  });

  it('that is damaged in the middle gives what came before, and says so', async () => {
    const packed = Buffer.from(gzipSync(CONTENT));
    packed.fill(0xff, 100_000, 102_000);
    const { content, damages } = await unpack(packed);
    expect(content.length).toBeGreaterThan(20_000);
    expect(damages).toHaveLength(1);
  });

  it('that is damaged from its beginning is refused in words', async () => {
    await expect(unpack(bytes(0x1f, 0x8b, 'this is not gzip at all'))).rejects.toThrow(
      'The gzip file is damaged from its beginning',
    );
  });

  it('that grows a thousandfold is unpacked a little at a time', async () => {
    const bomb = gzipSync(new Uint8Array(128 * 1024 * 1024));
    const before = usedBytes();
    let length = 0;
    let highest = 0;
    for await (const part of decompress(cut(bomb, bomb.length), () => {})) {
      length += part.length;
      if (length % (16 * 1024 * 1024) === 0) highest = Math.max(highest, usedBytes() - before);
    }
    expect(length).toBe(128 * 1024 * 1024);
    expect(highest).toBeLessThan(40 * 1024 * 1024);
  });

  it('whose source fails, fails', async () => {
    async function* failing(): AsyncIterable<Uint8Array> {
      yield gzipSync(CONTENT).subarray(0, 50);
      throw new Error('the disk is gone');
    }
    const read = async () => {
      for await (const _ of decompress(failing(), () => {}));
    };
    await expect(read()).rejects.toThrow('the disk is gone');
  });
});
