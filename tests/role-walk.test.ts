import { Validator } from '@seriousme/openapi-schema-validator';
import { PERMISSIONS, type Permission, ROLE_PERMISSIONS, ROLES, type Role } from '@sphinx/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Program } from '../apps/sphinx/src/runtime/program.ts';
import { createTargets, NOBODY, PASSWORD, type Targets } from './role-walk-targets.ts';
import { enableEveryService, openWholeProgram } from './whole-program.ts';

const ORIGIN = 'https://localhost';
/** Every way to the program without signing in. */
const WAYS_IN = [
  'GET /api/v1/first-run',
  // Says of a certificate whose random code somebody holds whether it holds, and nothing else.
  'GET /api/v1/public/certificates/{code}',
  'GET /api/v1/public/status',
  'GET /api/v1/public/status.html',
  'POST /api/v1/first-run',
  'POST /api/v1/session',
];
/** Reading the invented hospital takes seconds: of the roles that may, one shows it. */
const SLOW = ['POST /api/v1/sources/sample', 'DELETE /api/v1/sources/sample'];
/** What a person does and a token cannot, whatever its scopes. */
const FOR_PEOPLE = ['PUT /api/v1/session/password', 'POST /api/v1/tokens'];

interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly permission: Permission | 'public' | 'authenticated';
}

let program: Program;
let document: { paths: Record<string, Record<string, { 'x-permission': Operation['permission'] }>> };
let operations: Operation[] = [];
let targets: Targets;
const users = new Map<Role, string>();

beforeAll(async () => {
  program = await openWholeProgram();
  // What is off until somebody wants it is walked as well. Devices of a sample are never asked.
  await enableEveryService(program);
  for (const role of ROLES) {
    const makers = role === 'vendor' ? ['B. Braun'] : [];
    const user = await program.access.users.add({ username: role, name: role, role, makers, password: PASSWORD });
    users.set(role, user.id);
  }
  targets = await createTargets(program, users.get('viewer') ?? '');
  document = await (await program.fetch(new Request(`${ORIGIN}/api/openapi.json`))).json();
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([lower, operation]) => {
      const method = lower.toUpperCase();
      return { name: `${method} ${path}`, method, path, permission: operation['x-permission'] };
    }),
  );
}, 180_000);
afterAll(() => program.close());

describe('The OpenAPI document', () => {
  it('is a valid OpenAPI 3.1 document', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(document));
    expect(errors ?? []).toEqual([]);
    expect({ valid, version: validator.version }).toEqual({ valid: true, version: '3.1' });
  });

  it('names each operation once', () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((operation) => (operation as unknown as { operationId: string }).operationId),
    );
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('has every route, those of every service too, and says what each asks for', () => {
    const routes = program.api.routes.map(({ method, path }) => `${method} /api/v1${path}`);
    expect(operations.map(({ name }) => name).toSorted()).toEqual(routes.toSorted());
    for (const part of ['/sources', '/traffic/', '/assets', '/verifications', '/certificates', '/users', '/audit']) {
      expect(operations.some(({ path }) => path.startsWith(`/api/v1${part}`))).toBe(true);
    }
    const known = new Set<string>([...PERMISSIONS, 'public', 'authenticated']);
    expect(operations.filter(({ permission }) => !known.has(permission))).toEqual([]);
  });
});

describe('Every route', () => {
  it('that changes something is walked with a body that would be taken, on something that is there', () => {
    const changes = operations.filter(({ method, permission }) => method !== 'GET' && permission !== 'public');
    expect(changes.map(({ name }) => name).toSorted()).toEqual(Object.keys(targets.bodies).toSorted());
    for (const { path } of operations) if (path.includes('{')) expect(pathOf(path)).not.toContain(NOBODY);
  });

  it('is closed to whoever is not signed in, but for the ways in', async () => {
    const closed = operations.filter(({ name }) => !WAYS_IN.includes(name));
    expect(await deniedWalk(closed, {}, 401)).toEqual([]);
    expect(operations.flatMap(({ name, permission }) => (permission === 'public' ? [name] : [])).toSorted()).toEqual(
      WAYS_IN,
    );
  });

  it.each(ROLES)(
    'is closed to the role %s where it does not have it, changes nothing then, and notes the attempt',
    async (role) => {
      const allowed = new Set<string>([...ROLE_PERMISSIONS[role], 'public', 'authenticated']);
      const denied = operations.filter(({ permission }) => !allowed.has(permission));
      expect(denied.length > 0).toBe(role !== 'administrator');
      expect(await deniedWalk(denied, await signIn(role), 403)).toEqual([]);
    },
  );

  it.each(PERMISSIONS)('is closed to a token with the scope %s alone when it asks for another', async (scope) => {
    const denied = operations.filter(({ permission }) => ![scope, 'public', 'authenticated'].includes(permission));
    expect(await deniedWalk(denied, await tokenWith([scope]), 403)).toEqual([]);
  });

  it('is closed to a token whose owner lost the role for its scopes', async () => {
    const owner = await program.access.users.add({
      username: 'demoted',
      name: '',
      role: 'auditor',
      password: PASSWORD,
    });
    const token = await tokenWith(['audit:read', 'assets:read'], owner.id);
    expect(await ask({ method: 'GET', path: '/api/v1/audit' }, token)).toBe(200);
    await program.access.users.change(owner.id, { role: 'viewer' });
    expect(await ask({ method: 'GET', path: '/api/v1/audit' }, token)).toBe(403);
    expect(await ask({ method: 'GET', path: '/api/v1/assets' }, token)).toBe(200);
  });

  it.each(ROLES)('lets the role %s in where it has it', async (role) => {
    const allowed = new Set<string>([...ROLE_PERMISSIONS[role], 'public', 'authenticated']);
    let session = await signIn(role);
    const wrong: string[] = [];
    for (const operation of operations.filter(({ permission }) => allowed.has(permission))) {
      if (SLOW.includes(operation.name) && role !== 'it-operator') continue;
      const status = await ask(operation, session);
      if (operation.name === 'DELETE /api/v1/session') session = await signIn(role);
      if (!isLetIn(status) && !WAYS_IN.includes(operation.name)) wrong.push(`${operation.name} answers ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each(PERMISSIONS)('lets a token with the scope %s in where that is asked for', async (scope) => {
    const token = await tokenWith([scope]);
    const wrong: string[] = [];
    for (const operation of operations.filter(({ permission }) => [scope, 'authenticated'].includes(permission))) {
      const status = await ask(operation, token);
      const isExpected = FOR_PEOPLE.includes(operation.name) ? status === 400 || status === 403 : isLetIn(status);
      if (!isExpected) wrong.push(`${operation.name} answers ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('that changes something is closed to those who only look', () => {
    const looking = new Set<string>([...ROLE_PERMISSIONS.viewer, ...ROLE_PERMISSIONS.auditor]);
    const changes = operations.filter(({ method, permission }) => method !== 'GET' && looking.has(permission));
    // A saved view is its owner's alone; a check of a certificate, of a text, and a look at what would be change nothing.
    expect(changes.map(({ name }) => name).toSorted()).toEqual([
      'DELETE /api/v1/asset-views/{id}',
      'POST /api/v1/asset-views',
      'POST /api/v1/attack-paths/what-if',
      'POST /api/v1/care-map/outage',
      'POST /api/v1/certificates/check',
      'POST /api/v1/data-kinds/find',
      'POST /api/v1/playbooks/check',
      'POST /api/v1/weaknesses/what-if',
    ]);
  });
});

const isLetIn = (status: number) => status !== 401 && status !== 403 && status < 500;

/** Asks as one who knows what is there and how to change it. @returns what went wrong */
async function deniedWalk(
  denied: readonly Operation[],
  headers: Record<string, string>,
  expected: number,
): Promise<string[]> {
  const before = await stateOf(program);
  const refusals = await countRefusals(program);
  const wrong: string[] = [];
  for (const operation of denied) {
    const body = targets.bodies[operation.name];
    const status = await ask({ ...operation, path: pathOf(operation.path) }, headers, body);
    if (status !== expected) wrong.push(`${operation.name} answers ${status}`);
  }
  const after = await stateOf(program);
  for (const [table, state] of Object.entries(after)) if (before[table] !== state) wrong.push(`${table} was changed`);
  const noted = (await countRefusals(program)) - refusals;
  const changes = denied.filter(({ method }) => method !== 'GET').length;
  if (noted !== changes) wrong.push(`${noted} of ${changes} refused changes are in the audit trail`);
  return wrong;
}

/** @param body sent as JSON; when absent one that is JSON and no valid input: whoever is let in is told so, and nothing is done */
async function ask(
  { method, path }: Pick<Operation, 'method' | 'path'>,
  headers: Record<string, string>,
  body: unknown = 'not an object',
): Promise<number> {
  const stop = new AbortController();
  const isChange = method !== 'GET';
  const request = new Request(`${ORIGIN}${path.replace(/\{\w+\}/g, NOBODY)}`, {
    method,
    headers: { ...headers, ...(isChange ? { 'content-type': 'application/json', 'x-sphinx-request': '1' } : {}) },
    signal: stop.signal,
    ...(isChange && method !== 'DELETE' ? { body: JSON.stringify(body) } : {}),
  });
  const response = await program.fetch(request);
  // What streams is cut off.
  stop.abort();
  await response.body?.cancel().catch(() => undefined);
  return response.status;
}

async function signIn(role: Role): Promise<Record<string, string>> {
  const response = await program.fetch(
    new Request(`${ORIGIN}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: role, password: PASSWORD }),
    }),
  );
  expect(response.status).toBe(200);
  return { cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' };
}

async function tokenWith(permissions: Permission[], owner = users.get('administrator') ?? '') {
  const { secret } = await program.access.tokens.create(owner, { name: 'walk', permissions, expiresInDays: 1 });
  return { authorization: `Bearer ${secret}` };
}

/** The path with ids of things that are there. */
function pathOf(path: string): string {
  const [, , , kind = ''] = path.split('/');
  return path.replace(/\{\w+\}/g, () => (path.includes('/latest/') ? targets.ids.assets : targets.ids[kind]) ?? NOBODY);
}

/**
 * What every table but the audit trail, sessions and positions of readers holds: how many rows, and by which transaction
 * the newest of them was written (PostgreSQL's system column `xmin`). Of tokens the rows, since each use is noted there.
 */
async function stateOf({ engines }: Program): Promise<Record<string, string>> {
  const tables = await engines.state.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  // What is usual is written some seconds after it was learnt, whoever asks for what meanwhile.
  const movesByItself = ['audit.entry', 'access.session', 'platform.consumer', 'anomaly_detection.baseline'];
  const kept = tables.filter(({ name }) => !movesByItself.includes(name));
  const states = kept.map(({ name }) => {
    const state =
      name === 'access.token'
        ? `string_agg((to_jsonb(t) - 'last_used_at')::text, ',' ORDER BY id)`
        : `concat(count(*), ' rows, ', max(xmin::text::bigint))`;
    return `SELECT '${name}' AS name, ${state} AS state FROM ${name} t`;
  });
  const rows = await engines.state.query<{ name: string; state: string }>(states.join(' UNION ALL '));
  return Object.fromEntries(rows.map(({ name, state }) => [name, state]));
}

async function countRefusals({ engines }: Program): Promise<number> {
  const [row] = await engines.state.query<{ count: number | string }>(
    "SELECT count(*) AS count FROM audit.entry WHERE outcome = 'refused'",
  );
  return Number(row?.count);
}
