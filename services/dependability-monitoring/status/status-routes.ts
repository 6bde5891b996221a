import { defineRoute, type Route, SphinxError } from '@sphinx/platform';
import { AvailabilityState, Timestamp } from '@sphinx/schema';
import { z } from 'zod';
import type { MaintenanceBook } from '../maintenance/maintenance.ts';
import type { ServiceRegistry } from '../watch/registry.ts';
import type { StateDesk } from '../watch/state-desk.ts';
import { type PublicStatus, statusPage } from './status-page.ts';

const TAG = 'dependability';
/** Maintenance is told this long before. */
const AHEAD_MS = 7 * 86_400_000;
const StatusView = z
  .object({
    at: Timestamp,
    services: z.array(
      z.object({
        name: z.string(),
        state: AvailabilityState,
        since: Timestamp.nullable(),
        care: z.string(),
        isInMaintenance: z.boolean(),
      }),
    ),
    maintenance: z.array(
      z.object({ name: z.string().nullable(), from: Timestamp, until: Timestamp, note: z.string() }),
    ),
  })
  .meta({ id: 'PublicServiceStatus' });

/** The status page for staff, who have no account: names and states of the services that somebody put on it. */
export function statusRoutes(parts: {
  readonly registry: ServiceRegistry;
  readonly desk: StateDesk;
  readonly maintenance: MaintenanceBook;
  readonly isPublic: boolean;
  readonly now: () => number;
}): readonly Route[] {
  const status = () => {
    if (!parts.isPublic)
      throw new SphinxError(
        'SPX_NOT_FOUND',
        'The status page is off. An administrator switches it on: setting isStatusPagePublic.',
      );
    return publicStatus(parts);
  };
  return [
    defineRoute({
      method: 'GET',
      path: '/public/status',
      operationId: 'getPublicStatus',
      summary: 'States of the services on the status page, for displays in the house; without an account',
      tag: TAG,
      permission: 'public',
      response: StatusView,
      handler: async () => status(),
    }),
    defineRoute({
      method: 'GET',
      path: '/public/status.html',
      operationId: 'getPublicStatusPage',
      summary: 'The status page for staff, as HTML without scripts; without an account',
      tag: TAG,
      permission: 'public',
      response: { raw: 'text/html' },
      handler: async () =>
        new Response(statusPage(status()), {
          headers: {
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
          },
        }),
    }),
  ];
}

/** @returns what may be seen by anybody in the house */
export function publicStatus(parts: {
  readonly registry: Pick<ServiceRegistry, 'all' | 'find'>;
  readonly desk: Pick<StateDesk, 'standing'>;
  readonly maintenance: MaintenanceBook;
  readonly now: () => number;
}): PublicStatus {
  const { registry, desk, maintenance, now } = parts;
  const at = now();
  const shown = registry.all().filter(({ isOnStatusPage }) => isOnStatusPage);
  const services = shown
    .map(({ id, name, care }) => {
      const span = desk.standing(id);
      const isInMaintenance = maintenance.at(id, at) !== undefined;
      return { name, care, state: span?.state ?? 'unknown', since: span?.from ?? null, isInMaintenance } as const;
    })
    .sort((a, b) => a.name.localeCompare(b.name));
  const windows = maintenance
    .all()
    .filter(({ from, until, cancelledAt }) => cancelledAt === null && until > at && from < at + AHEAD_MS)
    .filter(({ serviceId }) => serviceId === null || shown.some(({ id }) => id === serviceId))
    .map(({ serviceId, from, until, note }) => {
      const name = serviceId === null ? null : (registry.find(serviceId)?.name ?? null);
      return { name, from, until, note };
    });
  return { at, services, maintenance: windows };
}
