import { randomUUID } from 'node:crypto';
import { defineRoute, ListQuery, pageOfList, pageSchema, type Route, SphinxError } from '@sphinx/platform';
import { Timestamp } from '@sphinx/schema';
import { z } from 'zod';
import type { ServiceRegistry } from '../watch/registry.ts';
import { Maintenance, type MaintenanceBook } from './maintenance.ts';

const TAG = 'dependability';
const WRITE = 'uptime:write';
const DAY_MS = 86_400_000;
const LONGEST_MS = 30 * DAY_MS;
/** Windows that began before are told afterwards: what was planned and forgotten may still be written down. */
const EARLIEST_MS = 7 * DAY_MS;
const ById = z.object({ id: z.string().max(100) });
const MaintenanceRequest = z.strictObject({
  service: z.string().max(200).nullable().default(null).meta({ description: 'Id or name; null: every service' }),
  from: Timestamp,
  until: Timestamp,
  note: z.string().trim().max(300).default(''),
});

/** Times in which services may be down. What is cancelled can be put back. */
export function maintenanceRoutes(parts: {
  readonly book: MaintenanceBook;
  readonly registry: ServiceRegistry;
  readonly now: () => number;
  readonly notify: () => void;
}): readonly Route[] {
  const { book, registry, now, notify } = parts;
  const found = (id: string) => {
    const window = book.get(id);
    if (window === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no maintenance window ${id}.`);
    return window;
  };
  return [
    defineRoute({
      method: 'GET',
      path: '/uptime/maintenance',
      operationId: 'listMaintenanceWindows',
      summary: 'Maintenance windows, those that were cancelled too, latest first',
      tag: TAG,
      permission: 'uptime:read',
      query: ListQuery,
      response: pageSchema(Maintenance),
      handler: async ({ query }) => pageOfList(book.all(), query, ({ id }) => id),
    }),
    defineRoute({
      method: 'POST',
      path: '/uptime/maintenance',
      operationId: 'addMaintenanceWindow',
      summary: 'States a time in which a service, or every service, may be down',
      tag: TAG,
      permission: WRITE,
      body: MaintenanceRequest,
      response: Maintenance,
      status: 201,
      audit: { action: 'uptime.maintenance', subject: ({ body }) => body.service ?? 'every service' },
      handler: async ({ body: { service, from, until, note }, principal }) => {
        if (until <= from) throw new SphinxError('SPX_INVALID_INPUT', 'The window must end after it begins.');
        if (until - from > LONGEST_MS) throw new SphinxError('SPX_INVALID_INPUT', 'A window is at most 30 days long.');
        if (from < now() - EARLIEST_MS)
          throw new SphinxError('SPX_INVALID_INPUT', 'A window begins at most 7 days before now.');
        const serviceId = service === null ? null : registry.get(service).id;
        const id = `mnt_${randomUUID()}`;
        const window = { id, serviceId, from, until, note, by: principal.name, cancelledAt: null };
        await book.save(window);
        notify();
        return window;
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/uptime/maintenance/{id}',
      operationId: 'cancelMaintenanceWindow',
      summary: 'Cancels a window, or ends one that is open; it stays on record',
      tag: TAG,
      permission: WRITE,
      params: ById,
      response: Maintenance,
      audit: { action: 'uptime.maintenance.cancel', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        const window = found(params.id);
        if (window.cancelledAt !== null) return window;
        const cancelled = { ...window, cancelledAt: now() };
        await book.save(cancelled);
        notify();
        return cancelled;
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/uptime/maintenance/{id}/restore',
      operationId: 'restoreMaintenanceWindow',
      summary: 'Puts a window back that was cancelled',
      tag: TAG,
      permission: WRITE,
      params: ById,
      response: Maintenance,
      audit: { action: 'uptime.maintenance.restore', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        const restored = { ...found(params.id), cancelledAt: null };
        await book.save(restored);
        notify();
        return restored;
      },
    }),
  ];
}
