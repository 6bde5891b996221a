import { z } from 'zod';
import { SphinxError } from '../errors.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { type Access, SESSION_COOKIE, sessionSecretOf } from './access.ts';
import { Permission, ROLE_PERMISSIONS, Role } from './permission.ts';
import type { Principal } from './principal.ts';
import { NewUser, type User } from './users.ts';

const TAG = 'access';
const SessionView = z
  .object({
    user: z.object({
      id: z.string(),
      username: z.string(),
      name: z.string(),
      role: Role,
      makers: z.array(z.string()).optional().meta({ description: 'Of a vendor: the makers whose devices it sees' }),
      permissions: z.array(Permission),
    }),
  })
  .meta({ id: 'Session' });

/** Coming in: first run, signing in and out, the own password. */
export function sessionRoutes(access: Access): readonly Route[] {
  return [
    ...firstRunRoutes(access),
    defineRoute({
      method: 'POST',
      path: '/session',
      operationId: 'signIn',
      summary: 'Signs in with user name and password; the session is a cookie',
      tag: TAG,
      permission: 'public',
      body: z.object({ username: z.string().min(1).max(64), password: z.string().min(1).max(1024) }),
      response: { raw: 'application/json' },
      audit: { action: 'session.open', subject: ({ body }) => body.username },
      handler: async ({ body }) => {
        const key = body.username.toLowerCase();
        access.attempts.require(key);
        const user = await access.users.authenticate(key, body.password);
        if (user === undefined) {
          access.attempts.failed(key);
          throw new SphinxError('SPX_UNAUTHENTICATED', 'User name or password is wrong, or the account is locked.');
        }
        access.attempts.succeeded(key);
        return openSession(access, user.id);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/session',
      operationId: 'getSession',
      summary: 'Who is signed in, and what that role may do',
      tag: TAG,
      permission: 'authenticated',
      response: SessionView,
      handler: async ({ principal }) => sessionView(access, principal),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/session',
      operationId: 'signOut',
      summary: 'Signs out',
      tag: TAG,
      permission: 'authenticated',
      response: { raw: 'application/json' },
      audit: { action: 'session.close', subject: ({ principal }) => principal.name },
      handler: async ({ request }) => {
        const secret = sessionSecretOf(request);
        if (secret !== undefined) await access.sessions.close(secret);
        return new Response(null, { status: 204, headers: { 'set-cookie': cookie('', 0) } });
      },
    }),
    passwordRoute(access),
  ];
}

function firstRunRoutes(access: Access): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/first-run',
      operationId: 'getFirstRun',
      summary: 'Whether the first administrator is still to be made',
      tag: TAG,
      permission: 'public',
      response: z.object({ isOpen: z.boolean() }),
      handler: async () => ({ isOpen: access.firstRunSecret !== undefined }),
    }),
    defineRoute({
      method: 'POST',
      path: '/first-run',
      operationId: 'createFirstAdministrator',
      summary: 'Makes the first administrator with the one-time link that the start printed, and signs in',
      tag: TAG,
      permission: 'public',
      body: NewUser.omit({ role: true, makers: true }).extend({ token: z.string().min(1).max(200) }),
      response: { raw: 'application/json' },
      status: 201,
      audit: { action: 'first-run.complete', subject: ({ body }) => body.username },
      handler: async ({ body }) => {
        const { token, ...fields } = body;
        const user = await access.redeemFirstRun(token, () => access.users.add({ ...fields, role: 'administrator' }));
        return openSession(access, user.id, 201);
      },
    }),
  ];
}

function passwordRoute(access: Access): Route {
  return defineRoute({
    method: 'PUT',
    path: '/session/password',
    operationId: 'changeOwnPassword',
    summary: 'Changes the own password; other sessions end',
    tag: TAG,
    permission: 'authenticated',
    body: z.object({ currentPassword: z.string().max(1024), newPassword: z.string().max(1024) }),
    response: { raw: 'application/json' },
    audit: { action: 'user.change-password', subject: ({ principal }) => principal.name },
    handler: async ({ body, principal }) => {
      const user = await access.users.get(requireUser(principal));
      access.attempts.require(user.username);
      if ((await access.users.authenticate(user.username, body.currentPassword)) === undefined) {
        access.attempts.failed(user.username);
        throw new SphinxError('SPX_INVALID_INPUT', 'The current password is wrong.');
      }
      access.attempts.succeeded(user.username);
      await access.users.change(user.id, { password: body.newPassword });
      return openSession(access, user.id);
    },
  });
}

/** @throws SphinxError SPX_FORBIDDEN for tokens and the local command line, which are nobody's browser */
export function requireUser(principal: Principal): string {
  if (principal.kind === 'user') return principal.id;
  throw new SphinxError('SPX_FORBIDDEN', 'Sign in as a person for this; a token cannot do it.');
}

async function openSession(access: Access, userId: string, status = 200): Promise<Response> {
  const secret = await access.sessions.open(userId);
  await access.users.recordSignIn(userId);
  const user = await access.users.get(userId);
  return Response.json(
    { user: { ...pick(user), permissions: ROLE_PERMISSIONS[user.role] } },
    { status, headers: { 'set-cookie': cookie(secret) } },
  );
}

async function sessionView(access: Access, principal: Principal): Promise<z.infer<typeof SessionView>> {
  const permissions = [...principal.permissions];
  if (principal.kind === 'user') return { user: { ...pick(await access.users.get(principal.id)), permissions } };
  const { id, name, role = 'viewer' } = principal;
  return { user: { id, username: name, name, role, permissions } };
}

function pick({ id, username, name, role, makers }: User) {
  return { id, username, name, role, ...(role === 'vendor' ? { makers } : {}) };
}

function cookie(secret: string, maximumAgeSeconds?: number): string {
  const age = maximumAgeSeconds === undefined ? '' : `; Max-Age=${maximumAgeSeconds}`;
  return `${SESSION_COOKIE}=${secret}; Path=/; Secure; HttpOnly; SameSite=Strict${age}`;
}
