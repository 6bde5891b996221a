import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Access } from '../access/access.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { systemClock } from '../clock/clock.ts';
import { SphinxError } from '../errors.ts';
import { createLogger } from '../observability/logger.ts';
import { openPgliteStateStore } from '../state-store/pglite/pglite-state-store.ts';
import type { StateStore } from '../state-store/state-store.ts';
import { type Api, createApi } from './api.ts';
import { createOpenApiDocument } from './openapi.ts';
import { defineRoute, type Route } from './route.ts';

const Pump = z.object({ id: z.string(), rateMlPerHour: z.number() }).meta({ id: 'Pump' });

const ROUTES: Route[] = [
  defineRoute({
    method: 'GET',
    path: '/pumps/{id}',
    operationId: 'getPump',
    summary: 'One pump',
    tag: 'pumps',
    permission: 'assets:read',
    params: z.object({ id: z.string() }),
    query: z.object({ limit: z.coerce.number().int().max(10).default(5) }),
    response: Pump,
    handler: async ({ params, query }) => ({ id: params.id, rateMlPerHour: query.limit, patientName: 'never leaves' }),
  }),
  defineRoute({
    method: 'GET',
    path: '/pumps/summary',
    operationId: 'summarisePumps',
    summary: 'All pumps',
    tag: 'pumps',
    permission: 'public',
    response: z.object({ count: z.int() }),
    handler: async () => ({ count: 3 }),
  }),
  defineRoute({
    method: 'POST',
    path: '/pumps',
    operationId: 'addPump',
    summary: 'Adds a pump',
    tag: 'pumps',
    permission: 'assets:write',
    body: Pump,
    response: Pump,
    status: 201,
    audit: { action: 'pump.add', subject: ({ body }) => body.id },
    handler: async ({ body }) => {
      if (body.id === 'taken') throw new SphinxError('SPX_CONFLICT', 'This pump is there already.');
      if (body.id === 'bug') throw new TypeError('secret internals');
      return body;
    },
  }),
];

describe('the API', () => {
  let state: StateStore;
  let api: Api;
  let audit: AuditTrail;
  let token: string;
  let routes = ROUTES;
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await api.fetch(
      new Request(`https://localhost/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
    return { status: response.status, headers: response.headers, body: await response.json() };
  };

  beforeAll(async () => {
    state = await openPgliteStateStore({});
    const access = await Access.open({ state, clock: systemClock, limits: () => ({ hours: 1, idleHours: 1 }) });
    audit = await AuditTrail.open({ state, clock: systemClock });
    token = access.issueLocalSecret('test');
    api = createApi({ routes: () => routes, access, audit, logger: createLogger({ level: 'silent' }) });
  });
  afterAll(() => state.close());

  it('lets out only what the schema names', async () => {
    expect((await call('GET', '/pumps/p1')).body).toEqual({ id: 'p1', rateMlPerHour: 5 });
  });

  it('finds a literal path before one with a parameter', async () => {
    expect((await call('GET', '/pumps/summary')).body).toEqual({ count: 3 });
  });

  it('refuses with a problem document that names each thing that does not fit', async () => {
    const { status, headers, body } = await call('POST', '/pumps', { id: 7 });
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({ code: 'SPX_INVALID_INPUT', instance: '/api/v1/pumps' });
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(['body.id', 'body.rateMlPerHour']);
  });

  it.each([
    ['not JSON', '{', {}],
    ['another type', '{}', { 'content-type': 'text/plain' }],
    ['an empty body', '', {}],
  ])('refuses a body that is %s', async (_what, body, headers) => {
    expect(await call('POST', '/pumps', body, headers)).toMatchObject({ status: 400 });
  });

  it.each([
    ['a body', 'POST', '/pumps', '{"id": "a\\u0000b", "rateMlPerHour": 1}'],
    ['a body, half a character', 'POST', '/pumps', '{"id": "a\\ud83d", "rateMlPerHour": 1}'],
    ['a path', 'GET', '/pumps/p%001', undefined],
    ['a query', 'GET', '/pumps/p1?limit=%00', undefined],
  ])('refuses what no database keeps in %s', async (_where, method, path, body) => {
    expect(await call(method, path, body)).toMatchObject({ status: 400, body: { code: 'SPX_INVALID_INPUT' } });
  });

  it('takes any other character, escaped or not', async () => {
    const { status, body } = await call(
      'POST',
      '/pumps',
      '{"id": "🫀 \\ud83e\\udec0 C:\\\\u0000", "rateMlPerHour": 1}',
    );
    expect({ status, id: body.id }).toEqual({ status: 201, id: '🫀 🫀 C:\\u0000' });
  });

  it('refuses a body that is too large without reading all of it', async () => {
    expect(await call('POST', '/pumps', JSON.stringify('x'.repeat(17_000_000)))).toMatchObject({ status: 413 });
  });

  it('asks for a sign-in, and for a token that is known', async () => {
    expect((await api.fetch(new Request('https://localhost/api/v1/pumps/p1'))).status).toBe(401);
    expect(await call('GET', '/pumps/p1', undefined, { authorization: 'Bearer wrong' })).toMatchObject({ status: 401 });
  });

  it('records every change, and every refusal with its reason', async () => {
    await call('POST', '/pumps', { id: 'p2', rateMlPerHour: 1 });
    await call('POST', '/pumps', { id: 'taken', rateMlPerHour: 1 });
    const [refused, done] = await audit.list({ limit: 2 });
    expect(done).toMatchObject({ action: 'pump.add', subject: 'p2', outcome: 'success', actorName: 'test' });
    expect(refused).toMatchObject({ subject: 'taken', outcome: 'refused', detail: expect.stringContaining('already') });
  });

  it('says nothing of its insides when something breaks', async () => {
    const { status, body } = await call('POST', '/pumps', { id: 'bug', rateMlPerHour: 1 });
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret internals');
  });

  it('has no route of a service that was switched off', async () => {
    routes = ROUTES.slice(0, 1);
    expect(await call('GET', '/pumps/summary')).toMatchObject({ status: 200, body: { id: 'summary' } });
    expect(await call('POST', '/pumps', {})).toMatchObject({ status: 404, body: { code: 'SPX_NOT_FOUND' } });
    routes = ROUTES;
    expect((await call('GET', '/pumps/summary')).body).toEqual({ count: 3 });
  });

  it('refuses a change that would leave no trace in the audit trail', async () => {
    const { audit: _audit, ...untraced } = ROUTES[2] ?? ROUTES[0] ?? ({} as Route);
    routes = [...ROUTES, { ...untraced, path: '/untraced', method: 'PUT' }];
    expect(await call('GET', '/pumps/summary')).toMatchObject({ status: 409 });
    routes = ROUTES;
  });

  it('describes itself in OpenAPI 3.1 from the same definitions', () => {
    const document = createOpenApiDocument(ROUTES, '1.0.0') as unknown as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string; 'x-permission': string }>>;
      components: { schemas: Record<string, unknown> };
    };
    expect(document.openapi).toBe('3.1.0');
    expect(document.paths['/api/v1/pumps']?.post).toMatchObject({
      operationId: 'addPump',
      'x-permission': 'assets:write',
    });
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(['Pump', 'Problem']));
  });
});
