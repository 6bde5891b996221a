import {
  type Clock,
  defineRoute,
  ListQuery,
  pageOfList,
  pageSchema,
  type Route,
  type Secrets,
  SequencePageQuery,
  SphinxError,
} from '@sphinx/platform';
import { z } from 'zod';
import type { IncidentStore } from '../incidents/incident-store.ts';
import type { IncidentWork } from '../incidents/incident-work.ts';
import { authorityDrafts, type Duty } from '../notifications/authority-drafts.ts';
import { type Channel, ChannelSettings } from '../notifications/channel.ts';
import type { ChannelStore } from '../notifications/channel-store.ts';
import { type NotificationDesk, secretNameOf } from '../notifications/notification-desk.ts';
import { IncidentParams, TAG } from './incident-shapes.ts';

export interface NotificationRouteParts {
  readonly store: IncidentStore;
  readonly work: IncidentWork;
  readonly channels: ChannelStore;
  readonly desk: NotificationDesk;
  readonly duties: readonly Duty[];
  readonly secrets: Secrets;
  readonly clock: Clock;
}

const ChannelItem = ChannelSettings.extend({
  id: z.string(),
  hasSecret: z.boolean().meta({ description: 'A password, token or address is kept, encrypted; it is never shown' }),
}).meta({ id: 'NotificationChannel' });
const Secret = z.string().max(4000).optional().meta({
  description:
    'Password of mail, key of the signature of a webhook, address of a Teams or Slack webhook, token of Matrix; absent: it stays',
});
const DeliveryItem = z
  .object({
    id: z.string(),
    channel: z.string(),
    incident: z.string(),
    event: z.string(),
    title: z.string(),
    state: z.enum(['waiting', 'told', 'given-up']),
    dueAt: z.number(),
    attempts: z.int(),
    error: z.string(),
    toldAt: z.number().nullable(),
  })
  .meta({ id: 'NotificationDelivery' });
const DraftItem = z
  .object({
    id: z.string(),
    duty: z.string(),
    title: z.string(),
    recipient: z.string(),
    applies: z.string(),
    article: z.string(),
    url: z.string(),
    dueAt: z.number(),
    isOverdue: z.boolean(),
    fields: z.array(z.object({ title: z.string(), text: z.string(), isOpen: z.boolean() })),
  })
  .meta({ id: 'AuthorityDraft' });
const Body = z.object({ settings: ChannelSettings, secret: Secret });

/** Channels of notifications, what was told, and drafts for authorities. */
export function notificationRoutes(parts: NotificationRouteParts): readonly Route[] {
  const { store, work, channels, desk, duties, secrets, clock } = parts;
  const write = { tag: TAG, permission: 'notifications:write' } as const;
  const subject = ({ params }: { params: { id: string } }) => params.id;
  const view = async (channel: Channel) => ({
    ...channel,
    hasSecret: (await secrets.get(secretNameOf(channel.id))) !== undefined,
  });
  const save = async ({ settings, secret }: z.infer<typeof Body>, id?: string) => {
    const channel = await channels.save(settings, id);
    if (secret !== undefined) await secrets.set(secretNameOf(channel.id), Buffer.from(secret, 'utf8'));
    return view(channel);
  };
  const find = async (id: string) => {
    const channel = await channels.get(id);
    if (channel === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no channel "${id}".`);
    return channel;
  };
  return [
    defineRoute({
      ...write,
      method: 'GET',
      path: '/notification-channels',
      operationId: 'listNotificationChannels',
      summary: 'Where news of incidents goes',
      query: ListQuery,
      response: pageSchema(ChannelItem),
      handler: async ({ query }) =>
        pageOfList(await Promise.all((await channels.channels()).map(view)), query, ({ id }) => id),
    }),
    defineRoute({
      ...write,
      method: 'POST',
      path: '/notification-channels',
      operationId: 'addNotificationChannel',
      summary: 'Adds a channel: mail, webhook, Teams, Slack, Matrix, syslog or CEF',
      body: Body,
      response: ChannelItem,
      status: 201,
      audit: { action: 'notification-channel.add', subject: ({ body }) => body.settings.name },
      handler: ({ body }) => save(body),
    }),
    defineRoute({
      ...write,
      method: 'PUT',
      path: '/notification-channels/{id}',
      operationId: 'changeNotificationChannel',
      summary: 'Changes a channel',
      params: IncidentParams,
      body: Body,
      response: ChannelItem,
      audit: { action: 'notification-channel.change', subject },
      handler: async ({ params, body }) => save(body, (await find(params.id)).id),
    }),
    defineRoute({
      ...write,
      method: 'DELETE',
      path: '/notification-channels/{id}',
      operationId: 'removeNotificationChannel',
      summary: 'Removes a channel and what waits for it',
      params: IncidentParams,
      response: null,
      status: 204,
      audit: { action: 'notification-channel.remove', subject },
      handler: async ({ params }) => {
        await channels.remove((await find(params.id)).id);
        await secrets.remove(secretNameOf(params.id));
      },
    }),
    defineRoute({
      ...write,
      method: 'POST',
      path: '/notification-channels/{id}/test',
      operationId: 'testNotificationChannel',
      summary: 'Sends a message that says that it is a test, at once',
      params: IncidentParams,
      response: z.object({ isTold: z.boolean(), error: z.string() }),
      audit: { action: 'notification-channel.test', subject },
      handler: async ({ params, principal }) => {
        const channel = await find(params.id);
        try {
          await desk.test(channel, principal.name);
          return { isTold: true, error: '' };
        } catch (error) {
          return { isTold: false, error: error instanceof Error ? error.message : String(error) };
        }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/notification-deliveries',
      operationId: 'listNotificationDeliveries',
      summary: 'What was told, what waits, and what could not be told, newest first',
      tag: TAG,
      permission: 'incidents:read',
      query: SequencePageQuery,
      response: pageSchema(DeliveryItem),
      handler: async ({ query: { cursor, limit } }) => {
        const page = await channels.list({ before: cursor, limit });
        const items = page.items.map(({ message, ...each }) => ({
          ...each,
          event: message.event,
          title: message.incident.title,
        }));
        return { ...page, items };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/incidents/{id}/authority-drafts',
      operationId: 'listAuthorityDrafts',
      summary:
        'What authorities would be told, by when, filled as far as the facts go; whether a duty applies is judged by a person',
      tag: TAG,
      permission: 'incidents:read',
      params: IncidentParams,
      query: ListQuery,
      response: pageSchema(DraftItem),
      handler: async ({ params, query }) => {
        const { view: incident } = await work.get(params.id);
        const drafts = authorityDrafts(incident, await store.activityOf(params.id), duties, clock.now());
        return pageOfList(drafts, query, ({ id }) => id);
      },
    }),
  ];
}
