import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineFactory, EngineHarness } from '../engine-harness.ts';
import type { Job, JobHandle, JobQuery, Jobs } from './jobs.ts';

const ANALYSIS = { owner: 'traffic-monitoring', kind: 'analyse', title: 'ward.pcap' };

/** Promises of every `Jobs`. `reopen` of the harness is a new start of the program while jobs of the old one were at work. */
export function describeJobsContract(name: string, factory: EngineFactory<Jobs>): void {
  describe(`${name} keep the promises of jobs`, () => {
    let harness: EngineHarness<Jobs>;
    let jobs: Jobs;
    const untilCancelled = ({ signal }: JobHandle): Promise<object> =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));

    beforeEach(async () => {
      harness = await factory();
      jobs = harness.engine;
    });
    afterEach(() => harness.dispose());

    it('keep the result of work that succeeded, also after a new start', async () => {
      const id = await jobs.start(ANALYSIS, async () => ({ packets: 7 }));
      const finished = await jobs.finished(id);
      expect(finished).toMatchObject({ ...ANALYSIS, id, state: 'succeeded', fraction: 1, result: { packets: 7 } });
      expect(finished.endedAt).toBeGreaterThanOrEqual(finished.startedAt);
      jobs = await harness.reopen();
      expect(await jobs.get(id)).toEqual(finished);
      expect(await jobs.finished(id)).toEqual(finished);
    });

    it('say why work failed, whichever way it threw', async () => {
      const ids = await Promise.all([
        jobs.start(ANALYSIS, async () => {
          throw new Error('not a capture\0');
        }),
        jobs.start(ANALYSIS, () => {
          throw new Error('at once');
        }),
        jobs.start(ANALYSIS, () => Promise.reject('just text')),
      ]);
      const finished = await Promise.all(ids.map((id) => jobs.finished(id)));
      expect(finished.map(({ state, error }) => [state, error])).toEqual([
        ['failed', 'not a capture\0'],
        ['failed', 'at once'],
        ['failed', 'just text'],
      ]);
      expect(await jobs.get(ids[0] ?? '')).toEqual(finished[0]);
    });

    it('fail where the result cannot be written down', async () => {
      const circular: { self?: object } = {};
      circular.self = circular;
      const id = await jobs.start(ANALYSIS, async () => circular);
      expect((await jobs.finished(id)).state).toBe('failed');
      expect((await jobs.get(id))?.state).toBe('failed');
    });

    it('show progress while the work goes on, within 0 and 1', async () => {
      let handle: JobHandle | undefined;
      const id = await jobs.start(ANALYSIS, async (job) => {
        handle = job;
        return untilCancelled(job);
      });
      await expect.poll(() => handle).toBeDefined();
      const shown: unknown[] = [];
      for (const fraction of [0.25, -1, 7, Number.NaN]) {
        handle?.progress(fraction, `at ${fraction}`);
        const job = await jobs.get(id);
        shown.push([job?.state, job?.fraction, job?.message]);
      }
      expect(shown).toEqual([
        ['running', 0.25, 'at 0.25'],
        ['running', 0, 'at -1'],
        ['running', 1, 'at 7'],
        ['running', 1, 'at NaN'],
      ]);
      await jobs.cancel(id);
      await jobs.finished(id);
    });

    it('tell listeners of the start, each step and the end, until they leave', async () => {
      const heard: string[] = [];
      const leave = jobs.onChange(({ state, message }) => heard.push(`${state} ${message}`));
      const id = await jobs.start(ANALYSIS, async (job) => {
        job.progress(0.5, 'half');
        return {};
      });
      await jobs.finished(id);
      leave();
      await jobs.finished(await jobs.start(ANALYSIS, async () => ({})));
      expect(heard).toEqual(['running ', 'running half', 'succeeded half']);
    });

    it('go on when a listener fails', async () => {
      jobs.onChange(() => {
        throw new Error('console is gone');
      });
      const id = await jobs.start(ANALYSIS, async () => ({}));
      expect((await jobs.finished(id)).state).toBe('succeeded');
    });

    it('stop work that listens to its signal when it is cancelled', async () => {
      const id = await jobs.start(ANALYSIS, untilCancelled);
      expect(await jobs.cancel(id)).toBe(true);
      expect((await jobs.finished(id)).state).toBe('cancelled');
      expect(await jobs.cancel(id)).toBe(false);
    });

    it('say that work succeeded which was done before it heard that it was cancelled', async () => {
      const id = await jobs.start(ANALYSIS, async () => {
        await delay(20);
        return { packets: 1 };
      });
      await jobs.cancel(id);
      expect(await jobs.finished(id)).toMatchObject({ state: 'succeeded', result: { packets: 1 } });
    });

    it('do not change any more when they have ended', async () => {
      let handle: JobHandle | undefined;
      const id = await jobs.start(ANALYSIS, async (job) => {
        handle = job;
        return {};
      });
      const finished = await jobs.finished(id);
      handle?.progress(0.1, 'late');
      expect(await jobs.get(id)).toEqual(finished);
    });

    it('call work interrupted that the end of the program cut off', async () => {
      const id = await jobs.start(ANALYSIS, untilCancelled);
      const done = await jobs.start(ANALYSIS, async () => ({}));
      await jobs.finished(done);
      jobs = await harness.reopen();
      const interrupted = await jobs.finished(id);
      expect(interrupted.state).toBe('interrupted');
      expect(interrupted.endedAt).toBeDefined();
      expect((await jobs.get(done))?.state).toBe('succeeded');
      expect(await jobs.cancel(id)).toBe(false);
    });

    it('are listed newest first, all or those of one owner', async () => {
      const ids: string[] = [];
      for (const owner of ['one', 'two', 'one']) {
        ids.push(await jobs.start({ ...ANALYSIS, owner }, async () => ({})));
        await delay(2);
      }
      await Promise.all(ids.map((id) => jobs.finished(id)));
      const listed = async (query: JobQuery) => (await jobs.list(query)).map(({ id }) => id);
      expect(await listed({ limit: 10 })).toEqual(ids.toReversed());
      expect(await listed({ limit: 2 })).toEqual(ids.toReversed().slice(0, 2));
      expect(await listed({ owner: 'one', limit: 10 })).toEqual([ids[2], ids[0]]);
      expect(await listed({ owner: 'nobody', limit: 10 })).toEqual([]);
      expect(await listed({ state: 'succeeded', limit: 10 })).toEqual(ids.toReversed());
      expect(await listed({ state: 'failed', limit: 10 })).toEqual([]);
    });

    it('are listed page by page, those of one moment too', async () => {
      const ids = await Promise.all(Array.from({ length: 7 }, () => jobs.start(ANALYSIS, async () => ({}))));
      await Promise.all(ids.map((id) => jobs.finished(id)));
      const listed: Job[] = [];
      for (let after: Job | undefined; ; after = listed.at(-1)) {
        const page = await jobs.list({ limit: 2, ...(after === undefined ? {} : { after }) });
        listed.push(...page);
        if (page.length === 0) break;
      }
      expect(listed).toEqual(await jobs.list({ limit: 100 }));
      expect(listed.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    });

    it('run side by side', async () => {
      const finished: Job[] = [];
      const ids = await Promise.all(
        [40, 1].map((milliseconds) => jobs.start(ANALYSIS, () => delay(milliseconds, { milliseconds }))),
      );
      await Promise.all(ids.map((id) => jobs.finished(id).then((job) => finished.push(job))));
      expect(finished.map(({ result }) => result)).toEqual([{ milliseconds: 1 }, { milliseconds: 40 }]);
    });

    it('know nothing of an id that nobody was given', async () => {
      expect(await jobs.get('job_unknown')).toBeUndefined();
      expect(await jobs.cancel('job_unknown')).toBe(false);
      await expect(jobs.finished('job_unknown')).rejects.toMatchObject({ code: 'SPX_NOT_FOUND' });
    });
  });
}
