import { defineRoute, type Principal, pageSchema, type Route, SequencePageQuery, SphinxError } from '@sphinx/platform';
import { z } from 'zod';
import { type RouteParts, TAG } from './routes.ts';
import { Session, VisitorKind } from './sessions/session.ts';
import { asciicast, masked, withoutSecrets } from './sessions/session-record.ts';

const MAXIMUM_CREDENTIALS = 500;
const SessionItem = Session.omit({ events: true }).meta({ id: 'DecoySessionItem' });
export type SessionItem = z.infer<typeof SessionItem>;
const SessionId = z.object({ id: z.string().max(100).meta({ description: 'Id of the session' }) });
const CredentialItem = z
  .object({
    protocol: z.string(),
    user: z.string(),
    secret: z
      .string()
      .meta({ description: 'Masked for whoever may not see samples: somebody may have mistyped a real one' }),
    tries: z.int(),
    accepted: z.int(),
    lastSeen: z.number(),
    lastSource: z.string(),
  })
  .meta({ id: 'DecoyCredential' });
export type CredentialItem = z.infer<typeof CredentialItem>;
const Summary = z
  .object({
    visitors: z.array(z.object({ visitor: VisitorKind, sessions: z.int() })),
    sources: z.array(z.object({ ip: z.string(), sessions: z.int(), decoys: z.int(), lastSeen: z.number() })),
    tools: z.array(z.object({ tool: z.string(), sessions: z.int() })),
  })
  .meta({ id: 'DecoySummary' });

/** Sessions of decoys, with replay, and what was tried in them. */
export function sessionRoutes({ store, sessions }: RouteParts): readonly Route[] {
  const find = async (id: string) => {
    const kept = await store.get(id);
    if (kept === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no session ${id} of a decoy.`);
    return { ...kept, session: sessions.live(id) ?? kept.session };
  };
  return [
    defineRoute({
      method: 'GET',
      path: '/decoy-sessions',
      operationId: 'listDecoySessions',
      summary: 'Visits to decoys, newest first: who, what kind of visitor and why, how grave',
      tag: TAG,
      permission: 'decoys:read',
      query: SequencePageQuery.extend({
        decoy: z.string().max(100).optional().meta({ description: 'Id of the decoy' }),
        ip: z.string().max(64).optional().meta({ description: 'Of the visitor' }),
        visitor: VisitorKind.optional(),
        protocol: z.string().max(40).optional(),
      }),
      response: pageSchema(SessionItem),
      handler: async ({ query: { cursor, ...query } }) => {
        const page = await store.list({ ...query, before: cursor });
        return { ...page, items: page.items.map(({ events: _events, ...item }) => item) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/decoy-sessions/{id}',
      operationId: 'getDecoySession',
      summary: 'One visit step by step',
      tag: TAG,
      permission: 'decoys:read',
      params: SessionId,
      response: Session,
      handler: async ({ params, principal }) => {
        const { session } = await find(params.id);
        return maySeeSecrets(principal) ? session : withoutSecrets(session);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/decoy-sessions/{id}/replay',
      operationId: 'replayDecoySession',
      summary: 'What the terminal of a visit showed, as asciicast version 2',
      tag: TAG,
      permission: 'decoys:read',
      params: SessionId,
      response: { raw: 'application/x-asciicast' },
      handler: async ({ params }) => {
        const { session, frames } = await find(params.id);
        return new Response(asciicast(session, frames), { headers: { 'content-type': 'application/x-asciicast' } });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/decoy-credentials',
      operationId: 'listDecoyCredentials',
      summary: 'Users and passwords that were tried on decoys, most tried first',
      tag: TAG,
      permission: 'decoys:read',
      query: z.object({ limit: z.coerce.number().int().min(1).max(MAXIMUM_CREDENTIALS).default(100) }),
      response: z.object({ items: z.array(CredentialItem) }),
      handler: async ({ query, principal }) => {
        const credentials = await store.credentials(query.limit);
        const isOpen = maySeeSecrets(principal);
        return { items: credentials.map((each) => ({ ...each, secret: isOpen ? each.secret : masked(each.secret) })) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/decoy-summary',
      operationId: 'summariseDecoys',
      summary: 'Kinds of visitors, sources and tools with their numbers of sessions',
      tag: TAG,
      permission: 'decoys:read',
      response: Summary,
      handler: () => store.summary(),
    }),
  ];
}

function maySeeSecrets({ kind, permissions }: Principal): boolean {
  return kind === 'system' || permissions.has('decoys:samples');
}
