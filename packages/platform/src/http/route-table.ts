import { Hono } from 'hono';
import { SphinxError } from '../errors.ts';
import { API_BASE } from './openapi.ts';
import type { Route } from './route.ts';

/** Finds the route of a request. Services come and go, so the table is made anew whenever the list of routes changes. */
export class RouteTable {
  readonly #list: () => readonly Route[];
  #routes: readonly Route[] = [];
  #router = new Hono();

  constructor(list: () => readonly Route[]) {
    this.#list = list;
  }

  /** The routes as they are now. @throws Error when two routes are the same or a change leaves no trace in the audit */
  get routes(): readonly Route[] {
    const routes = this.#list();
    const isSame =
      routes.length === this.#routes.length && routes.every((route, index) => route === this.#routes[index]);
    if (!isSame) this.#rebuild(routes);
    return this.#routes;
  }

  /** @returns what `answer` makes of the route and its path parameters; undefined when there is no such route */
  async dispatch(
    request: Request,
    answer: (route: Route, params: Record<string, string>) => Promise<Response>,
  ): Promise<Response | undefined> {
    void this.routes;
    let isFound = false;
    const response = await this.#router.fetch(request, {
      answer: (route: Route, params: Record<string, string>) => {
        isFound = true;
        return answer(route, params);
      },
    });
    return isFound ? response : undefined;
  }

  #rebuild(routes: readonly Route[]): void {
    requireSound(routes);
    const router = new Hono();
    // Literal segments win over parameters, whatever the order in which services list their routes.
    for (const route of [...routes].sort(bySpecificity)) {
      const path = `${API_BASE}${route.path.replace(/\{(\w+)\}/g, ':$1')}`;
      router.on(route.method, path, (context) => {
        const { answer } = context.env as { answer: Answer };
        return answer(route, context.req.param() as Record<string, string>);
      });
    }
    this.#router = router;
    this.#routes = routes;
  }
}

type Answer = (route: Route, params: Record<string, string>) => Promise<Response>;

function bySpecificity(left: Route, right: Route): number {
  return parameterMask(left.path).localeCompare(parameterMask(right.path));
}

/** `/sources/{id}/start` → `010`: sorts literal segments first. */
function parameterMask(path: string): string {
  return path
    .split('/')
    .map((segment) => (segment.startsWith('{') ? '1' : '0'))
    .join('');
}

function requireSound(routes: readonly Route[]): void {
  const seen = new Set<string>();
  for (const route of routes) {
    const name = `${route.method} ${route.path.replace(/\{\w+\}/g, '{}')}`;
    if (seen.has(name)) throw new SphinxError('SPX_CONFLICT', `${name} is defined twice.`);
    seen.add(name);
    if (route.method !== 'GET' && route.audit === undefined) {
      throw new SphinxError('SPX_CONFLICT', `${name} changes something and says nothing to the audit trail.`);
    }
  }
}
