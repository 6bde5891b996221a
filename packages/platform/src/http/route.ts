import type { z } from 'zod';
import type { Permission } from '../access/permission.ts';
import type { Principal } from '../access/principal.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One operation of the API, stated once: it gives validation, access control, audit and OpenAPI.
 * Paths are relative to `/api/v1`, parameters as `{id}`.
 */
export interface Route<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
> {
  readonly method: Method;
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly tag: string;
  /** `public` only for logging in, first run, health. */
  readonly permission: Permission | 'public' | 'authenticated';
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** `raw`: handler reads `request.stream` itself (uploads). */
  readonly bodyKind?: 'json' | 'raw';
  /** Success body; `null` for 204; `raw` for files and event streams, which the handler answers with a `Response`. */
  readonly response: z.ZodType | null | { readonly raw: string };
  readonly status?: number;
  /** For every route that changes something: what the audit trail records. */
  readonly audit?: {
    readonly action: string;
    readonly subject: (input: RouteInput<Params, Query, Body>) => string;
    /** What only takes in telemetry is asked thousands of times an hour: of it, refusals are recorded. */
    readonly isForRefusalsOnly?: boolean;
  };
  handler(input: RouteInput<Params, Query, Body>): Promise<unknown>;
}

export interface RouteInput<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
> {
  readonly params: z.infer<Params>;
  readonly query: z.infer<Query>;
  readonly body: z.infer<Body>;
  readonly principal: Principal;
  /** The request as a web standard object, for uploads, event streams and cookies. */
  readonly request: Request;
}

/** Keeps the inferred types of params, query and body in the handler. */
export function defineRoute<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
>(route: Route<Params, Query, Body>): Route {
  return route as unknown as Route;
}
