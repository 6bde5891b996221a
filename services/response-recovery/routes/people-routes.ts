import { defineRoute, ListQuery, pageOfList, pageSchema, type Route } from '@sphinx/platform';
import { z } from 'zod';
import type { ResponseRouteParts } from './response-routes.ts';
import { ApprovalView, TaskView } from './response-shapes.ts';
import { approvalView, personOf, taskView } from './views.ts';

const TAG = 'response';
const READ = 'response:read';
const NAMED = z.object({ id: z.string().max(200) });
const Note = z.string().trim().max(1000).default('').meta({ description: 'Without data of patients' });

/** What people are asked: to agree, and to do. */
export function peopleRoutes(parts: ResponseRouteParts): readonly Route[] {
  return [...approvalRoutes(parts), ...taskRoutes(parts)];
}

function approvalRoutes({ approvals, runs, notify }: ResponseRouteParts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/response/approvals',
      operationId: 'listResponseApprovals',
      summary: 'What waits for somebody to agree, with reasons, effects and what care loses',
      tag: TAG,
      permission: READ,
      query: ListQuery.extend({
        mine: z.stringbool().default(false).meta({ description: 'Only what whoever asks may agree to' }),
      }),
      response: pageSchema(ApprovalView),
      handler: async ({ query: { mine, ...page }, principal }) => {
        const person = personOf(principal);
        const views = await Promise.all(
          (await approvals.open()).map(async (each) =>
            approvalView(each, await runs.find(each.runId), approvals.problemFor(each, person)),
          ),
        );
        return pageOfList(mine ? views.filter(({ mayApprove }) => mayApprove) : views, page, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/response/approvals/{id}/approve',
      operationId: 'approveResponse',
      summary: 'Agrees to it, or to a micro-quarantine instead',
      tag: TAG,
      permission: 'response:approve',
      params: NAMED,
      body: z.object({ note: Note, instead: z.literal('micro-quarantine').optional() }),
      response: ApprovalView,
      audit: {
        action: 'response.approve',
        subject: ({ params, body }) => `${params.id}${body.instead === undefined ? '' : `: ${body.instead} instead`}`,
      },
      handler: async ({ params, body, principal }) => {
        const approval = await approvals.approve(params.id, personOf(principal), body);
        notify();
        return approvalView(approval, await runs.find(approval.runId), null);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/response/approvals/{id}/refuse',
      operationId: 'refuseResponse',
      summary: 'Refuses it, with the reason',
      tag: TAG,
      permission: 'response:approve',
      params: NAMED,
      body: z.object({ reason: z.string().trim().min(1).max(1000) }),
      response: ApprovalView,
      audit: { action: 'response.refuse', subject: ({ params, body }) => `${params.id}: ${body.reason}` },
      handler: async ({ params, body, principal }) => {
        const approval = await approvals.refuse(params.id, personOf(principal), body.reason);
        notify();
        return approvalView(approval, await runs.find(approval.runId), null);
      },
    }),
  ];
}

function taskRoutes({ tasks, runs, notify }: ResponseRouteParts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/response/tasks',
      operationId: 'listResponseTasks',
      summary: 'What people have to do for runs, oldest first',
      tag: TAG,
      permission: READ,
      query: ListQuery,
      response: pageSchema(TaskView),
      handler: async ({ query }) => {
        const views = await Promise.all(
          (await tasks.open()).map(async (task) => taskView(task, await runs.find(task.runId))),
        );
        return pageOfList(views, query, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/response/tasks/{id}',
      operationId: 'tickResponseTask',
      summary: 'Ticks a task off with its answers, or says that it cannot be done',
      tag: TAG,
      permission: 'response:run',
      params: NAMED,
      body: z.object({
        isDone: z.boolean().default(true),
        note: Note,
        answers: z.record(z.string().max(250), z.string().max(2000)).default({}),
      }),
      response: TaskView,
      audit: {
        action: 'response.task',
        subject: ({ params, body }) => `${params.id}: ${body.isDone ? 'done' : 'not done'}`,
      },
      handler: async ({ params, body, principal }) => {
        const task = await tasks.tick(params.id, personOf(principal), body);
        notify();
        return taskView(task, await runs.find(task.runId));
      },
    }),
  ];
}
