import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { boundedStream } from './bounded.ts';
import { readZip, writeZip, type ZipLimits } from './zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'sphinx-zip-'));
afterAll(() => rmSync(folder, { recursive: true }));
const LIMITS: ZipLimits = { entries: 10, unpackedBytes: 1024 * 1024 };
const path = join(folder, 'archive.zip');

async function contents(file: string, limits = LIMITS): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const entry of readZip(file, limits)) found[entry.name] = await text(await entry.open());
  return found;
}

/** Content of the first entry, which somebody opens, does something else, and reads then. */
async function lateContent(file: string): Promise<string> {
  for await (const entry of readZip(file, LIMITS)) {
    const content = await entry.open();
    await delay(1);
    return await text(content);
  }
  return '';
}

describe('a zip archive', () => {
  it('is the same bytes in every time zone', async () => {
    const zone = process.env.TZ;
    const file = join(folder, 'content.txt');
    writeFileSync(file, 'evidence');
    const archives: Buffer[] = [];
    try {
      for (const each of ['UTC', 'Europe/Athens', 'America/New_York', 'Asia/Tokyo']) {
        process.env.TZ = each;
        await writeZip(path, [{ name: 'content.txt', path: file }]);
        archives.push(readFileSync(path));
      }
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
    for (const each of archives) expect(each.equals(archives[0] as Buffer)).toBe(true);
  });

  it('gives back what was put in, and is the same bytes each time', async () => {
    const entries = [
      { name: 'cves/1.json', content: Buffer.from('{"a":1}') },
      { name: 'b.txt', content: Buffer.from('b'.repeat(1000)) },
    ];
    await writeZip(path, entries);
    const first = readFileSync(path);
    expect(await contents(path)).toEqual({ 'cves/1.json': '{"a":1}', 'b.txt': 'b'.repeat(1000) });
    await writeZip(path, entries);
    expect(readFileSync(path).equals(first)).toBe(true);
  });

  it('is not unpacked when it promises too much, or holds too many files', async () => {
    await writeZip(path, [{ name: 'bomb', content: Buffer.alloc(2 * 1024 * 1024) }]);
    expect(readFileSync(path).length).toBeLessThan(10_000);
    await expect(contents(path)).rejects.toThrow('unpacks to more than 1 MB');
    await writeZip(
      path,
      [1, 2, 3].map((name) => ({ name: `${name}`, content: Buffer.from('') })),
    );
    await expect(contents(path, { ...LIMITS, entries: 2 })).rejects.toThrow('more than 2 files');
  });

  it('that was changed at any place is told to who reads it, however late: no error ends the program', async () => {
    const varied = Array.from({ length: 120 }, (_, index) => `${(index * 7919) % 997}:${index ** 3}`).join(' ');
    await writeZip(path, [{ name: 'a.json', content: Buffer.from(varied) }]);
    const whole = readFileSync(path);
    const spoiled = join(folder, 'late.zip');
    for (let at = 30; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 0x55;
      writeFileSync(spoiled, bytes);
      const read = await lateContent(spoiled).catch((error: unknown) => error);
      // What no checksum covers (the time of an entry) may be other.
      if (typeof read === 'string') expect(read.length).toBe(varied.length);
    }
  });

  it('that was changed anywhere ends with an error or gives other content, and never more than it may', async () => {
    await writeZip(path, [{ name: 'a.json', content: Buffer.from('{"a":1}'.repeat(50)) }]);
    const whole = readFileSync(path);
    const spoiled = join(folder, 'spoiled.zip');
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, difference) => {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ difference;
        writeFileSync(spoiled, bytes);
        const read = await contents(spoiled).catch(() => ({}));
        return Object.values(read).join('').length <= LIMITS.unpackedBytes;
      }),
      { numRuns: 200 },
    );
  });
});

describe('a bounded stream', () => {
  it('ends with an error beyond its bound', async () => {
    expect((await buffer(Readable.from([Buffer.alloc(10)]).pipe(boundedStream(10, 'x')))).length).toBe(10);
    const grown = pipeline(Readable.from([Buffer.alloc(11)]), boundedStream(10, 'x.gz'), async (source) => {
      for await (const _ of source);
    });
    await expect(grown).rejects.toThrow('x.gz unpacks to more than');
  });
});
