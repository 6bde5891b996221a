import { defineRoute, ListQuery, pageOfList, pageSchema, type Route } from '@sphinx/platform';
import { z } from 'zod';
import { RemoteSensorView, type SensorRegistry } from './sensor-registry.ts';

const Enrolment = z
  .object({
    token: z.string().meta({ description: 'Lets one sensor in, once; shown here and never again' }),
    expiresAt: z.int(),
    port: z.int().meta({ description: 'TCP port of this machine that the sensor must reach' }),
  })
  .meta({ id: 'SensorEnrolment' });

/** Sensors at branches: who they are, how they are, letting one in, taking one out. */
export function remoteSensorRoutes(dependencies: {
  registry: SensorRegistry;
  port: number;
  /** Opens the port for sensors. */
  open: () => Promise<void>;
  disconnect: (sensorId: string) => void;
}): readonly Route[] {
  const { registry, port, open, disconnect } = dependencies;
  return [
    defineRoute({
      method: 'GET',
      path: '/sensors',
      operationId: 'listSensors',
      summary: 'Every remote sensor with its health, as it last told it',
      tag: 'traffic',
      permission: 'sources:read',
      query: ListQuery,
      response: pageSchema(RemoteSensorView),
      handler: async ({ query }) => pageOfList(await registry.list(), query, ({ id }) => id),
    }),
    defineRoute({
      method: 'POST',
      path: '/sensors/enrolments',
      operationId: 'enrolSensor',
      summary: 'Gives a one-time token with which a remote sensor gets its certificate; it holds for an hour',
      tag: 'traffic',
      permission: 'sources:write',
      body: z.object({ name: z.string().min(1).max(100) }),
      response: Enrolment,
      status: 201,
      audit: { action: 'sensor.enrolment', subject: ({ body }) => body.name },
      handler: async ({ body }) => {
        const enrolment = await registry.createEnrolment(body.name);
        await open();
        return { ...enrolment, port };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/sensors/{id}',
      operationId: 'removeSensor',
      summary: 'Takes the certificate of a remote sensor back; what it has sent stays',
      tag: 'traffic',
      permission: 'sources:write',
      params: z.object({ id: z.string() }),
      response: null,
      audit: { action: 'sensor.remove', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        await registry.remove(params.id);
        disconnect(params.id);
      },
    }),
  ];
}
