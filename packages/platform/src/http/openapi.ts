import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { Problem } from './problem.ts';
import type { Route } from './route.ts';

/** Base of every path of the API. */
export const API_BASE = '/api/v1';

/**
 * @returns the OpenAPI 3.1 document of the routes; `x-permission` on each operation says what it asks for
 */
export function createOpenApiDocument(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    const path = `${API_BASE}${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'SPHINX',
      version,
      description:
        'Cybersecurity toolkit for hospitals. Sign in with a session cookie, or send an API token as bearer.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: paths as ZodOpenApiPathsObject,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-sphinx' },
      },
    },
  });
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const isPublic = route.permission === 'public';
  const requestParams = {
    ...(route.params === undefined ? {} : { path: route.params }),
    ...(route.query === undefined ? {} : { query: route.query }),
  };
  return {
    operationId: route.operationId,
    summary: route.summary,
    tags: [route.tag],
    security: isPublic ? [] : [{ token: [] }, { session: [] }],
    requestParams,
    ...requestBodyOf(route),
    responses: {
      [String(statusOf(route))]: successOf(route),
      default: { description: 'Refused', content: { 'application/problem+json': { schema: Problem } } },
    },
    'x-permission': route.permission,
  };
}

function requestBodyOf(route: Route): Pick<ZodOpenApiOperationObject, 'requestBody'> {
  if (route.bodyKind === 'raw') {
    return {
      requestBody: { content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } } },
    };
  }
  if (route.body === undefined) return {};
  return { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } };
}

/** Status of a route that did what was asked. */
export function statusOf(route: Route): number {
  return route.status ?? (route.response === null ? 204 : 200);
}

function successOf({ response }: Route) {
  const description = 'Done';
  if (response === null) return { description };
  if ('raw' in response) return { description, content: { [response.raw]: {} } };
  return { description, content: { 'application/json': { schema: response } } };
}
