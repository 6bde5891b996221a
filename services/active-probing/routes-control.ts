import { defineRoute, ListQuery, pageOfList, pageSchema, type Route } from '@sphinx/platform';
import { z } from 'zod';
import { ApprovalView } from './approval-view.ts';
import type { Prober } from './prober.ts';
import { MarkView, StopView } from './views.ts';

const TAG = 'active-probing';
const MAXIMUM_HOURS = 24 * 366;
const HOUR_MS = 3_600_000;

const ProbingState = z
  .object({
    stop: StopView.nullable().meta({ description: 'Present while the kill switch is on' }),
    running: z.int(),
    waiting: z.int(),
    marks: z.array(MarkView),
  })
  .meta({ id: 'ProbingState' });

/** Kill switch, agreements of persons, and devices that are left alone. */
export function controlRoutes({ prober }: { prober: Prober }): readonly Route[] {
  const state = () => ({ stop: prober.stop ?? null, ...prober.activity, marks: [...prober.marks] });
  return [
    defineRoute({
      method: 'GET',
      path: '/probing',
      operationId: 'getProbingState',
      summary: 'Whether probing is stopped, what runs, and which devices are left alone',
      tag: TAG,
      permission: 'probes:read',
      response: ProbingState,
      handler: async () => state(),
    }),
    defineRoute({
      method: 'POST',
      path: '/probing/stop',
      operationId: 'stopProbing',
      summary:
        'Kill switch: cuts off every probe at once and refuses all others until somebody resumes, also after a restart',
      tag: TAG,
      permission: 'probes:write',
      body: z.object({ reason: z.string().min(1).max(500) }),
      response: ProbingState,
      audit: { action: 'probes.stop', subject: ({ body }) => body.reason },
      handler: async ({ body, principal }) => {
        await prober.stopAll(principal.name, body.reason);
        return state();
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/probing/resume',
      operationId: 'resumeProbing',
      summary: 'Lets probes run again; what was cut off is not taken up by itself',
      tag: TAG,
      permission: 'probes:approve',
      response: ProbingState,
      audit: { action: 'probes.resume', subject: () => 'all' },
      handler: async () => {
        await prober.resumeAll();
        return state();
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/probing/marks/{target}',
      operationId: 'clearProbeMark',
      summary: 'Lets a device be probed again that had answered slower after a probe',
      tag: TAG,
      permission: 'probes:approve',
      params: z.object({ target: z.string().max(200) }),
      response: null,
      audit: { action: 'probes.mark.clear', subject: ({ params }) => params.target },
      handler: ({ params }) => prober.clearMark(params.target),
    }),
    ...approvalRoutes(prober),
  ];
}

function approvalRoutes(prober: Prober): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/probe-approvals',
      operationId: 'listProbeApprovals',
      summary: 'Who agreed to probes of which device, until when; latest first',
      tag: TAG,
      permission: 'probes:read',
      query: ListQuery,
      response: pageSchema(ApprovalView),
      handler: async ({ query }) =>
        pageOfList(
          prober.approvals.map((one) => ({ ...one, credentials: [...one.credentials] })),
          query,
          ({ id }) => id,
        ),
    }),
    defineRoute({
      method: 'POST',
      path: '/probe-approvals',
      operationId: 'approveProbes',
      summary: 'Agrees to probes of a device for some hours',
      tag: TAG,
      permission: 'probes:approve',
      body: z.object({
        target: z.string().min(1).max(200).meta({ description: 'Id of an asset, or an address' }),
        hours: z.number().min(0.1).max(MAXIMUM_HOURS),
        isOutOfCare: z.boolean().default(false).meta({ description: 'I state that the device is on no patient' }),
        credentials: z
          .array(z.string())
          .max(3)
          .default([])
          .meta({ description: 'Default credentials that may be tried' }),
        note: z.string().max(500).default(''),
      }),
      response: ApprovalView,
      status: 201,
      audit: { action: 'probes.approve', subject: ({ body }) => body.target },
      handler: ({ body: { target, hours, ...fields }, principal }) => {
        const device = prober.find(target);
        const until = Date.now() + hours * HOUR_MS;
        return prober.approve({ ...fields, target: device.assetId ?? device.ip, by: principal.name, until });
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/probe-approvals/{id}',
      operationId: 'withdrawProbeApproval',
      summary: 'Withdraws an agreement; a probe that runs on it is cut off',
      tag: TAG,
      permission: 'probes:approve',
      params: z.object({ id: z.string() }),
      response: ApprovalView,
      audit: { action: 'probes.approval.withdraw', subject: ({ params }) => params.id },
      handler: ({ params }) => prober.withdraw(params.id),
    }),
  ];
}
