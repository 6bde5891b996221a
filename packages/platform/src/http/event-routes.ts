import { FACTS, type FactType } from '@sphinx/schema';
import { z } from 'zod';
import type { Access } from '../access/access.ts';
import type { Bus } from '../bus/bus.ts';
import { SphinxError } from '../errors.ts';
import type { Notifier } from './notifier.ts';
import { cutPage, pageSchema, SequencePageQuery } from './page.ts';
import { defineRoute, type Route } from './route.ts';

const TYPES = Object.keys(FACTS) as FactType[];
const FactTypeName = z.enum(TYPES as [FactType, ...FactType[]]);
const EventItem = z
  .object({
    sequence: z.int(),
    id: z.string(),
    time: z.int(),
    type: FactTypeName,
    key: z.string(),
    source: z.string(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' });

/** The log of facts, and the stream that tells consoles what changed. */
export function eventRoutes(dependencies: { bus: Bus; notifier: Notifier; access: Access }): readonly Route[] {
  const { bus, notifier, access } = dependencies;
  return [
    defineRoute({
      method: 'GET',
      path: '/events',
      operationId: 'listEvents',
      summary: 'Facts of the event log, newest first',
      tag: 'events',
      permission: 'events:read',
      query: SequencePageQuery.extend({
        types: z
          .string()
          .optional()
          .meta({ description: `Comma-separated: ${TYPES.join(', ')}` }),
        key: z.string().max(200).optional().meta({ description: 'What the fact is about, for example an asset id' }),
        order: z.enum(['oldest-first', 'newest-first']).default('newest-first'),
      }),
      response: pageSchema(EventItem),
      handler: async ({ query }) => {
        const stored = await bus.read({
          limit: query.limit + 1,
          order: query.order,
          ...(query.types === undefined ? {} : { types: readTypes(query.types) }),
          ...(query.key === undefined ? {} : { key: query.key }),
          ...(query.cursor === undefined ? {} : { afterSequence: query.cursor }),
        });
        const events = stored.map(({ sequence, fact }) => ({ sequence, ...fact }));
        return cutPage(events, query.limit, ({ sequence }) => String(sequence));
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/stream',
      operationId: 'streamChanges',
      summary: 'Server-sent events: which topic changed',
      tag: 'events',
      permission: 'authenticated',
      response: { raw: 'text/event-stream' },
      handler: async ({ principal, request }) =>
        notifier.stream(principal, request.signal, () => access.principalOf(request, false)),
    }),
  ];
}

function readTypes(text: string): FactType[] {
  return text.split(',').map((type) => {
    const parsed = FactTypeName.safeParse(type.trim());
    if (parsed.success) return parsed.data;
    throw new SphinxError('SPX_INVALID_INPUT', `There is no event type "${type}". Known types: ${TYPES.join(', ')}.`);
  });
}
