import type { Access } from '../access/access.ts';
import { SphinxError } from '../errors.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Logger } from '../service/service.ts';
import type { Api } from './api.ts';
import { API_BASE, createOpenApiDocument } from './openapi.ts';
import { problemOf, problemResponse } from './problem.ts';
import { withSecurityHeaders } from './security-headers.ts';

export interface FrontOptions {
  readonly api: Api;
  readonly access: Access;
  readonly metrics: Metrics;
  readonly version: string;
  readonly logger: Logger;
  readonly isReady: () => Promise<boolean>;
  /** Files of the console; undefined when it is not built. */
  readonly console: ((request: Request) => Promise<Response | undefined>) | undefined;
}

const CONSOLE_MISSING =
  'The console is not built. Run "npm run build" in the project folder and start SPHINX again. The API works.\n';

/** Everything that the program answers: API, its description, probes of an orchestrator, metrics, console. */
export function createFront(options: FrontOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const path = new URL(request.url).pathname;
    try {
      return withSecurityHeaders(await answer(options, request, path));
    } catch (error) {
      if (!(error instanceof SphinxError)) options.logger.error('A request failed', { path, error: String(error) });
      return withSecurityHeaders(problemResponse(problemOf(error, path)));
    }
  };
}

async function answer(options: FrontOptions, request: Request, path: string): Promise<Response> {
  const { api } = options;
  if (path.startsWith(`${API_BASE}/`)) return api.fetch(request);
  // Where every OpenC2 consumer is found (Transfer of OpenC2 Messages via HTTPS 1.0, §3.1; RFC 8615).
  if (path === '/.well-known/openc2')
    return api.fetch(new Request(new URL(`${API_BASE}/openc2`, request.url), request));
  switch (path) {
    case '/api/openapi.json':
      return Response.json(createOpenApiDocument(api.routes, options.version), {
        headers: { 'cache-control': 'no-cache' },
      });
    case '/healthz':
      return new Response('ok\n');
    case '/readyz':
      return (await options.isReady()) ? new Response('ready\n') : new Response('starting\n', { status: 503 });
    case '/metrics':
      return metrics(options, request);
    default:
      return consoleFile(options, request, path);
  }
}

/** Figures tell much about a hospital's network: they need a token with `health:read`. */
async function metrics(options: FrontOptions, request: Request): Promise<Response> {
  const principal = await options.access.principalOf(request);
  if (!principal.permissions.has('health:read')) {
    throw new SphinxError('SPX_UNAUTHENTICATED', 'Send an API token with the scope health:read as bearer.');
  }
  const { type, text } = await options.metrics.render();
  return new Response(text, { headers: { 'content-type': type, 'cache-control': 'no-store' } });
}

async function consoleFile(options: FrontOptions, request: Request, path: string): Promise<Response> {
  if (options.console === undefined && path === '/') return new Response(CONSOLE_MISSING, { status: 503 });
  const file = await options.console?.(request);
  return file ?? problemResponse(problemOf(new SphinxError('SPX_NOT_FOUND', `There is nothing at ${path}.`), path));
}
