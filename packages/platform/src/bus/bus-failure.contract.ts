import type { Fact } from '@sphinx/schema';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineFactory, EngineHarness } from '../engine-harness.ts';
import type { Bus } from './bus.ts';
import { assetRemoved, idsOf, recorder, withoutRepeats } from './test-facts.ts';

const REMOVED = { types: ['asset.removed'], from: 'beginning' } as const;
const numbered = (count: number) => Array.from({ length: count }, (_, number) => assetRemoved('pump', number));

/** Promises of every `Bus` about readers that fail: retried, in order, and never for ever. */
export function describeBusFailureContract(name: string, factory: EngineFactory<Bus>): void {
  describe(`${name} keeps the promises of a bus when readers fail`, () => {
    let harness: EngineHarness<Bus>;
    let bus: Bus;

    beforeEach(async () => {
      harness = await factory();
      bus = harness.engine;
    });
    afterEach(() => harness.dispose());

    it('hands facts over again until the reader takes them, in order', async () => {
      const reader = recorder();
      let failures = 3;
      await bus.subscribe({ consumer: 'reader', ...REMOVED }, async (facts) => {
        if (failures-- > 0) throw new Error('not now');
        await reader.handler(facts);
      });
      await bus.publish(numbered(10));
      await bus.drained();
      expect(withoutRepeats(reader.facts)).toEqual(numbered(10));
      expect(await bus.deadLetters(10)).toEqual([]);
    });

    it('sets a fact aside that its reader refuses every time, with the reason, and goes on with the others', async () => {
      const reader = recorder();
      const bad = numbered(10)[4] as Fact;
      await bus.subscribe({ consumer: 'reader', ...REMOVED, maximumAttempts: 2 }, async (facts) => {
        if (facts.some(({ id }) => id === bad.id)) throw new Error('cannot read this\0');
        await reader.handler(facts);
      });
      await bus.publish(numbered(10));
      await bus.drained();
      expect(idsOf(withoutRepeats(reader.facts))).toEqual(idsOf(numbered(10).filter(({ id }) => id !== bad.id)));
      expect(await bus.deadLetters(10)).toEqual([
        expect.objectContaining({ consumer: 'reader', fact: bad, attempts: 2, error: 'cannot read this' }),
      ]);
    });

    it('tries a fact as often as it was told to', async () => {
      let attempts = 0;
      await bus.subscribe({ consumer: 'reader', ...REMOVED, maximumAttempts: 3 }, async () => {
        attempts++;
        throw new Error('never');
      });
      await bus.publish(numbered(1));
      await bus.drained();
      expect(attempts).toBe(3);
    });

    it('takes a reader that throws before it promises anything for one that fails', async () => {
      await bus.subscribe({ consumer: 'reader', ...REMOVED, maximumAttempts: 1 }, () => {
        throw new Error('at once');
      });
      await bus.publish(numbered(1));
      await bus.drained();
      expect(await bus.deadLetters(10)).toHaveLength(1);
    });

    it('does not let the failures of one reader reach another', async () => {
      const reader = recorder();
      await bus.subscribe({ consumer: 'failing', ...REMOVED, maximumAttempts: 2 }, async () => {
        throw new Error('never');
      });
      await bus.subscribe({ consumer: 'reader', ...REMOVED }, reader.handler);
      await bus.publish(numbered(3));
      await bus.drained();
      expect(reader.facts).toEqual(numbered(3));
    });

    it('stops at once while it waits to try again, and hands the fact over when the reader is back', async () => {
      const reader = recorder();
      let refused = () => {};
      const isRefused = new Promise<void>((resolve) => {
        refused = resolve;
      });
      const failing = await bus.subscribe({ consumer: 'reader', ...REMOVED, maximumAttempts: 50 }, async () => {
        refused();
        throw new Error('not now');
      });
      await bus.publish(numbered(2));
      await isRefused;
      await failing.stop();
      bus = await harness.reopen();
      await bus.subscribe({ consumer: 'reader', ...REMOVED }, reader.handler);
      await bus.drained();
      expect(reader.facts).toEqual(numbered(2));
    });

    it('keeps dead letters after it is opened again, newest first', async () => {
      await bus.subscribe({ consumer: 'reader', ...REMOVED, maximumAttempts: 1 }, async () => {
        throw new Error('never');
      });
      await bus.publish(numbered(3));
      await bus.drained();
      bus = await harness.reopen();
      expect((await bus.deadLetters(2)).map(({ fact }) => fact)).toEqual(numbered(3).toReversed().slice(0, 2));
    });

    it('loses nothing and keeps the order of each key, whatever fails and whenever readers restart', async () => {
      let run = 0;
      const plan = fc.record({
        publications: fc.array(fc.array(fc.nat(4), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 }),
        failingCalls: fc.uniqueArray(fc.nat(15), { maxLength: 4 }),
        batchSize: fc.integer({ min: 1, max: 8 }),
        restartAfter: fc.nat(12),
      });
      await fc.assert(
        fc.asyncProperty(plan, async ({ publications, failingCalls, batchSize, restartAfter }) => {
          const prefix = `run ${run++}`;
          const reader = recorder();
          let calls = 0;
          const options = { consumer: prefix, types: ['asset.removed'], from: 'now', batchSize } as const;
          const handler = async (facts: readonly Fact[]) => {
            if (failingCalls.includes(calls++)) throw new Error('not now');
            await reader.handler(facts);
          };
          let subscription = await bus.subscribe(options, handler);
          const published: Fact[] = [];
          for (const [index, keys] of publications.entries()) {
            const facts = keys.map((key, position) => assetRemoved(`${prefix} asset ${key}`, index * 100 + position));
            published.push(...facts);
            await bus.publish(facts);
            if (index === restartAfter) {
              await subscription.stop();
              subscription = await bus.subscribe(options, handler);
            }
          }
          await bus.drained();
          await subscription.stop();
          expect(idsOf(withoutRepeats(reader.facts))).toEqual(idsOf(published));
        }),
        { numRuns: 25 },
      );
    });
  });
}
