import { defineRoute, ListQuery, pageOfList, pageSchema, type Route } from '@sphinx/platform';
import { z } from 'zod';
import type { RuleLibrary } from './rule-sets/rule-library.ts';
import { NewRuleSet, RejectedRule, RuleSet } from './rule-sets/rule-set.ts';

const TAG = 'intrusion-detection';
const SetId = z.object({ id: z.string() });

/** Rule sets come from SPHINX, from a file or from a URL. */
export function ruleSetRoutes(library: RuleLibrary): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/rule-sets',
      operationId: 'listRuleSets',
      summary: 'Every rule set with how many rules were loaded and rejected',
      tag: TAG,
      permission: 'rules:read',
      query: ListQuery,
      response: pageSchema(RuleSet),
      handler: async ({ query }) => pageOfList(await library.sets(), query, ({ id }) => id),
    }),
    defineRoute({
      method: 'GET',
      path: '/rule-sets/{id}/rejected',
      operationId: 'listRejectedRules',
      summary: 'Rules of a set that were not loaded, each with its reason',
      tag: TAG,
      permission: 'rules:read',
      params: SetId,
      query: ListQuery,
      response: pageSchema(RejectedRule),
      handler: async ({ params, query }) =>
        pageOfList(await library.rejected(params.id), query, ({ file, line }) => `${file}:${line}`),
    }),
    ...changingRoutes(library),
  ];
}

function changingRoutes(library: RuleLibrary): readonly Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/rule-sets',
      operationId: 'addRuleSet',
      summary: 'Adds rules from their text or from a URL; they are in force at once',
      tag: TAG,
      permission: 'rules:write',
      body: NewRuleSet,
      response: RuleSet,
      status: 201,
      audit: { action: 'rule-set.add', subject: ({ body }) => body.title },
      handler: ({ body }) => library.add(body),
    }),
    defineRoute({
      method: 'POST',
      path: '/rule-sets/{id}/update',
      operationId: 'updateRuleSet',
      summary: 'Fetches a rule set from its URL again and checks its signature',
      tag: TAG,
      permission: 'rules:write',
      params: SetId,
      response: RuleSet,
      audit: { action: 'rule-set.update', subject: ({ params }) => params.id },
      handler: ({ params }) => library.update(params.id),
    }),
    defineRoute({
      method: 'PATCH',
      path: '/rule-sets/{id}',
      operationId: 'switchRuleSet',
      summary: 'Switches a rule set on or off',
      tag: TAG,
      permission: 'rules:write',
      params: SetId,
      body: z.object({ isEnabled: z.boolean() }),
      response: RuleSet,
      audit: { action: 'rule-set.switch', subject: ({ params }) => params.id },
      handler: ({ params, body }) => library.setEnabled(params.id, body.isEnabled),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/rule-sets/{id}',
      operationId: 'removeRuleSet',
      summary: 'Removes a rule set; what it has detected stays',
      tag: TAG,
      permission: 'rules:write',
      params: SetId,
      response: null,
      audit: { action: 'rule-set.remove', subject: ({ params }) => params.id },
      handler: ({ params }) => library.remove(params.id),
    }),
  ];
}
