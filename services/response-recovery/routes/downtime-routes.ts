import { defineRoute, ListQuery, pageOfList, pageSchema, type Route } from '@sphinx/platform';
import { z } from 'zod';
import type { ResponseRouteParts } from './response-routes.ts';
import { personOf } from './views.ts';

const TAG = 'downtime';
const READ = 'downtime:read';
const WRITE = 'downtime:write';
const Line = z.string().trim().max(200);

export const ContactView = z
  .object({
    id: z.string(),
    area: z.string().meta({ description: 'Care area; empty: every ward' }),
    role: z.string(),
    name: z.string(),
    phone: z.string(),
    note: z.string(),
    changedBy: z.string(),
    changedAt: z.int(),
  })
  .meta({ id: 'DowntimeContact' });
export type ContactView = z.infer<typeof ContactView>;

export const DowntimeView = z
  .object({
    folder: z.string().meta({ description: 'Written anew every day' }),
    last: z.object({ at: z.int(), wards: z.int(), problem: z.string().nullable() }).nullable(),
    wards: z.array(
      z.object({
        title: z.string(),
        slug: z.string(),
        beds: z.int().nullable(),
        services: z.array(z.string()),
        contacts: z.int(),
      }),
    ),
  })
  .meta({ id: 'Downtime' });
export type DowntimeView = z.infer<typeof DowntimeView>;

export const DowntimeFiles = z
  .object({ files: z.array(z.object({ name: z.string(), base64: z.string() })) })
  .meta({ id: 'DowntimeFiles' });
export type DowntimeFiles = z.infer<typeof DowntimeFiles>;

/** What wards read and whom they call while everything else is down. */
export function downtimeRoutes(parts: ResponseRouteParts): readonly Route[] {
  return [...pageRoutes(parts), ...contactRoutes(parts)];
}

function pageRoutes({ downtime, notify }: ResponseRouteParts): readonly Route[] {
  const viewOf = async (): Promise<DowntimeView> => ({
    folder: downtime.folder,
    last:
      downtime.last === null
        ? null
        : { at: downtime.last.at, wards: downtime.last.wards, problem: downtime.last.problem },
    wards: (await downtime.sheets()).map(({ title, slug, beds, services, contacts }) => ({
      title,
      slug,
      beds,
      services: services.map((each) => each.title),
      contacts: contacts.length,
    })),
  });
  return [
    defineRoute({
      method: 'GET',
      path: '/downtime',
      operationId: 'getDowntime',
      summary: 'Wards with a downtime page, and when the folder was written last',
      tag: TAG,
      permission: READ,
      response: DowntimeView,
      handler: viewOf,
    }),
    defineRoute({
      method: 'POST',
      path: '/downtime/export',
      operationId: 'exportDowntime',
      summary: 'Writes the folder of pages anew',
      tag: TAG,
      permission: WRITE,
      response: DowntimeView,
      audit: { action: 'downtime.export', subject: () => 'pages of all wards' },
      handler: async () => {
        await downtime.export();
        notify();
        return viewOf();
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/downtime/files',
      operationId: 'getDowntimeFiles',
      summary: 'Every page and the document of all wards, to be written anywhere',
      tag: TAG,
      permission: READ,
      response: DowntimeFiles,
      handler: async () => ({
        files: [...(await downtime.files())].map(([name, content]) => ({
          name,
          base64: Buffer.from(content).toString('base64'),
        })),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/downtime/pages/{ward}',
      operationId: 'getDowntimePage',
      summary: 'The page of one ward, or `index` of all',
      tag: TAG,
      permission: READ,
      params: z.object({ ward: z.string().max(100) }),
      response: { raw: 'text/html' },
      handler: async ({ params }) =>
        new Response(await downtime.page(params.ward), { headers: { 'content-type': 'text/html; charset=utf-8' } }),
    }),
    defineRoute({
      method: 'GET',
      path: '/downtime/document',
      operationId: 'getDowntimeDocument',
      summary: 'All wards as one PDF',
      tag: TAG,
      permission: READ,
      response: { raw: 'application/pdf' },
      handler: async () =>
        new Response((await downtime.pdf()) as BodyInit, {
          headers: { 'content-type': 'application/pdf', 'content-disposition': 'attachment; filename="downtime.pdf"' },
        }),
    }),
  ];
}

function contactRoutes({ contacts, clock, notify }: ResponseRouteParts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/downtime/contacts',
      operationId: 'listDowntimeContacts',
      summary: 'Whom to call while screens are dark',
      tag: TAG,
      permission: READ,
      query: ListQuery,
      response: pageSchema(ContactView),
      handler: async ({ query }) => pageOfList(await contacts.list(), query, ({ id }) => id),
    }),
    defineRoute({
      method: 'POST',
      path: '/downtime/contacts',
      operationId: 'addDowntimeContact',
      summary: 'Adds somebody to the lists of all wards, or of one',
      tag: TAG,
      permission: WRITE,
      body: z.object({
        area: Line.default(''),
        role: Line.min(1),
        name: Line.default(''),
        phone: Line.min(1),
        note: Line.default(''),
      }),
      response: ContactView,
      status: 201,
      audit: { action: 'downtime.contact.add', subject: ({ body }) => `${body.role} (${body.area || 'every ward'})` },
      handler: async ({ body, principal }) => {
        const added = await contacts.add({ ...body, changedBy: personOf(principal).name, changedAt: clock.now() });
        notify();
        return added;
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/downtime/contacts/{id}',
      operationId: 'removeDowntimeContact',
      summary: 'Takes somebody off the lists',
      tag: TAG,
      permission: WRITE,
      params: z.object({ id: z.string().max(100) }),
      response: null,
      audit: { action: 'downtime.contact.remove', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        await contacts.remove(params.id);
        notify();
      },
    }),
  ];
}
