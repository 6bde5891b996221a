import { z } from 'zod';
import { SphinxError } from '../errors.ts';
import { ListQuery, pageOfList, pageSchema } from '../http/page.ts';
import { defineRoute, type Route } from '../http/route.ts';
import type { Access } from './access.ts';
import { requireUser } from './access-routes.ts';
import { ROLE_PERMISSIONS, Role } from './permission.ts';
import type { Principal } from './principal.ts';
import { ApiToken, NewApiToken } from './tokens.ts';
import { NewUser, User, UserChange } from './users.ts';

const TAG = 'access';
const Id = z.object({ id: z.string() });

/** Accounts of people, by an administrator. */
export function userRoutes(access: Access): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/users',
      operationId: 'listUsers',
      summary: 'Everybody who has an account',
      tag: TAG,
      permission: 'users:read',
      query: ListQuery.extend({ role: Role.optional() }),
      response: pageSchema(User),
      handler: async ({ query }) => {
        const users = await access.users.list();
        const found = users.filter(({ role }) => query.role === undefined || role === query.role);
        return pageOfList(found, query, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/users',
      operationId: 'addUser',
      summary: 'Adds a user',
      tag: TAG,
      permission: 'users:write',
      body: NewUser,
      response: User,
      status: 201,
      audit: { action: 'user.add', subject: ({ body }) => body.username },
      handler: ({ body }) => access.users.add(body),
    }),
    defineRoute({
      method: 'PATCH',
      path: '/users/{id}',
      operationId: 'changeUser',
      summary: 'Changes name, role, lock or password of a user; the sessions of that user end',
      tag: TAG,
      permission: 'users:write',
      params: Id,
      body: UserChange,
      response: User,
      audit: { action: 'user.change', subject: ({ params }) => params.id },
      handler: ({ params, body }) => access.users.change(params.id, body),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/users/{id}',
      operationId: 'removeUser',
      summary: 'Removes a user with sessions and tokens',
      tag: TAG,
      permission: 'users:write',
      params: Id,
      response: null,
      audit: { action: 'user.remove', subject: ({ params }) => params.id },
      handler: ({ params }) => access.users.remove(params.id),
    }),
  ];
}

/** API tokens: everybody has their own, an administrator sees all. */
export function tokenRoutes(access: Access): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/tokens',
      operationId: 'listTokens',
      summary: 'Own API tokens; those of everybody for whoever manages users',
      tag: TAG,
      permission: 'tokens:write',
      query: ListQuery.extend({ userId: z.string().optional() }),
      response: pageSchema(ApiToken),
      handler: async ({ query, principal }) => {
        const tokens = await access.tokens.list(maySeeAll(principal) ? query.userId : principal.id);
        return pageOfList(tokens, query, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/tokens',
      operationId: 'createToken',
      summary: 'Makes an API token with scopes; the secret is in this answer only',
      tag: TAG,
      permission: 'tokens:write',
      body: NewApiToken.extend({
        userId: z.string().max(200).optional().meta({
          description: 'Whose it is, for whoever manages users; left out: of whoever asks',
        }),
      }),
      response: z.object({ token: ApiToken, secret: z.string() }),
      status: 201,
      audit: { action: 'token.create', subject: ({ body }) => body.name },
      handler: async ({ body, principal }) => {
        const { userId = principal.id, ...token } = body;
        const isOwn = userId === requireUser(principal);
        if (!isOwn && !maySeeAll(principal)) {
          throw new SphinxError(
            'SPX_FORBIDDEN',
            'Only whoever manages users makes tokens for others. Leave out userId.',
          );
        }
        const { role } = await access.users.get(userId);
        const allowed = new Set(ROLE_PERMISSIONS[role]);
        const beyond = token.permissions.filter((permission) => !allowed.has(permission));
        if (beyond.length > 0) {
          const whose = isOwn ? 'Your role' : `The role ${role}`;
          throw new SphinxError('SPX_FORBIDDEN', `${whose} does not have: ${beyond.join(', ')}. Leave them out.`);
        }
        return access.tokens.create(userId, token);
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/tokens/{id}',
      operationId: 'removeToken',
      summary: 'Withdraws an API token',
      tag: TAG,
      permission: 'tokens:write',
      params: Id,
      response: null,
      audit: { action: 'token.remove', subject: ({ params }) => params.id },
      handler: async ({ params, principal }) => {
        const token = await access.tokens.get(params.id);
        if (token.userId !== principal.id && !maySeeAll(principal)) {
          throw new SphinxError('SPX_NOT_FOUND', `There is no token ${params.id}.`);
        }
        await access.tokens.remove(params.id);
      },
    }),
  ];
}

function maySeeAll(principal: Principal): boolean {
  return principal.permissions.has('users:write');
}
