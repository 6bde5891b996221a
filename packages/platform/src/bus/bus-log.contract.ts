import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineFactory, EngineHarness } from '../engine-harness.ts';
import type { Bus, FactQuery } from './bus.ts';
import { assetRemoved, idsOf, recorder, verificationRequested } from './test-facts.ts';

const removed = (number: number) => assetRemoved(`asset ${number % 3}`, number);
const REMOVED = { types: ['asset.removed'], from: 'beginning' } as const;

/** Promises of every `Bus` about its log: reading it and pruning it. */
export function describeBusLogContract(name: string, factory: EngineFactory<Bus>): void {
  describe(`${name} keeps the promises of a log of facts`, () => {
    let harness: EngineHarness<Bus>;
    let bus: Bus;
    const read = async (query: FactQuery) => idsOf((await bus.read(query)).map(({ fact }) => fact));

    beforeEach(async () => {
      harness = await factory();
      bus = harness.engine;
    });
    afterEach(() => harness.dispose());

    it.each(['oldest-first', 'newest-first'] as const)('can be read to its end page by page, %s', async (order) => {
      const facts = Array.from({ length: 25 }, (_, number) => removed(number));
      await bus.publish(facts);
      const seen: string[] = [];
      let after: number | undefined;
      for (let page = 0; page < 4; page++) {
        const rows = await bus.read({ order, limit: 10, ...(after === undefined ? {} : { afterSequence: after }) });
        seen.push(...idsOf(rows.map(({ fact }) => fact)));
        after = rows.at(-1)?.sequence ?? after;
      }
      expect(seen).toEqual(idsOf(order === 'oldest-first' ? facts : facts.toReversed()));
    });

    it('shows the facts of one key, of some types, or both', async () => {
      const facts = [removed(0), verificationRequested('asset 0', 1), removed(2), removed(3)];
      await bus.publish(facts);
      expect(await read({ key: 'asset 0', limit: 10 })).toEqual(idsOf([removed(0), ...facts.slice(1, 2), removed(3)]));
      expect(await read({ types: ['verification.requested'], limit: 10 })).toEqual(idsOf(facts.slice(1, 2)));
      expect(await read({ types: ['asset.removed'], key: 'asset 0', limit: 10 })).toEqual(
        idsOf([removed(0), removed(3)]),
      );
      expect(await read({ types: [], limit: 10 })).toEqual([]);
    });

    it('removes facts that are old and that every reader has handled', async () => {
      await bus.subscribe({ consumer: 'reader', ...REMOVED }, recorder().handler);
      await bus.publish([removed(0), removed(1), removed(2)]);
      await bus.drained();
      expect(await bus.prune(removed(2).time)).toBe(2);
      expect(await read({ limit: 10 })).toEqual(idsOf([removed(2)]));
    });

    it('keeps old facts that a reader has not handled, also one that is away', async () => {
      const away = await bus.subscribe({ consumer: 'away', ...REMOVED }, recorder().handler);
      await bus.publish([removed(0)]);
      await bus.drained();
      await away.stop();
      await bus.publish([removed(1)]);
      expect(await bus.prune(removed(9).time)).toBe(1);
      expect(await read({ limit: 10 })).toEqual(idsOf([removed(1)]));
      const back = recorder();
      await bus.subscribe({ consumer: 'away', ...REMOVED }, back.handler);
      await bus.drained();
      expect(back.facts).toEqual([removed(1)]);
    });

    it('is not kept from pruning by a reader of facts that never come', async () => {
      const types = ['verification.requested'] as const;
      await bus.subscribe({ consumer: 'waiting', types, from: 'beginning' }, recorder().handler);
      await bus.publish([removed(0), removed(1)]);
      await bus.drained();
      expect(await bus.prune(removed(9).time)).toBe(2);
    });

    it('goes on after everything was pruned and it was opened again', async () => {
      const [before, after] = [recorder(), recorder()];
      await bus.subscribe({ consumer: 'reader', ...REMOVED }, before.handler);
      await bus.publish([removed(0), removed(1)]);
      await bus.drained();
      await bus.prune(removed(9).time);
      bus = await harness.reopen();
      await bus.subscribe({ consumer: 'reader', ...REMOVED }, after.handler);
      await bus.subscribe({ consumer: 'newcomer', types: ['asset.removed'], from: 'now' }, after.handler);
      await bus.publish([removed(2)]);
      await bus.drained();
      expect(after.facts).toEqual([removed(2), removed(2)]);
    });
  });
}
