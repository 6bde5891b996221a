import {
  defineRoute,
  ListQuery,
  pageOfList,
  pageSchema,
  type Route,
  SequencePageQuery,
  SphinxError,
} from '@sphinx/platform';
import { z } from 'zod';
import { CheckDefinition } from './knowledge/check-definition.ts';
import type { UptimeDesk } from './uptime-desk.ts';
import { BackupReportView, HourView, ProposalView, ResultView, ServiceView } from './views.ts';
import { ServiceChange, ServiceRequest, StateSpan } from './watch/monitored-service.ts';
import type { ServiceRegistry } from './watch/registry.ts';
import type { ResultStore } from './watch/result-store.ts';
import type { Scheduler } from './watch/scheduler.ts';
import type { ServiceStore } from './watch/service-store.ts';
import type { StateDesk } from './watch/state-desk.ts';

const TAG = 'dependability';
const READ = 'uptime:read';
const WRITE = 'uptime:write';
const HOUR_MS = 3_600_000;
const MAXIMUM_HOURS = 24 * 90;
const ById = z.object({ id: z.string().max(200).meta({ description: 'Id or name of a service that is watched' }) });

export interface UptimeRoutesParts {
  readonly registry: ServiceRegistry;
  readonly desk: StateDesk;
  readonly uptime: UptimeDesk;
  readonly store: ServiceStore;
  readonly results: ResultStore;
  readonly scheduler: Scheduler;
  readonly definitions: readonly CheckDefinition[];
  readonly now: () => number;
  readonly notify: () => void;
}

/** What is watched, how it is, and how it was. */
export function uptimeRoutes(parts: UptimeRoutesParts): readonly Route[] {
  return [...readingRoutes(parts), ...changingRoutes(parts)];
}

function readingRoutes({ registry, uptime, store, results, definitions, now }: UptimeRoutesParts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/uptime/services',
      operationId: 'listMonitoredServices',
      summary: 'Services that are watched with their state and error budget, the worst first',
      tag: TAG,
      permission: READ,
      query: ListQuery,
      response: pageSchema(ServiceView),
      handler: async ({ query }) => pageOfList(await uptime.services(), query, ({ id }) => id),
    }),
    defineRoute({
      method: 'GET',
      path: '/uptime/services/{id}',
      operationId: 'getMonitoredService',
      summary: 'One service with its checks, state and error budget',
      tag: TAG,
      permission: READ,
      params: ById,
      response: ServiceView,
      handler: async ({ params }) => uptime.view(registry.get(params.id)),
    }),
    defineRoute({
      method: 'GET',
      path: '/uptime/services/{id}/history',
      operationId: 'listServiceHistory',
      summary: 'States that a service had, newest first, with cause and evidence',
      tag: TAG,
      permission: READ,
      params: ById,
      query: SequencePageQuery,
      response: pageSchema(StateSpan),
      handler: ({ params, query: { cursor, limit } }) =>
        store.spans(registry.get(params.id).id, { before: cursor, limit }),
    }),
    defineRoute({
      method: 'GET',
      path: '/uptime/services/{id}/results',
      operationId: 'listServiceResults',
      summary: 'Answers of its checks one by one, newest first',
      tag: TAG,
      permission: READ,
      params: ById,
      query: SequencePageQuery.extend({ check: z.string().max(100).optional() }),
      response: pageSchema(ResultView),
      handler: ({ params, query: { cursor, limit, check } }) =>
        results.results(registry.get(params.id).id, { checkId: check, before: cursor, limit }),
    }),
    defineRoute({
      method: 'GET',
      path: '/uptime/services/{id}/hours',
      operationId: 'listServiceHours',
      summary: 'Answers and latency of its checks by the hour, oldest first',
      tag: TAG,
      permission: READ,
      params: ById,
      query: ListQuery.extend({ hours: z.coerce.number().int().min(1).max(MAXIMUM_HOURS).default(48) }),
      response: pageSchema(HourView),
      handler: async ({ params, query }) => {
        const counts = await results.hours(registry.get(params.id).id, now() - query.hours * HOUR_MS);
        return pageOfList(counts, query, ({ checkId, hour }) => `${hour} ${checkId}`);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/uptime/checks',
      operationId: 'listAvailabilityChecks',
      summary: 'Kinds of checks: what each asks, what it sends, its parameters',
      tag: TAG,
      permission: READ,
      query: ListQuery,
      response: pageSchema(CheckDefinition),
      handler: async ({ query }) => pageOfList(definitions, query, ({ id }) => id),
    }),
    defineRoute({
      method: 'GET',
      path: '/uptime/proposals',
      operationId: 'listServiceProposals',
      summary: 'Services that were seen in use and that nobody watches, most used first',
      tag: TAG,
      permission: READ,
      query: ListQuery,
      response: pageSchema(ProposalView),
      handler: async ({ query }) => pageOfList(uptime.proposals(), query, ({ id }) => id),
    }),
  ];
}

function changingRoutes(parts: UptimeRoutesParts): readonly Route[] {
  const { registry, desk, uptime, results, scheduler, now, notify } = parts;
  return [
    defineRoute({
      method: 'POST',
      path: '/uptime/services',
      operationId: 'addMonitoredService',
      summary: 'Watches a service: its checks are sent regularly from now on, as far as probe policies allow them',
      tag: TAG,
      permission: WRITE,
      body: ServiceRequest,
      response: ServiceView,
      status: 201,
      audit: { action: 'uptime.watch', subject: ({ body }) => body.name },
      handler: async ({ body, principal }) => {
        const service = await registry.add(body, principal);
        notify();
        return uptime.view(service);
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: '/uptime/services/{id}',
      operationId: 'changeMonitoredService',
      summary: 'Renames, pauses or goes on, sets objectives, or replaces the checks',
      tag: TAG,
      permission: WRITE,
      params: ById,
      body: ServiceChange,
      response: ServiceView,
      audit: { action: 'uptime.change', subject: ({ params }) => params.id },
      handler: async ({ params, body, principal }) => {
        const service = await registry.change(params.id, body, principal);
        await desk.review(service);
        notify();
        return uptime.view(service);
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/uptime/services/{id}',
      operationId: 'removeMonitoredService',
      summary: 'Watches a service no longer, and forgets its history',
      tag: TAG,
      permission: WRITE,
      params: ById,
      response: null,
      audit: { action: 'uptime.remove', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        const { id } = await registry.remove(params.id);
        await desk.forget(id);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/uptime/services/{id}/check',
      operationId: 'checkServiceNow',
      summary: 'Sends every check of a service once, now',
      tag: TAG,
      permission: WRITE,
      params: ById,
      response: ServiceView,
      audit: { action: 'uptime.check', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        const service = registry.get(params.id);
        await scheduler.runNow(service);
        await desk.review(service);
        return uptime.view(service);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/uptime/services/{id}/reports',
      operationId: 'listBackupReports',
      summary: 'Runs of the backup that were reported, newest first',
      tag: TAG,
      permission: READ,
      params: ById,
      query: ListQuery,
      response: pageSchema(BackupReportView),
      handler: async ({ params, query }) => {
        const reports = await results.reports(registry.get(params.id).id, MAXIMUM_REPORTS);
        return pageOfList(reports, query, ({ time, bytes }) => `${time} ${bytes}`);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/uptime/services/{id}/reports',
      operationId: 'reportBackup',
      summary: 'Reports a run of a backup, by whatever made it',
      tag: TAG,
      permission: 'uptime:report',
      params: ById,
      body: z.strictObject({
        succeeded: z.boolean(),
        bytes: z.int().min(0).nullable().default(null),
        note: z.string().max(300).default(''),
      }),
      response: null,
      audit: { action: 'uptime.report', subject: ({ params }) => params.id, isForRefusalsOnly: true },
      handler: async ({ params, body }) => {
        const service = registry.get(params.id);
        if (service.checks.every(({ kind }) => kind !== BACKUP_KIND))
          throw new SphinxError('SPX_CONFLICT', `${service.name} has no check ${BACKUP_KIND}. Add it first.`);
        await results.addReport(service.id, { ...body, time: now() });
      },
    }),
  ];
}

const MAXIMUM_REPORTS = 400;
const BACKUP_KIND = 'backup-freshness';
