import {
  type Clock,
  defineRoute,
  ListQuery,
  pageOfList,
  pageSchema,
  type Route,
  SequencePageQuery,
} from '@sphinx/platform';
import { Alert, Severity } from '@sphinx/schema';
import { z } from 'zod';
import type { AlertStore } from '../alerts/alert-store.ts';
import type { RuleDesk } from '../alerts/rule-desk.ts';
import { NewSavedSearch, SavedSearch, type SavedSearches } from '../alerts/scheduled-searches.ts';

const TAG = 'logs';
const RuleSetItem = z
  .object({
    id: z.string(),
    title: z.string(),
    isEnabled: z.boolean(),
    isOwn: z.boolean().meta({ description: 'Whether it comes with SPHINX' }),
    rules: z.int(),
    rejected: z.int(),
    firstRejected: z.string().nullable(),
  })
  .meta({ id: 'LogRuleSet' });
const RuleItem = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    level: Severity,
    set: z.string(),
    tags: z.array(z.string()),
    references: z.array(z.string()),
    isEnabled: z.boolean(),
    alerts: z.int(),
  })
  .meta({ id: 'LogRule' });

/** What rules and searches over logs have raised, and the rules and searches themselves. */
export function alertRoutes(parts: {
  alerts: AlertStore;
  rules: RuleDesk;
  searches: SavedSearches;
  clock: Clock;
  changed: () => void;
}): readonly Route[] {
  return [...ruleRoutes(parts), ...searchRoutes(parts)];
}

function ruleRoutes({ alerts, rules, clock, changed }: Parameters<typeof alertRoutes>[0]): readonly Route[] {
  const setItem = (set: RuleDesk['ruleSets'][number]) => ({
    ...set,
    rejected: set.rejected.length,
    firstRejected: set.rejected[0]?.reason ?? null,
  });
  return [
    defineRoute({
      method: 'GET',
      path: '/log-alerts',
      operationId: 'listLogAlerts',
      summary: 'What rules and searches over logs have raised, newest first',
      tag: TAG,
      permission: 'logs:read',
      query: SequencePageQuery.extend({
        analytic: z.string().max(200).optional().meta({ description: 'Id of a rule or search' }),
        severity: Severity.optional(),
      }),
      response: pageSchema(Alert),
      handler: ({ query: { cursor, ...query } }) => alerts.list({ ...query, before: cursor }),
    }),
    defineRoute({
      method: 'GET',
      path: '/log-rule-sets',
      operationId: 'listLogRuleSets',
      summary: 'Sets of Sigma rules over logs',
      tag: TAG,
      permission: 'logs:read',
      query: ListQuery,
      response: pageSchema(RuleSetItem),
      handler: async ({ query }) => pageOfList(rules.ruleSets.map(setItem), query, ({ id }) => id),
    }),
    defineRoute({
      method: 'POST',
      path: '/log-rule-sets',
      operationId: 'addLogRuleSet',
      summary: 'Adds Sigma rules as a set, or puts them in the place of the set of the same title',
      tag: TAG,
      permission: 'logs:write',
      body: z.object({
        title: z.string().trim().min(1).max(200),
        files: z
          .array(z.object({ name: z.string().max(500), content: z.string().max(4_000_000) }))
          .min(1)
          .max(20_000),
      }),
      response: RuleSetItem,
      status: 201,
      audit: { action: 'log-rule-set.add', subject: ({ body }) => body.title },
      handler: async ({ body }) => {
        const added = await rules.add(body.title, body.files, clock.now());
        changed();
        return setItem(added);
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: '/log-rule-sets/{id}',
      operationId: 'switchLogRuleSet',
      summary: 'Switches a set of rules on or off',
      tag: TAG,
      permission: 'logs:write',
      params: z.object({ id: z.string().max(200) }),
      body: z.object({ isEnabled: z.boolean() }),
      response: null,
      audit: {
        action: 'log-rule-set.switch',
        subject: ({ params, body }) => `${params.id}: ${body.isEnabled ? 'on' : 'off'}`,
      },
      handler: async ({ params, body }) => {
        await rules.switchSet(params.id, body.isEnabled, clock.now());
        changed();
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/log-rule-sets/{id}',
      operationId: 'removeLogRuleSet',
      summary: 'Takes a set of rules away',
      tag: TAG,
      permission: 'logs:write',
      params: z.object({ id: z.string().max(200) }),
      response: null,
      audit: { action: 'log-rule-set.remove', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        await rules.remove(params.id);
        changed();
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/log-rules',
      operationId: 'listLogRules',
      summary: 'Sigma rules over logs that are in force, with their alerts',
      tag: TAG,
      permission: 'logs:read',
      query: ListQuery,
      response: pageSchema(RuleItem),
      handler: async ({ query }) => {
        const counts = await alerts.counts();
        const items = rules.rules.map(({ info, set, isEnabled }) => ({
          id: info.id,
          title: info.title,
          description: info.description,
          level: info.level,
          set,
          tags: [...info.tags],
          references: [...info.references],
          isEnabled,
          alerts: counts.get(info.id) ?? 0,
        }));
        return pageOfList(items, query, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: '/log-rules/{id}',
      operationId: 'switchLogRule',
      summary: 'Switches one rule on or off',
      tag: TAG,
      permission: 'logs:write',
      params: z.object({ id: z.string().max(500) }),
      body: z.object({ isEnabled: z.boolean() }),
      response: null,
      audit: {
        action: 'log-rule.switch',
        subject: ({ params, body }) => `${params.id}: ${body.isEnabled ? 'on' : 'off'}`,
      },
      handler: async ({ params, body }) => {
        await rules.switchRule(params.id, body.isEnabled);
        changed();
      },
    }),
  ];
}

function searchRoutes({ searches, changed }: Parameters<typeof alertRoutes>[0]): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/log-searches',
      operationId: 'listLogSearches',
      summary: 'Saved searches, with when they are asked by themselves',
      tag: TAG,
      permission: 'logs:read',
      query: ListQuery,
      response: pageSchema(SavedSearch),
      handler: async ({ query }) => pageOfList(await searches.list(), query, ({ id }) => id),
    }),
    defineRoute({
      method: 'POST',
      path: '/log-searches',
      operationId: 'saveLogSearch',
      summary: 'Saves a search; with a schedule it raises an alert when enough events fit',
      tag: TAG,
      permission: 'logs:write',
      body: NewSavedSearch,
      response: SavedSearch,
      status: 201,
      audit: { action: 'log-search.save', subject: ({ body }) => body.title },
      handler: async ({ body }) => {
        const saved = await searches.add(body);
        changed();
        return saved;
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/log-searches/{id}',
      operationId: 'removeLogSearch',
      summary: 'Forgets a saved search',
      tag: TAG,
      permission: 'logs:write',
      params: z.object({ id: z.string().max(200) }),
      response: null,
      audit: { action: 'log-search.remove', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        await searches.remove(params.id);
        changed();
      },
    }),
  ];
}
