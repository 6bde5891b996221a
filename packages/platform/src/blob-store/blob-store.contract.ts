import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineFactory, EngineHarness } from '../engine-harness.ts';
import type { BlobReference, BlobStore } from './blob-store.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const sha256Of = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const UNKNOWN = sha256Of(bytesOf('never put'));

/** Promises of every `BlobStore`. */
export function describeBlobStoreContract(name: string, factory: EngineFactory<BlobStore>): void {
  describe(`${name} keeps the promises of a blob store`, () => {
    let harness: EngineHarness<BlobStore>;
    let store: BlobStore;
    const read = async (sha256: string): Promise<Uint8Array> => new Uint8Array(await buffer(await store.open(sha256)));
    const listed = async (): Promise<BlobReference[]> => {
      const references: BlobReference[] = [];
      for await (const reference of store.list()) references.push(reference);
      return references.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
    };

    beforeEach(async () => {
      harness = await factory();
      store = harness.engine;
    });
    afterEach(() => harness.dispose());

    it('gives back what was put, under the SHA-256 of its content, after it was opened again too', async () => {
      const reference = await store.put(bytesOf('a capture'));
      expect(reference).toEqual({ sha256: sha256Of(bytesOf('a capture')), sizeBytes: 9 });
      store = await harness.reopen();
      expect(await read(reference.sha256)).toEqual(bytesOf('a capture'));
      expect(await store.has(reference.sha256)).toBe(true);
    });

    it('takes any bytes, whole or in pieces', async () => {
      const pieces = fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 10 });
      await fc.assert(
        fc.asyncProperty(pieces, async (chunks) => {
          const whole = new Uint8Array(Buffer.concat(chunks));
          const reference = await store.put(Readable.from(chunks.map((chunk) => Buffer.from(chunk))));
          expect(reference).toEqual({ sha256: sha256Of(whole), sizeBytes: whole.length });
          expect(await store.put(whole)).toEqual(reference);
          expect(await read(reference.sha256)).toEqual(whole);
        }),
        { numRuns: 30 },
      );
    });

    it('takes text from a stream as UTF-8', async () => {
      const reference = await store.put(Readable.from(['Röntgen ', '🫀']));
      expect(await read(reference.sha256)).toEqual(bytesOf('Röntgen 🫀'));
    });

    it('takes nothing for content too', async () => {
      const reference = await store.put(new Uint8Array());
      expect(reference.sizeBytes).toBe(0);
      expect(await read(reference.sha256)).toEqual(new Uint8Array());
    });

    it('takes files larger than it should hold in memory', async () => {
      const chunk = Buffer.alloc(1 << 20, 'x');
      const hash = createHash('sha256');
      async function* chunks() {
        for (let count = 0; count < 40; count++) {
          hash.update(chunk);
          yield chunk;
        }
      }
      const reference = await store.put(Readable.from(chunks()));
      expect(reference).toEqual({ sha256: hash.digest('hex'), sizeBytes: 40 << 20 });
      let sizeBytes = 0;
      for await (const part of await store.open(reference.sha256)) sizeBytes += (part as Uint8Array).length;
      expect(sizeBytes).toBe(40 << 20);
    });

    it('keeps equal content once, also when it is put many times at once', async () => {
      const references = await Promise.all(Array.from({ length: 10 }, () => store.put(bytesOf('equal'))));
      expect(new Set(references.map(({ sha256 }) => sha256)).size).toBe(1);
      expect(await listed()).toEqual([references[0]]);
    });

    it('keeps nothing of content that breaks off', async () => {
      async function* broken() {
        yield Buffer.from('the first half');
        throw new Error('cable pulled');
      }
      await expect(store.put(Readable.from(broken()))).rejects.toThrow('cable pulled');
      expect(await listed()).toEqual([]);
      expect(await store.has(sha256Of(bytesOf('the first half')))).toBe(false);
    });

    it('lists what it holds', async () => {
      const put = await Promise.all(['a', 'bb', 'ccc'].map((text) => store.put(bytesOf(text))));
      expect(await listed()).toEqual(put.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1)));
    });

    it('can be emptied while it is listed', async () => {
      for (const text of ['a', 'b', 'c', 'd']) await store.put(bytesOf(text));
      for await (const _ of store.list()) {
        for (const text of ['a', 'b', 'c', 'd']) await store.remove(sha256Of(bytesOf(text)));
      }
      expect(await listed()).toEqual([]);
    });

    it('forgets what is removed, and minds nothing that it never held', async () => {
      const { sha256 } = await store.put(bytesOf('gone'));
      await store.remove(sha256);
      await store.remove(sha256);
      await store.remove(UNKNOWN);
      expect(await store.has(sha256)).toBe(false);
      await expect(store.open(sha256)).rejects.toMatchObject({ code: 'SPX_BLOB_NOT_FOUND' });
    });

    it('lets a reader finish a file that is removed meanwhile', async () => {
      const content = new Uint8Array(300_000).fill(7);
      const { sha256 } = await store.put(content);
      const stream = await store.open(sha256);
      await store.remove(sha256);
      expect(new Uint8Array(await buffer(stream))).toEqual(content);
    });

    it.each([
      '',
      '..',
      '../secrets',
      'A'.repeat(64),
      `../../${'a'.repeat(58)}`,
      `${'a'.repeat(64)}/..`,
      `${'a'.repeat(63)}\0`,
    ])('takes no name but a SHA-256: %j', async (name) => {
      await store.put(bytesOf('present'));
      expect(await store.has(name)).toBe(false);
      await expect(store.open(name)).rejects.toMatchObject({ code: 'SPX_BLOB_NOT_FOUND' });
      await store.remove(name);
      expect(await listed()).toHaveLength(1);
    });
  });
}
