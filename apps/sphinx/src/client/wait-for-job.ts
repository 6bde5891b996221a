import { setTimeout as wait } from 'node:timers/promises';
import { SphinxError } from '@sphinx/platform/errors';
import { createProgress } from '../terminal/progress.ts';
import type { ApiClient } from './api-client.ts';

const POLL_MS = 300;

interface JobAnswer<Result> {
  readonly state: 'running' | 'succeeded' | 'failed' | 'cancelled' | 'interrupted';
  readonly title: string;
  readonly fraction: number;
  readonly message: string;
  readonly result?: Result;
  readonly error?: string;
}

/**
 * Waits for a job and shows its progress. Ctrl+C cancels the job.
 *
 * @returns what it came to
 * @throws SphinxError SPX_UNAVAILABLE with the reason when it failed or was cancelled
 */
export async function waitForJob<Result>(client: ApiClient, id: string): Promise<Result> {
  const path = `/jobs/${encodeURIComponent(id)}`;
  const cancel = () => void client.send('POST', `${path}/cancel`).catch(() => undefined);
  process.once('SIGINT', cancel);
  let job = await client.send<JobAnswer<Result>>('GET', path);
  const progress = createProgress(job.title);
  try {
    while (job.state === 'running') {
      progress.update(job.fraction, job.message);
      await wait(POLL_MS);
      job = await client.send<JobAnswer<Result>>('GET', path);
    }
  } finally {
    progress.done();
    process.removeListener('SIGINT', cancel);
  }
  if (job.state === 'succeeded' && job.result !== undefined) return job.result;
  throw new SphinxError('SPX_UNAVAILABLE', job.error ?? `It was ${job.state}.`);
}
