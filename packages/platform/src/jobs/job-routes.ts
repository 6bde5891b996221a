import { z } from 'zod';
import { SphinxError } from '../errors.ts';
import { cutPage, PageQuery, pageSchema, readCursor, writeCursor } from '../http/page.ts';
import { defineRoute, type Route } from '../http/route.ts';
import type { Job, Jobs } from './jobs.ts';

const JobState = z.enum(['running', 'succeeded', 'failed', 'cancelled', 'interrupted']);
const JobView = z
  .object({
    id: z.string(),
    owner: z.string(),
    kind: z.string(),
    title: z.string(),
    state: JobState,
    fraction: z.number(),
    message: z.string(),
    result: z.record(z.string(), z.unknown()).optional(),
    error: z.string().optional(),
    startedAt: z.int(),
    endedAt: z.int().optional(),
  })
  .meta({ id: 'Job' });
const Id = z.object({ id: z.string() });
/** When a job started, and its id for those of one moment. */
const JobPosition = z.tuple([z.int(), z.string()]);

/** Long work: to watch and to cancel. */
export function jobRoutes(jobs: Jobs): readonly Route[] {
  const get = async (id: string): Promise<Job> => {
    const job = await jobs.get(id);
    if (job === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no job ${id}.`);
    return job;
  };
  return [
    defineRoute({
      method: 'GET',
      path: '/jobs',
      operationId: 'listJobs',
      summary: 'Long work, newest first',
      tag: 'jobs',
      permission: 'jobs:read',
      query: PageQuery.extend({ owner: z.string().optional(), state: JobState.optional() }),
      response: pageSchema(JobView),
      handler: async ({ query }) => {
        const { owner, state, cursor, limit } = query;
        const [startedAt, id] = cursor === undefined ? [] : readCursor(cursor, JobPosition);
        const found = await jobs.list({
          limit: limit + 1,
          ...(owner === undefined ? {} : { owner }),
          ...(state === undefined ? {} : { state }),
          ...(startedAt === undefined || id === undefined ? {} : { after: { startedAt, id } }),
        });
        return cutPage(found, limit, (job) => writeCursor([job.startedAt, job.id]));
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/jobs/{id}',
      operationId: 'getJob',
      summary: 'One job with its progress and result',
      tag: 'jobs',
      permission: 'jobs:read',
      params: Id,
      response: JobView,
      handler: ({ params }) => get(params.id),
    }),
    defineRoute({
      method: 'POST',
      path: '/jobs/{id}/cancel',
      operationId: 'cancelJob',
      summary: 'Cancels running work',
      tag: 'jobs',
      permission: 'jobs:write',
      params: Id,
      response: JobView,
      audit: { action: 'job.cancel', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        await get(params.id);
        await jobs.cancel(params.id);
        return get(params.id);
      },
    }),
  ];
}
