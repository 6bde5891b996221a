import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { defineRoute, ListQuery, pageOfList, pageSchema, type Route, SphinxError } from '@sphinx/platform';
import { loadRules, type Rule } from '@sphinx/rules';
import { Detection } from '@sphinx/schema';
import { z } from 'zod';
import { tryRules } from './detections/try-rules.ts';
import { ruleId } from './rule-sets/load-sets.ts';
import type { RuleLibrary } from './rule-sets/rule-library.ts';
import { RuleTuning, RuleView } from './rule-sets/rule-set.ts';
import type { DetectionStore, RuleUse } from './store.ts';

const TAG = 'intrusion-detection';
const RuleId = z.object({ id: z.string().regex(/^\d+:\d+$/) });
const MAXIMUM_TRIAL_BYTES = 200_000_000;
const UNUSED: RuleUse = { hits: 0, lastHit: null, looks: 0, milliseconds: 0 };

interface Dependencies {
  readonly library: RuleLibrary;
  readonly store: DetectionStore;
}

/** Single rules: what they have found and cost, what was decided about them, and trying one before it is in force. */
export function ruleRoutes({ library, store }: Dependencies): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/rules',
      operationId: 'listRules',
      summary: 'Every loaded rule with its hits and what it has cost, the dearest or most frequent first where asked',
      tag: TAG,
      permission: 'rules:read',
      query: ListQuery.extend({
        set: z.string().optional(),
        search: z.string().optional().meta({ description: 'Part of the title, or the number' }),
        sort: z.enum(['id', '-hits', '-milliseconds']).default('id'),
      }),
      response: pageSchema(RuleView),
      handler: async ({ query }) => pageOfList(await viewRules(library, store, query), query, ({ id }) => id),
    }),
    defineRoute({
      method: 'PATCH',
      path: '/rules/{id}',
      operationId: 'tuneRule',
      summary: 'Switches a rule on or off, or keeps it quiet for asset groups',
      tag: TAG,
      permission: 'rules:write',
      params: RuleId,
      body: RuleTuning,
      response: RuleTuning,
      audit: { action: 'rule.tune', subject: ({ params }) => params.id },
      handler: async ({ params, body }) => {
        await library.tune(params.id, body);
        return library.tuningOf(params.id);
      },
    }),
    trialRoute(library),
  ];
}

function trialRoute(library: RuleLibrary): Route {
  return defineRoute({
    method: 'POST',
    path: '/rules/trial',
    operationId: 'tryRule',
    summary: 'What a rule would find in a capture that is sent as the request body; nothing of it is kept',
    tag: TAG,
    permission: 'rules:write',
    query: z.object({
      id: z.string().optional().meta({ description: 'A rule that is loaded: `1:2019401`' }),
      rule: z.string().max(8000).optional().meta({ description: 'Text of a rule' }),
    }),
    bodyKind: 'raw',
    response: z.object({ packets: z.int(), detections: z.array(Detection), isCut: z.boolean() }),
    audit: { action: 'rule.try', subject: ({ query }) => query.id ?? 'text of a rule' },
    handler: async ({ query, request }) => {
      const rule = query.id === undefined ? parseRule(query.rule ?? '') : library.rule(query.id).rule;
      if (request.body === null) throw new SphinxError('SPX_INVALID_INPUT', 'Send the capture file as request body.');
      return tryRules(Readable.fromWeb(request.body as NodeReadableStream), [rule], MAXIMUM_TRIAL_BYTES);
    },
  });
}

function parseRule(text: string): Rule {
  const { rules, rejected } = loadRules([{ name: 'rule', content: text }]);
  const [rule] = rules;
  if (rule !== undefined) return rule;
  const reason = rejected[0]?.reason ?? 'there is no rule in it';
  throw new SphinxError('SPX_INVALID_INPUT', `The rule cannot be loaded: ${reason}`);
}

async function viewRules(
  library: RuleLibrary,
  store: DetectionStore,
  query: {
    readonly set?: string | undefined;
    readonly search?: string | undefined;
    readonly sort: 'id' | '-hits' | '-milliseconds';
  },
): Promise<readonly RuleView[]> {
  const usage = await store.usage();
  const search = query.search?.toLowerCase() ?? '';
  const found = library
    .rules()
    .filter(({ set }) => query.set === undefined || set === query.set)
    .filter(({ rule }) => search === '' || rule.message.toLowerCase().includes(search) || String(rule.sid) === search)
    .map(({ rule, set }): RuleView => {
      const id = ruleId(rule);
      const { message: title, rev: revision, priority, text } = rule;
      const what = { id, set, revision, title, class: rule.classtype ?? '', priority, text };
      return { ...what, tuning: library.tuningOf(id), ...(usage.get(id) ?? UNUSED) };
    });
  if (query.sort === '-hits') return found.sort((a, b) => b.hits - a.hits);
  return query.sort === '-milliseconds' ? found.sort((a, b) => b.milliseconds - a.milliseconds) : found;
}
