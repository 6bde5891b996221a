import type { LogFormat } from '@sphinx/logs';
import { defineRoute, PageLimit, PageQuery, pageSchema, type Route, SphinxError } from '@sphinx/platform';
import { TELEMETRY } from '@sphinx/schema';
import { z } from 'zod';
import type { LogRow } from '../intake/log-row.ts';
import { exportEvents } from '../search/export.ts';
import type { LiveTail } from '../search/live-tail.ts';
import type { LogSearch } from '../search/log-search.ts';
import { maskRow } from '../search/mask.ts';

const TAG = 'logs';
const PERMISSION = 'logs:read';

const LogEvent = TELEMETRY.log_activity.omit({ src_ip_key: true, dst_ip_key: true, fields: true }).extend({
  fields: z.record(z.string(), z.unknown()).meta({ description: 'All that it says, by its own names' }),
});
const LogEventItem = LogEvent.meta({ id: 'LogEvent' });

const SearchQuery = z.object({
  query: z.string().max(10_000).default('').meta({ description: 'In the language of searches, see docs/logs.md' }),
  from: z.coerce.number().int().nonnegative().optional().meta({ description: 'Milliseconds since 1970' }),
  until: z.coerce.number().int().nonnegative().optional().meta({ description: 'Exclusive' }),
});

/** Finding events again. What may name a patient is masked everywhere but where it is asked for with a reason. */
export function searchRoutes(parts: {
  search: LogSearch;
  tail: LiveTail;
  formatOf: (id: string) => LogFormat | undefined;
}): readonly Route[] {
  const { search, tail, formatOf } = parts;
  const shown = (row: LogRow) => eventOf(maskRow(row, formatOf(row.format)));
  const requireEvent = async (id: string): Promise<LogRow> => {
    const row = await search.find(id);
    if (row === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no event ${id} any more.`);
    return row;
  };
  return [
    defineRoute({
      method: 'GET',
      path: '/logs',
      operationId: 'searchLogs',
      summary: 'Events of logs that fit a query, newest first',
      tag: TAG,
      permission: PERMISSION,
      query: PageQuery.extend(SearchQuery.shape).extend({
        order: z.enum(['oldest-first', 'newest-first']).default('newest-first'),
      }),
      response: pageSchema(LogEventItem),
      handler: async ({ query: { cursor, limit, order, ...query } }) => {
        const page = await search.page(query, limit, cursor, order === 'oldest-first');
        return { ...page, items: page.items.map(shown) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/logs/histogram',
      operationId: 'getLogHistogram',
      summary: 'How many events that fit a query there were when, by severity',
      tag: TAG,
      permission: PERMISSION,
      query: SearchQuery,
      response: z.object({
        from: z.number(),
        until: z.number(),
        bucketMs: z.int(),
        total: z.int(),
        buckets: z.array(z.object({ time: z.number(), counts: z.record(z.string(), z.int()) })),
      }),
      handler: ({ query }) => search.histogram(query),
    }),
    defineRoute({
      method: 'GET',
      path: '/logs/values',
      operationId: 'getLogValues',
      summary: 'The most frequent values of a column among the events that fit a query',
      tag: TAG,
      permission: PERMISSION,
      query: SearchQuery.extend({ column: z.string().max(100), limit: PageLimit.default(10) }),
      response: z.object({ values: z.array(z.object({ value: z.string(), count: z.int() })) }),
      handler: async ({ query: { column, limit, ...query } }) => ({
        values: await search.values(query, column, limit),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/logs/export',
      operationId: 'exportLogs',
      summary: 'All events that fit a query as CSV or JSON lines, what may name a patient masked',
      tag: TAG,
      permission: PERMISSION,
      query: SearchQuery.extend({ format: z.enum(['csv', 'jsonl']).default('jsonl') }),
      response: { raw: 'application/octet-stream' },
      handler: async ({ query: { format, ...query } }) => {
        search.conditionOf(query.query);
        return exportEvents(search, query, format, formatOf);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/logs/tail',
      operationId: 'tailLogs',
      summary: 'Server-sent events: events that fit a query as they come in',
      tag: TAG,
      permission: PERMISSION,
      query: SearchQuery.pick({ query: true }),
      response: { raw: 'text/event-stream' },
      handler: async ({ query, request }) => tail.stream(search.conditionOf(query.query), request.signal),
    }),
    defineRoute({
      method: 'GET',
      path: '/logs/{id}',
      operationId: 'getLog',
      summary: 'One event, what may name a patient masked',
      tag: TAG,
      permission: PERMISSION,
      params: z.object({ id: z.string().max(200) }),
      response: LogEventItem,
      handler: async ({ params }) => shown(await requireEvent(params.id)),
    }),
    defineRoute({
      method: 'POST',
      path: '/logs/{id}/reveal',
      operationId: 'revealLog',
      summary: 'One event as it came, with all that may name a patient; who asks and why is recorded',
      tag: TAG,
      permission: 'logs:reveal',
      params: z.object({ id: z.string().max(200) }),
      body: z.object({ reason: z.string().trim().min(5).max(500) }),
      response: LogEventItem,
      audit: { action: 'log.reveal', subject: ({ params, body }) => `${params.id}: ${body.reason}` },
      handler: async ({ params }) => eventOf(await requireEvent(params.id)),
    }),
  ];
}

function eventOf(row: LogRow): z.infer<typeof LogEvent> {
  const { src_ip_key: _source, dst_ip_key: _destination, fields, ...event } = row;
  return { ...event, fields: parseFields(fields) };
}

function parseFields(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
