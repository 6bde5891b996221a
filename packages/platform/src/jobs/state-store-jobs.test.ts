import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock, systemClock } from '../clock/clock.ts';
import { harnessOf } from '../engine-harness.ts';
import { createLogger } from '../observability/logger.ts';
import { openPgliteStateStore } from '../state-store/pglite/pglite-state-store.ts';
import type { StateStore } from '../state-store/state-store.ts';
import { describeJobsContract } from './jobs.contract.ts';
import { openJobs } from './state-store-jobs.ts';

const logger = createLogger({ level: 'silent' });
let state: StateStore;

beforeAll(async () => {
  state = await openPgliteStateStore({});
});
afterAll(() => state.close());

const removeAll = () => state.query('DROP SCHEMA platform CASCADE').then(() => undefined);

describeJobsContract('Jobs on PGlite', () =>
  harnessOf(
    () => openJobs({ state, clock: systemClock, logger }),
    async () => {},
    removeAll,
  ),
);

describe('Jobs in a state store', () => {
  it('write progress down once a second at most, and always the end', async () => {
    const clock = new ManualClock(1_790_000_000_000);
    const saved: string[] = [];
    const watched: StateStore = {
      query: (statement, values = []) => {
        if (statement.includes('INSERT INTO platform.job')) saved.push(JSON.parse(String(values[4])).message);
        return state.query(statement, values);
      },
      transaction: (work) => state.transaction(work),
      migrate: (owner, migrations) => state.migrate(owner, migrations),
      close: async () => {},
    };
    const jobs = await openJobs({ state: watched, clock, logger });
    const id = await jobs.start({ owner: 'o', kind: 'k', title: 't' }, async (job) => {
      for (let step = 1; step <= 25; step++) {
        clock.advance(100);
        job.progress(step / 25, `step ${step}`);
      }
      return {};
    });
    await jobs.finished(id);
    expect(saved).toEqual(['', 'step 10', 'step 20', 'step 25']);
    await removeAll();
  });

  it('end also when their record cannot be written', async () => {
    const jobs = await openJobs({ state, clock: systemClock, logger });
    let finish = () => {};
    const id = await jobs.start({ owner: 'o', kind: 'k', title: 't' }, () => {
      return new Promise((resolve) => {
        finish = () => resolve({ done: true });
      });
    });
    await removeAll();
    finish();
    expect(await jobs.finished(id)).toMatchObject({ state: 'succeeded', result: { done: true } });
    await state.query('CREATE SCHEMA platform');
    await removeAll();
  });
});
