import { setTimeout as delay } from 'node:timers/promises';
import type { Fact } from '@sphinx/schema';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineFactory, EngineHarness } from '../engine-harness.ts';
import type { Bus } from './bus.ts';
import { assetRemoved, idsOf, recorder, verificationRequested } from './test-facts.ts';

const REMOVED = { types: ['asset.removed'], from: 'beginning' } as const;
const numbered = (key: string, count: number) =>
  Array.from({ length: count }, (_, number) => assetRemoved(key, number));

/** Promises of every `Bus` about accepting, keeping and handing over. Those about refusal are in `bus-failure.contract.ts`. */
export function describeBusContract(name: string, factory: EngineFactory<Bus>): void {
  describe(`${name} keeps the promises of a bus`, () => {
    let harness: EngineHarness<Bus>;
    let bus: Bus;
    const logged = async () => idsOf((await bus.read({ limit: 10_000 })).map(({ fact }) => fact));

    beforeEach(async () => {
      harness = await factory();
      bus = harness.engine;
    });
    afterEach(() => harness.dispose());

    describe('accepting facts', () => {
      it('keeps a fact exactly as it was published', async () => {
        const fact = assetRemoved('ward 3/ü 🫀', 1, 'quote \' " \\ NUL \0 lone \ud800 line\n');
        await bus.publish([fact]);
        expect((await bus.read({ limit: 10 })).map((stored) => stored.fact)).toEqual([fact]);
      });

      it('accepts a known fact once: again, at once, and twice in one publication', async () => {
        const fact = assetRemoved('pump', 1);
        await bus.publish([fact, fact]);
        await Promise.all([bus.publish([fact]), bus.publish([fact])]);
        bus = await harness.reopen();
        await bus.publish([fact]);
        expect(await logged()).toEqual([fact.id]);
      });

      it('keeps facts after it is closed and opened again', async () => {
        const facts = numbered('pump', 10);
        await bus.publish(facts);
        bus = await harness.reopen();
        expect(await logged()).toEqual(idsOf(facts));
      });

      it('keeps the order in which facts of one key are published, also when nobody waits in between', async () => {
        const facts = Array.from({ length: 200 }, (_, number) => assetRemoved(`asset ${number % 7}`, number));
        await Promise.all(facts.map((fact) => bus.publish([fact])));
        for (let key = 0; key < 7; key++) {
          const mine = (await bus.read({ key: `asset ${key}`, limit: 1000 })).map(({ fact }) => fact.id);
          expect(mine).toEqual(idsOf(facts.filter((fact) => fact.key === `asset ${key}`)));
        }
      });

      it('accepts publications larger than what it writes at once', async () => {
        const facts = numbered('pump', 5000);
        await bus.publish(facts);
        expect((await logged()).length).toBe(5000);
      });

      it('has nothing to do for an empty publication', async () => {
        await bus.publish([]);
        expect(await logged()).toEqual([]);
      });

      it.each([
        ['a payload that is not what the type promises', { data: { assetId: 'pump' } }],
        ['a type that does not exist', { type: 'asset.vanished' }],
        ['a type that is a property of every object', { type: 'toString' }],
        ['no key', { key: '' }],
        ['no source', { source: '' }],
        ['a time that is no whole number', { time: 1.5 }],
        ['a time that is no number', { time: Number.NaN }],
        ['a NUL character in its key', { key: 'a\0b' }],
      ])('refuses a publication as a whole when one fact has %s', async (_, change) => {
        const bad = { ...assetRemoved('pump', 1), ...change } as Fact;
        const refused = bus.publish([assetRemoved('pump', 0), bad]);
        await expect(refused).rejects.toMatchObject({ code: 'SPX_INVALID_INPUT' });
        expect(await logged()).toEqual([]);
      });

      it('lets a refused publication harm nobody who publishes at the same time', async () => {
        const good = numbered('pump', 20);
        const bad = { ...assetRemoved('pump', 99), time: -1 };
        const outcomes = await Promise.allSettled([...good, bad].map((fact) => bus.publish([fact])));
        expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
        expect(await logged()).toEqual(idsOf(good));
      });
    });

    describe('handing facts over', () => {
      it('hands every fact to every reader, in the order of the log', async () => {
        const [early, late] = [recorder(), recorder()];
        const facts = numbered('pump', 250);
        await bus.subscribe({ consumer: 'early', ...REMOVED }, early.handler);
        await bus.publish(facts);
        await bus.subscribe({ consumer: 'late', ...REMOVED }, late.handler);
        await bus.drained();
        expect(idsOf(early.facts)).toEqual(idsOf(facts));
        expect(idsOf(late.facts)).toEqual(idsOf(facts));
      });

      it('hands over the types asked for only', async () => {
        const reader = recorder();
        await bus.subscribe({ consumer: 'reader', ...REMOVED }, reader.handler);
        await bus.publish([
          verificationRequested('pump', 1),
          assetRemoved('pump', 2),
          verificationRequested('pump', 3),
        ]);
        await bus.drained();
        expect(reader.facts).toEqual([assetRemoved('pump', 2)]);
      });

      it('starts a new reader at the beginning or at now, as it asks', async () => {
        await bus.publish([assetRemoved('pump', 1)]);
        const [all, fresh] = [recorder(), recorder()];
        await bus.subscribe({ consumer: 'all', ...REMOVED }, all.handler);
        await bus.subscribe({ consumer: 'fresh', types: ['asset.removed'], from: 'now' }, fresh.handler);
        await bus.publish([assetRemoved('pump', 2)]);
        await bus.drained();
        expect(all.facts).toHaveLength(2);
        expect(fresh.facts).toEqual([assetRemoved('pump', 2)]);
      });

      it('hands over at most as many facts at once as the reader takes', async () => {
        const reader = recorder();
        await bus.publish(numbered('pump', 25));
        await bus.subscribe({ consumer: 'reader', ...REMOVED, batchSize: 10 }, reader.handler);
        await bus.drained();
        expect(reader.facts).toHaveLength(25);
        expect(Math.max(...reader.batches)).toBeLessThanOrEqual(10);
      });

      it('never calls a reader while it is still at work', async () => {
        let atWork = 0;
        let mostAtWork = 0;
        await bus.subscribe({ consumer: 'reader', ...REMOVED, batchSize: 2 }, async () => {
          mostAtWork = Math.max(mostAtWork, ++atWork);
          await delay(1);
          atWork--;
        });
        await Promise.all(numbered('pump', 40).map((fact) => bus.publish([fact])));
        await bus.drained();
        expect(mostAtWork).toBe(1);
      });

      it('does not let a slow reader hold up another', async () => {
        const fast = recorder();
        let release = () => {};
        const held = new Promise<void>((resolve) => {
          release = resolve;
        });
        await bus.subscribe({ consumer: 'slow', ...REMOVED }, () => held);
        await bus.subscribe({ consumer: 'fast', ...REMOVED }, fast.handler);
        await bus.publish(numbered('pump', 5));
        await expect.poll(() => fast.facts.length).toBe(5);
        release();
      });

      it('counts what a reader has still to handle', async () => {
        let release = () => {};
        const held = new Promise<void>((resolve) => {
          release = resolve;
        });
        const subscription = await bus.subscribe({ consumer: 'reader', ...REMOVED }, () => held);
        await bus.publish([...numbered('pump', 7), verificationRequested('pump', 8)]);
        expect(await subscription.lag()).toBe(7);
        release();
        await bus.drained();
        expect(await subscription.lag()).toBe(0);
      });

      it('is drained when what the readers published in turn is handled too', async () => {
        const reader = recorder();
        await bus.subscribe({ consumer: 'relay', ...REMOVED }, async (facts) => {
          await delay(5);
          await bus.publish(facts.map((fact, index) => verificationRequested(fact.key, index)));
        });
        await bus.subscribe({ consumer: 'end', types: ['verification.requested'], from: 'now' }, async (facts) => {
          await delay(5);
          await reader.handler(facts);
        });
        await bus.publish([assetRemoved('pump', 1)]);
        await bus.drained();
        expect(reader.facts).toHaveLength(1);
      });

      it('refuses a second reader of the same name, until the first has stopped', async () => {
        const options = { consumer: 'reader', ...REMOVED };
        const both = await Promise.allSettled([
          bus.subscribe(options, recorder().handler),
          bus.subscribe(options, recorder().handler),
        ]);
        const [accepted] = both.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
        const refused = both.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
        expect(refused).toEqual([expect.objectContaining({ code: 'SPX_CONFLICT' })]);
        await accepted?.stop();
        await bus.subscribe(options, recorder().handler);
      });
    });

    describe('stopping and going on', () => {
      it('goes on after a stop where the reader was, with nothing twice and nothing left out', async () => {
        const [before, after] = [recorder(), recorder()];
        const first = await bus.subscribe({ consumer: 'reader', ...REMOVED }, before.handler);
        await bus.publish(numbered('pump', 10));
        await bus.drained();
        await first.stop();
        await bus.publish([assetRemoved('pump', 10)]);
        bus = await harness.reopen();
        await bus.subscribe({ consumer: 'reader', ...REMOVED }, after.handler);
        await bus.drained();
        expect(before.facts).toHaveLength(10);
        expect(after.facts).toEqual([assetRemoved('pump', 10)]);
      });

      it('lets a reader finish what it is at when it is stopped, and does not hand it over again', async () => {
        const reader = recorder();
        let started = () => {};
        const isStarted = new Promise<void>((resolve) => {
          started = resolve;
        });
        const subscription = await bus.subscribe({ consumer: 'reader', ...REMOVED, batchSize: 3 }, async (facts) => {
          started();
          await delay(50);
          await reader.handler(facts);
        });
        await bus.publish(numbered('pump', 6));
        await isStarted;
        await subscription.stop();
        expect(reader.facts).toEqual(numbered('pump', 3));
        await bus.subscribe({ consumer: 'reader', ...REMOVED }, reader.handler);
        await bus.drained();
        expect(reader.facts).toEqual(numbered('pump', 6));
      });

      it('hands nothing over after a stop', async () => {
        const reader = recorder();
        const subscription = await bus.subscribe({ consumer: 'reader', ...REMOVED }, reader.handler);
        await subscription.stop();
        await bus.publish([assetRemoved('pump', 1)]);
        await bus.drained();
        expect(reader.facts).toEqual([]);
      });

      it('writes what was being published when it is closed, and accepts nothing after', async () => {
        const publishing = bus.publish([assetRemoved('pump', 1)]);
        await bus.close();
        await publishing;
        const late = { code: 'SPX_UNAVAILABLE' };
        await expect(bus.publish([assetRemoved('pump', 2)])).rejects.toMatchObject(late);
        await expect(bus.subscribe({ consumer: 'x', ...REMOVED }, recorder().handler)).rejects.toMatchObject(late);
        bus = await harness.reopen();
        expect(await logged()).toEqual([assetRemoved('pump', 1).id]);
      });
    });
  });
}
