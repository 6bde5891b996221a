import { randomUUID } from 'node:crypto';
import { SphinxError } from '../errors.ts';
import type { Clock, Logger } from '../service/service.ts';
import type { Migration, StateStore } from '../state-store/state-store.ts';
import type { Job, JobHandle, JobOptions, JobQuery, Jobs } from './jobs.ts';

const JOB_MIGRATIONS: readonly Migration[] = [
  {
    id: '001-job',
    sql: `
      CREATE SCHEMA IF NOT EXISTS platform;
      CREATE TABLE platform.job (
        id text PRIMARY KEY,
        owner text NOT NULL,
        state text NOT NULL,
        started_at bigint NOT NULL,
        job text NOT NULL
      );
      CREATE INDEX job_started ON platform.job (started_at DESC);`,
  },
];

/** Progress is written down this often at most; listeners hear of every step. */
const SAVE_INTERVAL_MS = 1000;

/** Jobs whose record lives in the state store. Those that a crash cut off are marked as interrupted on opening. */
export async function openJobs(options: { state: StateStore; clock: Clock; logger: Logger }): Promise<Jobs> {
  await options.state.migrate('jobs', JOB_MIGRATIONS);
  const jobs = new StateStoreJobs(options);
  await jobs.markInterrupted();
  return jobs;
}

interface RunningJob {
  job: Job;
  readonly abort: AbortController;
  readonly ended: Promise<Job>;
  savedAt: number;
  /** Records are written one after the other, so that an early one never replaces a late one. */
  saving: Promise<void>;
}

class StateStoreJobs implements Jobs {
  readonly #options: { state: StateStore; clock: Clock; logger: Logger };
  readonly #running = new Map<string, RunningJob>();
  readonly #listeners = new Set<(job: Job) => void>();

  constructor(options: { state: StateStore; clock: Clock; logger: Logger }) {
    this.#options = options;
  }

  async markInterrupted(): Promise<void> {
    const rows = await this.#options.state.query<{ job: string }>(
      "SELECT job FROM platform.job WHERE state = 'running'",
    );
    for (const row of rows) {
      const job = JSON.parse(row.job) as Job;
      await this.#save({ ...job, state: 'interrupted', endedAt: this.#options.clock.now() });
    }
  }

  async start(options: JobOptions, work: (job: JobHandle) => Promise<object>): Promise<string> {
    const startedAt = this.#options.clock.now();
    const job: Job = { ...options, id: `job_${randomUUID()}`, state: 'running', fraction: 0, message: '', startedAt };
    await this.#save(job);
    const abort = new AbortController();
    const handle: JobHandle = {
      id: job.id,
      signal: abort.signal,
      progress: (fraction, message) => this.#progress(job.id, fraction, message),
    };
    const ended = Promise.resolve().then(() => this.#run(job.id, handle, work));
    this.#running.set(job.id, { job, abort, ended, savedAt: startedAt, saving: Promise.resolve() });
    this.#announce(job);
    return job.id;
  }

  async get(id: string): Promise<Job | undefined> {
    const running = this.#running.get(id);
    if (running !== undefined) return running.job;
    const [row] = await this.#options.state.query<{ job: string }>('SELECT job FROM platform.job WHERE id = $1', [id]);
    return row === undefined ? undefined : (JSON.parse(row.job) as Job);
  }

  async list({ owner, state, after, limit }: JobQuery): Promise<readonly Job[]> {
    const rows = await this.#options.state.query<{ job: string }>(
      `SELECT job FROM platform.job
       WHERE ($1::text IS NULL OR owner = $1::text) AND ($2::text IS NULL OR state = $2::text)
         AND ($3::bigint IS NULL OR started_at < $3::bigint OR (started_at = $3::bigint AND id > $4::text))
       ORDER BY started_at DESC, id LIMIT $5`,
      [owner ?? null, state ?? null, after?.startedAt ?? null, after?.id ?? null, limit],
    );
    return rows.map((row) => {
      const job = JSON.parse(row.job) as Job;
      return this.#running.get(job.id)?.job ?? job;
    });
  }

  async cancel(id: string): Promise<boolean> {
    const running = this.#running.get(id);
    if (running === undefined || running.job.state !== 'running') return false;
    running.abort.abort();
    return true;
  }

  async finished(id: string): Promise<Job> {
    const job = (await this.#running.get(id)?.ended) ?? (await this.get(id));
    if (job === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no job ${id}.`);
    return job;
  }

  onChange(listener: (job: Job) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #run(id: string, handle: JobHandle, work: (job: JobHandle) => Promise<object>): Promise<Job> {
    const outcome = await settle(handle, work);
    const running = this.#running.get(id);
    if (running === undefined) throw new Error(`Job ${id} ended twice`);
    const job: Job = { ...running.job, ...outcome, endedAt: this.#options.clock.now() };
    running.job = job;
    await this.#saveNext(running);
    this.#running.delete(id);
    this.#announce(job);
    return job;
  }

  #progress(id: string, fraction: number, message: string): void {
    const running = this.#running.get(id);
    if (running === undefined || running.job.state !== 'running') return;
    const known = Number.isNaN(fraction) ? running.job.fraction : Math.min(1, Math.max(0, fraction));
    running.job = { ...running.job, fraction: known, message };
    this.#announce(running.job);
    const now = this.#options.clock.now();
    if (now - running.savedAt < SAVE_INTERVAL_MS) return;
    running.savedAt = now;
    void this.#saveNext(running);
  }

  /** A listener that fails must not fail the job. */
  #announce(job: Job): void {
    for (const listener of this.#listeners) {
      try {
        listener(job);
      } catch (error) {
        this.#options.logger.error('A listener to jobs failed', { job: job.id, error: String(error) });
      }
    }
  }

  /** Never rejects: work that is done is done, also when its record could not be written. */
  #saveNext(running: RunningJob): Promise<void> {
    const { job } = running;
    running.saving = running.saving
      .then(() => this.#save(job))
      .catch((error: unknown) =>
        this.#options.logger.error('The record of a job could not be saved', { job: job.id, error: String(error) }),
      );
    return running.saving;
  }

  async #save(job: Job): Promise<void> {
    await this.#options.state.query(
      `INSERT INTO platform.job (id, owner, state, started_at, job) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, job = excluded.job`,
      [job.id, job.owner, job.state, job.startedAt, JSON.stringify(job)],
    );
  }
}

async function settle(handle: JobHandle, work: (job: JobHandle) => Promise<object>): Promise<Partial<Job>> {
  try {
    const result = await work(handle);
    // What is shown now is what is read back later, and what cannot be written down fails here.
    return { state: 'succeeded', fraction: 1, result: JSON.parse(JSON.stringify(result)) as object };
  } catch (error) {
    if (handle.signal.aborted) return { state: 'cancelled' };
    return { state: 'failed', error: error instanceof Error ? error.message : String(error) };
  }
}
