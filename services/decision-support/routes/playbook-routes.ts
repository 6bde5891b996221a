import { defineRoute, ListQuery, pageOfList, pageSchema, type Route } from '@sphinx/platform';
import { MAXIMUM_PLAYBOOK_CHARACTERS, readPlaybook } from '@sphinx/playbooks';
import { z } from 'zod';
import type { PlaybookLibrary } from '../playbooks/playbook-library.ts';
import type { PlaybookTeller } from '../playbooks/playbook-teller.ts';
import { detailOf, itemOf, keyOf, PlaybookDetail, PlaybookItem, PlaybookProblem } from './playbook-shapes.ts';

const TAG = 'playbooks';
const PLAYBOOK = z.object({ id: z.string().max(100) });
const CONTENT = z.object({
  content: z.string().max(MAXIMUM_PLAYBOOK_CHARACTERS).meta({ description: 'A playbook of CACAO 2.0 as JSON' }),
});
const PROBLEMS = z.array(PlaybookProblem);

/** Playbooks of CACAO 2.0: read, checked, brought in, given out. */
export function playbookRoutes(dependencies: {
  library: PlaybookLibrary;
  teller: PlaybookTeller;
  notify: () => void;
}): readonly Route[] {
  const { library, teller, notify } = dependencies;
  return [
    defineRoute({
      method: 'GET',
      path: '/playbooks',
      operationId: 'listPlaybooks',
      summary: 'Playbooks in use, most urgent first',
      tag: TAG,
      permission: 'playbooks:read',
      query: ListQuery.extend({
        search: z.string().max(200).optional().meta({ description: 'Part of a name, a description or a key' }),
        subject: z.enum(['incident', 'weakness']).optional(),
        origin: z.enum(['sphinx', 'hospital']).optional(),
      }),
      response: pageSchema(PlaybookItem),
      handler: async ({ query }) => {
        const search = query.search?.trim().toLowerCase() ?? '';
        const items = library
          .list()
          .map(itemOf)
          .filter(({ origin }) => query.origin === undefined || origin === query.origin)
          .filter(({ subjects }) => query.subject === undefined || subjects.includes(query.subject))
          .filter(({ key, name, description }) => `${key} ${name} ${description}`.toLowerCase().includes(search));
        return pageOfList(items, query, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/playbooks/{id}',
      operationId: 'getPlaybook',
      summary: 'One playbook: steps in reading order, cautions, whom to tell, recovery, lessons, sources',
      tag: TAG,
      permission: 'playbooks:read',
      params: PLAYBOOK,
      response: PlaybookDetail,
      handler: async ({ params }) => detailOf(library.get(params.id)),
    }),
    defineRoute({
      method: 'GET',
      path: '/playbooks/{id}/export',
      operationId: 'exportPlaybook',
      summary: 'The playbook as CACAO 2.0, for other programs',
      tag: TAG,
      permission: 'playbooks:read',
      params: PLAYBOOK,
      response: { raw: 'application/json' },
      handler: async ({ params }) => {
        const { playbook } = library.get(params.id);
        const name = keyOf(playbook)
          .replace(/[^a-z0-9-]+/gi, '-')
          .slice(0, 80);
        return new Response(`${JSON.stringify(playbook, null, 2)}\n`, {
          headers: {
            'content-type': 'application/json',
            'content-disposition': `attachment; filename="${name}.json"`,
          },
        });
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/playbooks/check',
      operationId: 'checkPlaybook',
      summary: 'What is wrong or odd in a playbook; nothing is kept',
      tag: TAG,
      permission: 'playbooks:read',
      body: CONTENT,
      response: z.object({ isWhole: z.boolean(), problems: PROBLEMS }),
      audit: { action: 'playbook.check', subject: () => 'a text' },
      handler: async ({ body }) => {
        const { playbook, problems } = readPlaybook(body.content);
        return { isWhole: playbook !== undefined, problems };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/playbooks',
      operationId: 'importPlaybook',
      summary: 'Takes a playbook in; one with a known id replaces it',
      tag: TAG,
      permission: 'playbooks:write',
      body: CONTENT,
      response: z.object({ playbook: PlaybookItem, problems: PROBLEMS }),
      audit: { action: 'playbook.import', subject: ({ body }) => nameIn(body.content) },
      handler: async ({ body, principal }) => {
        const { item, problems } = await library.bring(body.content, principal.name);
        await teller.kept(item);
        notify();
        return { playbook: itemOf(item), problems };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/playbooks/{id}',
      operationId: 'removePlaybook',
      summary: 'Removes a playbook that was brought in; one that SPHINX brings with that id is in use again',
      tag: TAG,
      permission: 'playbooks:write',
      params: PLAYBOOK,
      response: null,
      audit: { action: 'playbook.remove', subject: ({ params }) => params.id },
      handler: async ({ params, principal }) => {
        await library.remove(params.id);
        await teller.removed(params.id, principal.name);
        notify();
      },
    }),
  ];
}

/** For the audit trail: which playbook a text is, as far as it can be told. */
function nameIn(content: string): string {
  return /"id"\s*:\s*"(playbook--[0-9a-fA-F-]{36})"/.exec(content)?.[1] ?? 'a text';
}
