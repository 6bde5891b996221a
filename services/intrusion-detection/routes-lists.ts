import { defineRoute, ListQuery, pageOfList, pageSchema, type Route } from '@sphinx/platform';
import { z } from 'zod';
import type { ListLibrary } from './lists/list-library.ts';
import { ListEntry, ListName, ListType, ValueList } from './lists/value-list.ts';
import { readUpload } from './read-upload.ts';
import type { RuleLibrary } from './rule-sets/rule-library.ts';

const TAG = 'intrusion-detection';
const Name = z.object({ name: ListName });
const MAXIMUM_LIST_BYTES = 32 * 1024 * 1024;

interface Dependencies {
  readonly library: RuleLibrary;
  readonly lists: ListLibrary;
}

/** Reputation lists and datasets that rules look values up in. */
export function listRoutes({ library, lists }: Dependencies): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/rule-lists',
      operationId: 'listRuleLists',
      summary: 'Reputation lists and datasets, and which rules use them',
      tag: TAG,
      permission: 'rules:read',
      query: ListQuery,
      response: pageSchema(ValueList),
      handler: async ({ query }) =>
        pageOfList(lists.views(library.rules().map(({ rule }) => rule)), query, ({ name }) => name),
    }),
    defineRoute({
      method: 'GET',
      path: '/rule-lists/{name}/entries',
      operationId: 'listRuleListEntries',
      summary: 'What is in a list',
      tag: TAG,
      permission: 'rules:read',
      params: Name,
      query: ListQuery.extend({ search: z.string().optional() }),
      response: pageSchema(ListEntry),
      handler: async ({ params, query }) => {
        const search = query.search?.trim().toLowerCase() ?? '';
        const found = lists.entries(params.name).filter(({ value }) => value.toLowerCase().includes(search));
        return pageOfList(found, query, ({ value }) => value);
      },
    }),
    ...changingRoutes({ library, lists }),
  ];
}

function changingRoutes({ library, lists }: Dependencies): readonly Route[] {
  return [
    defineRoute({
      method: 'PUT',
      path: '/rule-lists/{name}',
      operationId: 'putRuleList',
      summary: 'Makes a list of the lines of the body, or gives one other entries; rules use it at once',
      tag: TAG,
      permission: 'rules:write',
      params: Name,
      query: z.object({
        type: ListType,
        description: z.string().max(500).default(''),
        encoding: z.enum(['plain', 'base64']).default('plain').meta({ description: 'How strings stand in the body' }),
      }),
      bodyKind: 'raw',
      response: null,
      audit: { action: 'rule-list.put', subject: ({ params }) => params.name },
      handler: async ({ params, query: { type, description, encoding }, request }) => {
        const content = Buffer.from(await readUpload(request, MAXIMUM_LIST_BYTES)).toString('utf8');
        await lists.put(params.name, { type, description, isEncoded: encoding === 'base64' }, content);
        await library.reload();
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: '/rule-lists/{name}',
      operationId: 'changeRuleList',
      summary: 'Adds entries to a list and takes some out; of reputation lists as `address,score`',
      tag: TAG,
      permission: 'rules:write',
      params: Name,
      body: z.object({
        add: z.array(z.string().max(2000)).max(10_000).default([]),
        remove: z.array(z.string().max(2000)).max(10_000).default([]),
      }),
      response: null,
      audit: { action: 'rule-list.change', subject: ({ params }) => params.name },
      handler: async ({ params, body }) => {
        await lists.change(params.name, body);
        await library.reload();
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/rule-lists/{name}',
      operationId: 'removeRuleList',
      summary: 'Removes a list; rules that need it are rejected from then on',
      tag: TAG,
      permission: 'rules:write',
      params: Name,
      response: null,
      audit: { action: 'rule-list.remove', subject: ({ params }) => params.name },
      handler: async ({ params }) => {
        await lists.remove(params.name);
        await library.reload();
      },
    }),
  ];
}
