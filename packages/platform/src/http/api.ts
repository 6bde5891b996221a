import { isStorable, maySayUnstorable } from '@sphinx/schema';
import type { z } from 'zod';
import { type Access, ANONYMOUS } from '../access/access.ts';
import type { Permission } from '../access/permission.ts';
import type { Principal } from '../access/principal.ts';
import type { AuditedChange, AuditTrail } from '../audit/audit-trail.ts';
import { SphinxError } from '../errors.ts';
import type { Logger } from '../service/service.ts';
import { statusOf } from './openapi.ts';
import { problemOf, problemResponse, validationProblem } from './problem.ts';
import type { Route, RouteInput } from './route.ts';
import { RouteTable } from './route-table.ts';

/** JSON bodies are settings and small forms; captures go the raw way. Imports of inventories are the largest. */
const MAXIMUM_JSON_BYTES = 16_000_000;

export interface ApiOptions {
  /** The routes as they are at this moment. */
  readonly routes: () => readonly Route[];
  readonly access: Access;
  readonly audit: AuditTrail;
  readonly logger: Logger;
  /** Told after every answer, for the metrics. */
  readonly onAnswer?: (answer: { operationId: string; status: number; durationMs: number }) => void;
}

export interface Api {
  /** Answers a request under `/api/v1`. Never rejects. */
  fetch(request: Request): Promise<Response>;
  readonly routes: readonly Route[];
}

/** The HTTP API over route definitions: who asks, may they, does the input fit, do it, record it, answer. */
export function createApi(options: ApiOptions): Api {
  const table = new RouteTable(options.routes);
  return {
    get routes() {
      return table.routes;
    },
    async fetch(request) {
      const startedAt = performance.now();
      const path = new URL(request.url).pathname;
      let operationId = 'unknown';
      let response: Response;
      try {
        const found = await table.dispatch(request, async (route, params) => {
          operationId = route.operationId;
          return answerGuarded(options, route, params, request, path);
        });
        response =
          found ??
          problemResponse(problemOf(new SphinxError('SPX_NOT_FOUND', noRouteMessage(request.method, path)), path));
      } catch (error) {
        response = refuse(options.logger, error, path);
      }
      response.headers.set('cache-control', response.headers.get('cache-control') ?? 'no-store');
      options.onAnswer?.({ operationId, status: response.status, durationMs: performance.now() - startedAt });
      return response;
    },
  };
}

async function answerGuarded(
  options: ApiOptions,
  route: Route,
  params: Record<string, string>,
  request: Request,
  path: string,
): Promise<Response> {
  let principal = ANONYMOUS;
  let input: RouteInput | undefined;
  let announcement: number | undefined;
  try {
    // A way in must stay open for whoever holds a cookie or token that has run out.
    principal = route.permission === 'public' ? ANONYMOUS : await options.access.principalOf(request);
    requirePermission(route.permission, principal);
    const parsed = await readInput(route, params, request, principal);
    if (parsed instanceof Response) return parsed;
    input = parsed;
    const change = route.audit?.isForRefusalsOnly === true ? undefined : changeOf(route, principal, input);
    announcement = await announce(options, change);
    const result = await route.handler(input);
    await record(options, change, 'success', { announcement });
    return respond(route, result, request.url);
  } catch (error) {
    const isRefused = error instanceof SphinxError && error.status < 500;
    const outcome = isRefused ? 'refused' : 'failed';
    await record(options, changeOf(route, principal, input), outcome, { announcement, error });
    return refuse(options.logger, error, path);
  }
}

function requirePermission(permission: Permission | 'public' | 'authenticated', principal: Principal): void {
  if (permission === 'public') return;
  if (principal.kind === 'anonymous') {
    throw new SphinxError('SPX_UNAUTHENTICATED', 'Sign in, or send an API token as "Authorization: Bearer …".');
  }
  if (permission === 'authenticated' || principal.permissions.has(permission)) return;
  throw new SphinxError('SPX_FORBIDDEN', `This needs the permission ${permission}. Ask an administrator for it.`);
}

/** @returns the checked input, or the answer that says what does not fit */
async function readInput(
  route: Route,
  pathParams: Record<string, string>,
  request: Request,
  principal: Principal,
): Promise<RouteInput | Response> {
  const url = new URL(request.url);
  const sources: [where: 'params' | 'query' | 'body', schema: z.ZodType | undefined, value: unknown][] = [
    ['params', route.params, pathParams],
    ['query', route.query, queryOf(url)],
    ['body', route.body, route.body === undefined || route.bodyKind === 'raw' ? undefined : await readJson(request)],
  ];
  const input: Record<string, unknown> = {};
  for (const [where, schema, value] of sources) {
    if (value !== undefined && where !== 'body') requireStorable(value);
    const parsed = schema?.safeParse(value);
    if (parsed?.success === false) return problemResponse(validationProblem(parsed.error, where, url.pathname));
    input[where] = parsed?.data ?? {};
  }
  return { ...input, principal, request } as unknown as RouteInput;
}

/** A parameter that comes several times becomes a list. */
function queryOf(url: URL): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name);
    query[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return query;
}

async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/(json|[\w.+-]+\+json)\b/.test(type)) {
    throw new SphinxError('SPX_INVALID_INPUT', 'Send the body as application/json.');
  }
  const text = await readLimited(request);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw new SphinxError('SPX_INVALID_INPUT', 'The body is not JSON.', { cause });
  }
  if (maySayUnstorable(text)) requireStorable(body);
  return body;
}

/** No database keeps these: they are refused at the door and not by whatever meets them first. */
function requireStorable(value: unknown): void {
  if (isStorable(value)) return;
  throw new SphinxError(
    'SPX_INVALID_INPUT',
    'Leave out NUL characters and halves of surrogate pairs (\\u0000, \\ud800).',
  );
}

async function readLimited(request: Request): Promise<string> {
  if (request.body === null) return '';
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of request.body) {
    received += chunk.length;
    if (received > MAXIMUM_JSON_BYTES) {
      throw new SphinxError('SPX_TOO_LARGE', `Send at most ${MAXIMUM_JSON_BYTES / 1_000_000} MB in one request.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @returns what the audit trail says of the request; undefined for one that changes nothing */
function changeOf(route: Route, principal: Principal, input: RouteInput | undefined): AuditedChange | undefined {
  if (route.audit === undefined) return undefined;
  return {
    actorKind: principal.kind,
    actorId: principal.id,
    actorName: principal.name,
    action: route.audit.action,
    subject: input === undefined ? route.path : route.audit.subject(input),
  };
}

function announce({ audit }: ApiOptions, change: AuditedChange | undefined): Promise<number> | undefined {
  return change === undefined ? undefined : audit.announce(change);
}

async function record(
  { audit, logger }: ApiOptions,
  change: AuditedChange | undefined,
  outcome: 'success' | 'refused' | 'failed',
  { announcement, error }: { announcement?: number | undefined; error?: unknown },
): Promise<void> {
  if (change === undefined) return;
  const reason = error instanceof Error ? error.message : String(error);
  try {
    await audit.append({ ...change, outcome, ...(error === undefined ? {} : { detail: { reason } }) }, announcement);
  } catch (cause) {
    logger.error('The audit trail could not be written', { action: change.action, error: String(cause) });
    if (outcome === 'success') throw cause;
  }
}

/** What leaves is what the schema names: nothing slips out, and the OpenAPI document is always true. */
function respond(route: Route, result: unknown, url: string): Response {
  if (result instanceof Response) return result;
  const status = statusOf(route);
  if (route.response === null) return new Response(null, { status });
  if ('raw' in route.response) throw new Error(`${route.operationId} must answer with a Response`);
  return Response.json(route.response.parse(result), { status, headers: linkToNextPage(result, url) });
}

/** A list says where it goes on in its header, too (RFC 8288), so that general clients can follow it. */
function linkToNextPage(result: unknown, url: string): Record<string, string> {
  if (typeof result !== 'object' || result === null || !('nextCursor' in result)) return {};
  if (typeof result.nextCursor !== 'string') return {};
  const { pathname, searchParams } = new URL(url);
  searchParams.set('cursor', result.nextCursor);
  return { link: `<${pathname}?${searchParams}>; rel="next"` };
}

function refuse(logger: Logger, error: unknown, path: string): Response {
  const problem = problemOf(error, path);
  if (problem.status >= 500) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    logger.error('A request failed', { path, code: problem.code, reason });
  }
  const detail =
    error instanceof SphinxError ? (error.detail as { retryAfterSeconds?: number } | undefined) : undefined;
  const retryAfter = detail?.retryAfterSeconds;
  return problemResponse(problem, retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) });
}

function noRouteMessage(method: string, path: string): string {
  return `There is no ${method} ${path}. It may belong to a service that is switched off; see /api/openapi.json.`;
}
