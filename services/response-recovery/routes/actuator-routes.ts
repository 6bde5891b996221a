import { defineRoute, ListQuery, pageOfList, pageSchema, type Route, SphinxError } from '@sphinx/platform';
import { z } from 'zod';
import { ResponsePolicy } from '../knowledge/response-policy.ts';
import type { ResponseRouteParts } from './response-routes.ts';
import { ActuatorBody, ActuatorChange, ActuatorKindView, ActuatorView } from './response-shapes.ts';
import { actuatorView, personOf } from './views.ts';

const TAG = 'response';
const READ = 'response:read';
const CONFIGURE = 'response:configure';
const NAMED = z.object({ id: z.string().max(60) });

/** The means to act, and the policy that they are used by. */
export function actuatorRoutes(parts: ResponseRouteParts): readonly Route[] {
  return [...readRoutes(parts), ...changeRoutes(parts)];
}

function readRoutes({ actuators, policy }: ResponseRouteParts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/response/actuator-kinds',
      operationId: 'listActuatorKinds',
      summary: 'Kinds of actuators that can be set up, and what each was tried with',
      tag: TAG,
      permission: READ,
      query: ListQuery,
      response: pageSchema(ActuatorKindView),
      handler: async ({ query }) => {
        const kinds = actuators.kinds.map(({ type, title, description, proof, triedWith, capabilities, settings }) => ({
          type,
          title,
          description,
          proof,
          triedWith,
          capabilities: capabilities.map((each) => ({ ...each })),
          settings: z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' }),
        }));
        return pageOfList(kinds, query, ({ type }) => type);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/response/actuators',
      operationId: 'listActuators',
      summary: 'Actuators of this hospital, in the order in which they are asked',
      tag: TAG,
      permission: READ,
      query: ListQuery,
      response: pageSchema(ActuatorView),
      handler: async ({ query }) =>
        pageOfList(
          actuators.list().map((each) => actuatorView(actuators, each)),
          query,
          ({ id }) => id,
        ),
    }),
    defineRoute({
      method: 'GET',
      path: '/response/policy',
      operationId: 'getResponsePolicy',
      summary: 'Which actions run at once, need whom, or are refused',
      tag: TAG,
      permission: READ,
      response: ResponsePolicy,
      handler: async () => policy,
    }),
  ];
}

function changeRoutes({ actuators, clock, notify }: ResponseRouteParts): readonly Route[] {
  const viewOf = (id: string) => {
    const found = actuators.list().find(({ configured }) => configured.id === id);
    if (found === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no actuator "${id}".`);
    return actuatorView(actuators, found);
  };
  return [
    defineRoute({
      method: 'POST',
      path: '/response/actuators',
      operationId: 'addActuator',
      summary: 'Sets an actuator up; nothing is sent to it',
      tag: TAG,
      permission: CONFIGURE,
      body: ActuatorBody,
      response: ActuatorView,
      status: 201,
      audit: { action: 'response.actuator.add', subject: ({ body }) => `${body.id} (${body.type})` },
      handler: async ({ body, principal }) => {
        const { secrets, ...configured } = body;
        if (actuators.list().some((each) => each.configured.id === body.id)) {
          throw new SphinxError('SPX_CONFLICT', `There is an actuator "${body.id}" already.`);
        }
        const addedBy = personOf(principal).name;
        await actuators.save({ ...configured, isEnabled: true, addedBy, addedAt: clock.now() }, secrets);
        notify();
        return viewOf(body.id);
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: '/response/actuators/{id}',
      operationId: 'changeActuator',
      summary: 'Changes settings, scope or secrets of an actuator, or switches it off or on',
      tag: TAG,
      permission: CONFIGURE,
      params: NAMED,
      body: ActuatorChange,
      response: ActuatorView,
      audit: { action: 'response.actuator.change', subject: ({ params }) => params.id },
      handler: async ({ params, body }) => {
        const { secrets, ...change } = body;
        const known = actuators.configured(params.id);
        const defined = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
        await actuators.save({ ...known, ...defined }, secrets);
        notify();
        return viewOf(params.id);
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/response/actuators/{id}',
      operationId: 'removeActuator',
      summary: 'Takes an actuator away; what it did stays as it is',
      tag: TAG,
      permission: CONFIGURE,
      params: NAMED,
      response: null,
      audit: { action: 'response.actuator.remove', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        await actuators.remove(params.id);
        notify();
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/response/actuators/{id}/check',
      operationId: 'checkActuator',
      summary: 'Asks the other end whether it answers and lets SPHINX in; changes nothing there',
      tag: TAG,
      permission: CONFIGURE,
      params: NAMED,
      response: ActuatorView,
      audit: { action: 'response.actuator.check', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        await actuators.check(params.id);
        notify();
        return viewOf(params.id);
      },
    }),
  ];
}
