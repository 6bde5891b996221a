import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../clock/clock.ts';
import { type EngineHarness, harnessOf } from '../../engine-harness.ts';
import { createLogger } from '../../observability/logger.ts';
import { openPgliteStateStore } from '../../state-store/pglite/pglite-state-store.ts';
import type { SqlExecutor, StateStore } from '../../state-store/state-store.ts';
import { describeBusContract } from '../bus.contract.ts';
import type { Bus } from '../bus.ts';
import { describeBusFailureContract } from '../bus-failure.contract.ts';
import { describeBusLogContract } from '../bus-log.contract.ts';
import { assetRemoved, idsOf } from '../test-facts.ts';
import { openStateStoreBus } from './embedded-bus.ts';

const NAME = 'The bus on PGlite';
const logger = createLogger({ level: 'silent' });
let state: StateStore;

beforeAll(async () => {
  state = await openPgliteStateStore({});
});
afterAll(() => state.close());

/** One database for all tests, emptied after each. */
const factory = (): Promise<EngineHarness<Bus>> =>
  harnessOf(
    () => openStateStoreBus({ state, clock: systemClock, logger }),
    (bus) => bus.close(),
    () => state.query('DROP SCHEMA platform CASCADE').then(() => undefined),
  );

describeBusContract(NAME, factory);
describeBusLogContract(NAME, factory);
describeBusFailureContract(NAME, factory);

describe(NAME, () => {
  it('writes what many publish at once in few statements', async () => {
    let statements = 0;
    const counting = countStatements(state, () => statements++);
    const bus = await openStateStoreBus({ state: counting, clock: systemClock, logger });
    statements = 0;
    await Promise.all(Array.from({ length: 500 }, (_, number) => bus.publish([assetRemoved('pump', number)])));
    expect(statements).toBeLessThan(10);
    await bus.close();
    await state.query('DROP SCHEMA platform CASCADE');
  });

  it('tells every publisher when the log cannot be written, and works on when it can again', async () => {
    let isBroken = false;
    const breaking = countStatements(state, () => {
      if (isBroken) throw new Error('disk full');
    });
    const bus = await openStateStoreBus({ state: breaking, clock: systemClock, logger });
    isBroken = true;
    const outcomes = await Promise.allSettled([
      bus.publish([assetRemoved('a', 1)]),
      bus.publish([assetRemoved('a', 2)]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isBroken = false;
    await bus.publish([assetRemoved('a', 3)]);
    expect(idsOf((await bus.read({ limit: 10 })).map(({ fact }) => fact))).toEqual([assetRemoved('a', 3).id]);
    await bus.close();
    await state.query('DROP SCHEMA platform CASCADE');
  });
});

/** The same store, telling of every statement before it runs. */
function countStatements(store: StateStore, onStatement: () => void): StateStore {
  const watch = (sql: SqlExecutor): SqlExecutor => ({
    query: async (statement, values) => {
      onStatement();
      return sql.query(statement, values);
    },
  });
  return {
    ...watch(store),
    transaction: (work) => store.transaction((sql) => work(watch(sql))),
    migrate: (owner, migrations) => store.migrate(owner, migrations),
    close: () => store.close(),
  };
}
