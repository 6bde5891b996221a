import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Spool } from './spool.ts';

let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'sphinx-spool-'));
});
afterAll(() => rm(base, { recursive: true, force: true }));

const linesOf = (bytes: Buffer) => bytes.toString('utf8').split('\n').slice(0, -1);

describe('The spool of the forwarder', () => {
  it('gives every line once and in order, over restarts and torn ends', async () => {
    const step = fc.constantFrom('push', 'push', 'push', 'flush', 'hand', 'hand', 'restart', 'torn');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 200 }), async (steps, bytes) => {
        const folder = await mkdtemp(join(base, 'any-'));
        let spool = await Spool.open(folder, 1_000_000);
        const pushed: string[] = [];
        const handed: string[] = [];
        for (const each of steps) {
          if (each === 'push') {
            pushed.push(`line ${pushed.length} ${'ü'.repeat(pushed.length % 50)}`);
            expect(spool.push(pushed.at(-1) ?? '')).toBe(true);
          } else if (each === 'flush') await spool.flush();
          else if (each === 'hand') {
            const batch = await spool.next(bytes, 3);
            if (batch === undefined) continue;
            handed.push(...linesOf(batch.bytes));
            await spool.done(batch);
          } else {
            await spool.close();
            const last = (await readdir(folder))
              .filter((name) => name.endsWith('.jsonl'))
              .sort()
              .at(-1);
            if (each === 'torn' && last !== undefined) await appendFile(join(folder, last), 'half a li');
            spool = await Spool.open(folder, 1_000_000);
          }
        }
        await spool.flush();
        for (let batch = await spool.next(bytes, 3); batch !== undefined; batch = await spool.next(bytes, 3)) {
          handed.push(...linesOf(batch.bytes));
          await spool.done(batch);
        }
        expect(handed).toEqual(pushed);
        expect(spool.waitingBytes).toBe(0);
        await spool.close();
      }),
      { numRuns: 60 },
    );
  });

  it('gives again what was not said to be done, and takes no more than it may', async () => {
    const folder = await mkdtemp(join(base, 'bounded-'));
    const spool = await Spool.open(folder, 100);
    let taken = 0;
    while (spool.push('0123456789')) taken++;
    expect(taken).toBe(10);
    await spool.flush();
    const first = await spool.next(50, 100);
    expect(first?.lines).toBe(4);
    await spool.close();
    const again = await Spool.open(folder, 100);
    expect(again.isFull).toBe(true);
    const batch = await again.next(50, 100);
    expect(batch).toEqual(first);
    if (batch !== undefined) await again.done(batch);
    expect(again.push('there is room again')).toBe(true);
    await again.close();
  });
});
