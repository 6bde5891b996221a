import type { Fact } from '@sphinx/schema';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock/clock.ts';
import { createLogger } from '../observability/logger.ts';
import { openPgliteStateStore } from '../state-store/pglite/pglite-state-store.ts';
import type { StateStore } from '../state-store/state-store.ts';
import type { Bus } from './bus.ts';
import { openStateStoreBus } from './embedded/embedded-bus.ts';
import { Outbox } from './outbox.ts';
import { assetRemoved } from './test-facts.ts';

const TABLE = {
  id: '001',
  sql: `CREATE SCHEMA ward; CREATE TABLE ward.note (text text NOT NULL);
    CREATE TABLE ward.outbox (sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, fact text NOT NULL);`,
};

describe('Facts that tell a stored change', () => {
  let state: StateStore;
  let bus: Bus;
  let outbox: Outbox;

  beforeEach(async () => {
    state = await openPgliteStateStore({});
    await state.migrate('ward', [TABLE]);
    bus = await openStateStoreBus({ state, clock: systemClock, logger: createLogger({ level: 'silent' }) });
    outbox = new Outbox({ state, bus, schema: 'ward' });
  });
  afterEach(async () => {
    await bus.close();
    await state.close();
  });

  const change = (facts: readonly Fact[], fails = false) =>
    state.transaction(async (sql) => {
      await sql.query("INSERT INTO ward.note (text) VALUES ('changed')");
      await outbox.note(facts, sql);
      if (fails) throw new Error('the change does not fit');
    });
  const published = async () => (await bus.read({ limit: 2000 })).map(({ fact }) => fact);

  it('are published in their order, however many there are', async () => {
    const facts = Array.from({ length: 1234 }, (_, number) => assetRemoved('lane 1', number));
    await change(facts);
    await outbox.publish();
    expect(await published()).toEqual(facts);
  });

  it('are not published when the change was taken back', async () => {
    await expect(change([assetRemoved('lane 1', 1)], true)).rejects.toThrow('does not fit');
    await outbox.publish();
    expect(await published()).toEqual([]);
  });

  it('are published by the next start when a crash came before their publication', async () => {
    await change([assetRemoved('lane 1', 1)]);
    await new Outbox({ state, bus, schema: 'ward' }).publish();
    expect(await published()).toEqual([assetRemoved('lane 1', 1)]);
  });

  it('are in the log once when a crash came after their publication', async () => {
    const fact = assetRemoved('lane 1', 1);
    await bus.publish([fact]);
    await change([fact]);
    await Promise.all([outbox.publish(), outbox.publish()]);
    expect(await published()).toEqual([fact]);
  });

  it('may say anything, control characters of the wire too', async () => {
    const fact = assetRemoved('lane 1', 1);
    const odd = { ...fact, data: { ...fact.data, reason: 'NUL \0, quote \' ", backslash \\, {brace}, 🫀' } } as Fact;
    await change([odd]);
    await outbox.publish();
    expect(await published()).toEqual([odd]);
  });
});
