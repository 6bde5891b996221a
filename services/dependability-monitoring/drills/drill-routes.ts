import { randomUUID } from 'node:crypto';
import { defineRoute, ListQuery, pageOfList, pageSchema, type Route, SphinxError } from '@sphinx/platform';
import { z } from 'zod';
import type { ServiceRegistry } from '../watch/registry.ts';
import { Drill, type DrillStore, judgeDrill } from './drill.ts';

const TAG = 'dependability';
const ById = z.object({ id: z.string().max(200).meta({ description: 'Id or name of a service that is watched' }) });
const DrillView = Drill.extend({
  meetsRecoveryTime: z.boolean().nullable().meta({ description: 'null where no objective is set' }),
  meetsRecoveryPoint: z.boolean().nullable(),
}).meta({ id: 'JudgedRecoveryDrill' });
export type DrillView = z.infer<typeof DrillView>;
const DrillRequest = z.strictObject({
  kind: Drill.shape.kind.default('drill'),
  at: Drill.shape.at,
  recoveryMinutes: Drill.shape.recoveryMinutes,
  dataLossMinutes: Drill.shape.dataLossMinutes.default(null),
  isComplete: Drill.shape.isComplete.default(true),
  note: Drill.shape.note.default(''),
});

/** Recoveries that were tried or had to be done, beside what was promised. */
export function drillRoutes(parts: {
  readonly drills: DrillStore;
  readonly registry: ServiceRegistry;
  readonly now: () => number;
  readonly notify: () => void;
}): readonly Route[] {
  const { drills, registry, now, notify } = parts;
  return [
    defineRoute({
      method: 'GET',
      path: '/uptime/services/{id}/drills',
      operationId: 'listRecoveryDrills',
      summary: 'Recoveries of a service with whether they met its objectives (RTO, RPO), latest first',
      tag: TAG,
      permission: 'uptime:read',
      params: ById,
      query: ListQuery,
      response: pageSchema(DrillView),
      handler: async ({ params, query }) => {
        const service = registry.get(params.id);
        const judged = (await drills.of(service.id)).map((drill) => ({ ...drill, ...judgeDrill(drill, service) }));
        return pageOfList(judged, query, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/uptime/services/{id}/drills',
      operationId: 'recordRecoveryDrill',
      summary: 'Records a recovery: how long it took, how old the data was that came back',
      tag: TAG,
      permission: 'uptime:write',
      params: ById,
      body: DrillRequest,
      response: DrillView,
      status: 201,
      audit: { action: 'uptime.drill', subject: ({ params }) => params.id },
      handler: async ({ params, body, principal }) => {
        const service = registry.get(params.id);
        if (body.at > now()) throw new SphinxError('SPX_INVALID_INPUT', 'Record a drill after it began.');
        const id = `drl_${randomUUID()}`;
        const drill = { ...body, id, serviceId: service.id, by: principal.name, recordedAt: now() };
        await drills.add(drill);
        notify();
        return { ...drill, ...judgeDrill(drill, service) };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/uptime/services/{id}/drills/{drill}',
      operationId: 'removeRecoveryDrill',
      summary: 'Removes a drill that was recorded wrongly; the audit trail keeps that it was there',
      tag: TAG,
      permission: 'uptime:write',
      params: ById.extend({ drill: z.string().max(100) }),
      response: null,
      audit: { action: 'uptime.drill.remove', subject: ({ params }) => `${params.id} ${params.drill}` },
      handler: async ({ params }) => {
        const wasThere = await drills.remove(registry.get(params.id).id, params.drill);
        if (!wasThere) throw new SphinxError('SPX_NOT_FOUND', `There is no drill ${params.drill}.`);
        notify();
      },
    }),
  ];
}
