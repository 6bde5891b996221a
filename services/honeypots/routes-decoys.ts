import { defineRoute, ListQuery, pageOfList, pageSchema, type Route } from '@sphinx/platform';
import { z } from 'zod';
import { Decoy, ListenerView } from './decoys/decoy.ts';
import { type RouteParts, TAG } from './routes.ts';

const MAXIMUM_SHOWN_LISTENERS = 200;
const DecoyView = Decoy.omit({ heldAddresses: true })
  .extend({
    title: z.string().meta({ description: 'What it pretends to be' }),
    state: z.enum(['off', 'listening', 'partly', 'failed']),
    listeners: z.array(ListenerView),
    sessions: z.int(),
    lastSession: z.number().nullable(),
  })
  .meta({ id: 'Decoy' });
export type DecoyView = z.infer<typeof DecoyView>;
const PersonaView = z
  .object({
    id: z.string(),
    title: z.string(),
    kind: z.string(),
    description: z.string(),
    services: z.array(z.object({ protocol: z.string(), port: z.int() })),
    machines: z.int().meta({ description: 'Real machines of this kind that the inventory knows' }),
  })
  .meta({ id: 'DecoyPersona' });
export type PersonaView = z.infer<typeof PersonaView>;
const NewDecoy = z
  .object({
    persona: z.string().max(100),
    addresses: z.array(z.string().max(64)).min(1).max(64).default(['0.0.0.0']),
    name: z
      .string()
      .regex(/^[\w .-]{1,60}$/, 'Letters, digits, spaces, dots and dashes, at most 60.')
      .optional(),
    portOffset: z.int().min(0).max(60_000).default(0),
    ports: z.record(z.string().regex(/^\d{1,5}$/), z.int().min(1).max(65_535)).default({}),
  })
  .strict();
const DecoyId = z.object({ id: z.string().max(100).meta({ description: 'Id or name of the decoy' }) });

/** Decoys and what they can pretend to be. */
export function decoyRoutes(parts: RouteParts): readonly Route[] {
  const { decoys, knowledge, changed } = parts;
  const viewOf = async (decoy: Decoy) => {
    const totals = (await parts.store.totals()).find((each) => each.decoy === decoy.id);
    return describe(parts, decoy, totals);
  };
  return [
    defineRoute({
      method: 'GET',
      path: '/decoy-personas',
      operationId: 'listDecoyPersonas',
      summary: 'What decoys can pretend to be',
      tag: TAG,
      permission: 'decoys:read',
      query: ListQuery,
      response: pageSchema(PersonaView),
      handler: async ({ query }) => {
        const personas = [...knowledge.personas.values()].map(({ id, title, kind, description, services }) => ({
          id,
          title,
          kind,
          description,
          services: services.map(({ protocol, port }) => ({ protocol, port })),
          machines: parts.machinesLike(kind),
        }));
        return pageOfList(personas, query, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/decoys',
      operationId: 'listDecoys',
      summary: 'Decoys with their state, where they listen and how many sessions they had',
      tag: TAG,
      permission: 'decoys:read',
      query: ListQuery,
      response: pageSchema(DecoyView),
      handler: async ({ query }) => {
        const totals = new Map((await parts.store.totals()).map((each) => [each.decoy, each]));
        const views = decoys.list().map((decoy) => describe(parts, decoy, totals.get(decoy.id)));
        return pageOfList(views, query, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/decoys/{id}',
      operationId: 'getDecoy',
      summary: 'One decoy',
      tag: TAG,
      permission: 'decoys:read',
      params: DecoyId,
      response: DecoyView,
      handler: ({ params }) => viewOf(decoys.get(params.id)),
    }),
    defineRoute({
      method: 'POST',
      path: '/decoys',
      operationId: 'addDecoy',
      summary: 'Sets a decoy up and starts it; an address that somebody has is not taken',
      tag: TAG,
      permission: 'decoys:write',
      body: NewDecoy,
      response: DecoyView,
      status: 201,
      audit: { action: 'decoy.add', subject: ({ body }) => `${body.persona} on ${body.addresses.join(', ')}` },
      handler: async ({ body, principal }) => {
        const decoy = await decoys.add(body, principal.name);
        changed();
        return viewOf(decoy);
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: '/decoys/{id}',
      operationId: 'switchDecoy',
      summary: 'Starts or stops a decoy',
      tag: TAG,
      permission: 'decoys:write',
      params: DecoyId,
      body: z.object({ isOn: z.boolean() }).strict(),
      response: DecoyView,
      audit: { action: 'decoy.switch', subject: ({ params, body }) => `${params.id} ${body.isOn ? 'on' : 'off'}` },
      handler: async ({ params, body }) => {
        const decoy = await decoys.switch(params.id, body.isOn);
        changed();
        return viewOf(decoy);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/decoys/{id}/adaptations',
      operationId: 'adaptDecoy',
      summary: 'Lets a decoy offer and announce what machines of its kind do here now; its name stays',
      tag: TAG,
      permission: 'decoys:write',
      params: DecoyId,
      response: DecoyView,
      audit: { action: 'decoy.adapt', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        const decoy = await decoys.adapt(params.id);
        changed();
        return viewOf(decoy);
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/decoys/{id}',
      operationId: 'removeDecoy',
      summary: 'Removes a decoy; its sessions stay',
      tag: TAG,
      permission: 'decoys:write',
      params: DecoyId,
      response: null,
      status: 204,
      audit: { action: 'decoy.remove', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        await decoys.remove(params.id);
        changed();
      },
    }),
  ];
}

function describe(
  { decoys, knowledge }: RouteParts,
  { heldAddresses: _held, ...decoy }: Decoy,
  totals: { readonly sessions: number; readonly lastSeen: number } | undefined,
): z.infer<typeof DecoyView> {
  const listeners = decoys.listenersOf(decoy.id);
  const faults = listeners.filter(({ fault }) => fault !== '').length;
  const isWhole = faults === 0 && listeners.length > 0;
  const state = !decoy.isOn ? 'off' : isWhole ? 'listening' : faults < listeners.length ? 'partly' : 'failed';
  return {
    ...decoy,
    title: knowledge.personas.get(decoy.persona)?.title ?? decoy.persona,
    state,
    listeners: listeners.slice(0, MAXIMUM_SHOWN_LISTENERS).map((each) => ({ ...each })),
    sessions: totals?.sessions ?? 0,
    lastSession: totals?.lastSeen ?? null,
  };
}
