import { LogKind } from '@sphinx/logs';
import {
  type CertificateAuthority,
  type Clock,
  defineRoute,
  ListQuery,
  pageOfList,
  pageSchema,
  type Route,
  SphinxError,
} from '@sphinx/platform';
import { parse } from 'yaml';
import { z } from 'zod';
import type { FormatDesk } from '../formats/format-desk.ts';
import type { KindRetention } from '../retention.ts';
import type { LogStore } from '../store.ts';
import { proposalRoute } from './proposal-route.ts';

const TAG = 'logs';
const FormatItem = z
  .object({
    id: z.string(),
    title: z.string(),
    kind: LogKind,
    product: z.string(),
    reads: z.string(),
    references: z.array(z.string()),
    cases: z.int().meta({ description: 'Lines with what they must give' }),
    isOwn: z.boolean().meta({ description: 'Whether it is of this site' }),
  })
  .meta({ id: 'LogFormatItem' });
const SourceItem = z
  .object({
    id: z.string().meta({ description: 'Way in and sender' }),
    format: z.string().meta({ description: 'Of what came last' }),
    firstSeen: z.number(),
    lastSeen: z.number(),
    events: z.int(),
    unparsed: z.int().meta({ description: 'Kept as they came, as no format fits' }),
    dropped: z.int().meta({ description: 'Left out: beyond the limit of the sender, or no room' }),
    truncated: z.int().meta({ description: 'Cut, as they were too long' }),
  })
  .meta({ id: 'LogSource' });
const RetentionItem = z.object({ kind: LogKind, days: z.int(), isOwn: z.boolean() }).meta({ id: 'LogRetention' });

/** Who sends, how it is read, and how long it is kept. */
export function setupRoutes(parts: {
  desk: FormatDesk;
  store: LogStore;
  clock: Clock;
  retention: () => Promise<readonly KindRetention[]>;
  authority: () => Promise<CertificateAuthority>;
  saveCounts: () => Promise<void>;
  changed: () => void;
}): readonly Route[] {
  const { desk, store, clock, retention, authority, changed } = parts;
  return [
    defineRoute({
      method: 'GET',
      path: '/log-sources',
      operationId: 'listLogSources',
      summary: 'Who sends logs, with counts, those that sent last first',
      tag: TAG,
      permission: 'logs:read',
      query: ListQuery,
      response: pageSchema(SourceItem),
      handler: async ({ query }) => {
        await parts.saveCounts();
        return pageOfList(await store.sources(), query, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/log-formats',
      operationId: 'listLogFormats',
      summary: 'Formats of logs that are read',
      tag: TAG,
      permission: 'logs:read',
      query: ListQuery,
      response: pageSchema(FormatItem),
      handler: async ({ query }) => {
        const items = desk.list().map(({ format, isOwn }) => ({
          id: format.id,
          title: format.title,
          kind: format.kind,
          product: format.product,
          reads: format.read,
          references: format.references,
          cases: format.cases.length,
          isOwn,
        }));
        return pageOfList(items, query, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/log-formats',
      operationId: 'saveLogFormat',
      summary: 'Puts a format of this site into force when its cases give what they say',
      tag: TAG,
      permission: 'logs:write',
      body: z.object({ definition: z.string().max(500_000).meta({ description: 'YAML as in knowledge/log-formats' }) }),
      response: z.object({ id: z.string(), title: z.string() }),
      status: 201,
      audit: { action: 'log-format.save', subject: ({ body }) => body.definition.slice(0, 100) },
      handler: async ({ body }) => {
        const { id, title } = await desk.save(readYaml(body.definition), clock.now());
        changed();
        return { id, title };
      },
    }),
    proposalRoute(desk),
    defineRoute({
      method: 'DELETE',
      path: '/log-formats/{id}',
      operationId: 'removeLogFormat',
      summary: 'Takes a format of this site away; one of the same id that SPHINX comes with is in force again',
      tag: TAG,
      permission: 'logs:write',
      params: z.object({ id: z.string().max(100) }),
      response: null,
      audit: { action: 'log-format.remove', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        await desk.remove(params.id);
        changed();
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/log-retention',
      operationId: 'listLogRetention',
      summary: 'How many days events of each kind are kept',
      tag: TAG,
      permission: 'logs:read',
      query: ListQuery,
      response: pageSchema(RetentionItem),
      handler: async ({ query }) => pageOfList(await retention(), query, ({ kind }) => kind),
    }),
    defineRoute({
      method: 'PUT',
      path: '/log-retention/{kind}',
      operationId: 'setLogRetention',
      summary: 'Keeps events of a kind for so many days; null takes the number of the settings again',
      tag: TAG,
      permission: 'logs:write',
      params: z.object({ kind: z.string().max(100) }),
      body: z.object({ days: z.int().min(1).max(3650).nullable() }),
      response: null,
      audit: {
        action: 'log-retention.set',
        subject: ({ params, body }) => `${params.kind}: ${body.days ?? 'as in the settings'}`,
      },
      handler: async ({ params, body }) => {
        const kind = LogKind.safeParse(params.kind);
        if (!kind.success) throw new SphinxError('SPX_NOT_FOUND', `There is no kind ${params.kind} of logs.`);
        await store.keep(kind.data, body.days);
        changed();
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/log-authority',
      operationId: 'getLogAuthority',
      summary: 'Certificate (PEM) of the authority that senders over TLS have to trust',
      tag: TAG,
      permission: 'logs:read',
      response: { raw: 'application/x-pem-file' },
      handler: async () =>
        new Response((await authority()).certificate, {
          headers: {
            'content-type': 'application/x-pem-file',
            'content-disposition': 'attachment; filename="sphinx-logs.pem"',
          },
        }),
    }),
  ];
}

function readYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 10 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SphinxError('SPX_INVALID_INPUT', `The definition is not YAML: ${reason}`, { cause });
  }
}
