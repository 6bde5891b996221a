import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import {
  defineRoute,
  ListQuery,
  pageOfList,
  pageSchema,
  type Route,
  SphinxError,
  type StoredCaptures,
} from '@sphinx/platform';
import type { Rule } from '@sphinx/rules';
import { z } from 'zod';
import { LOCAL_SET, ruleId } from './rule-sets/load-sets.ts';
import type { RuleLibrary } from './rule-sets/rule-library.ts';
import { findRules, RuleQuery, RuleView, viewRule } from './rules/rule-view.ts';
import { Trial, tryRules } from './rules/try-rules.ts';
import type { RuleStore } from './store.ts';
import { RuleTuning } from './tuning/tuning.ts';

const TAG = 'intrusion-detection';
const RuleId = z.object({ id: z.string().regex(/^\d+:\d+$/) });
/** As much as fits in the address of a request. */
const RuleText = z.string().max(8000);
const MAXIMUM_TRIAL_BYTES = 200_000_000;

interface Dependencies {
  readonly library: RuleLibrary;
  readonly store: RuleStore;
  readonly captures: StoredCaptures;
}

/** Single rules: what they have found and cost, what was decided about them, and trying one before it is in force. */
export function ruleRoutes({ library, store, captures }: Dependencies): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/rules',
      operationId: 'listRules',
      summary: 'Every loaded rule with its hits and what it has cost, the dearest or most frequent first where asked',
      tag: TAG,
      permission: 'rules:read',
      query: ListQuery.extend(RuleQuery.shape),
      response: pageSchema(RuleView),
      handler: async ({ query }) => pageOfList(findRules(library, await store.usage(), query), query, ({ id }) => id),
    }),
    defineRoute({
      method: 'GET',
      path: '/rules/{id}',
      operationId: 'getRule',
      summary: 'One rule with its hits and what it has cost',
      tag: TAG,
      permission: 'rules:read',
      params: RuleId,
      response: RuleView,
      handler: async ({ params }) =>
        viewRule(library, library.rule(params.id), (await store.usage(params.id)).get(params.id)),
    }),
    defineRoute({
      method: 'PATCH',
      path: '/rules/{id}',
      operationId: 'tuneRule',
      summary: 'Switches a rule on or off, and says where it is quiet, how severe it is and how often it speaks',
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
    ...editingRoutes(library),
    trialRoute(library, captures),
  ];
}

function editingRoutes(library: RuleLibrary): readonly Route[] {
  return [
    defineRoute({
      method: 'PUT',
      path: '/rules/{id}',
      operationId: 'writeRule',
      summary: 'Writes a rule of this hospital; it takes the place of one with the same number',
      tag: TAG,
      permission: 'rules:write',
      params: RuleId,
      body: z.object({ text: RuleText, isEnabled: z.boolean().default(true) }),
      response: RuleView,
      audit: { action: 'rule.write', subject: ({ params }) => params.id },
      handler: async ({ params, body }) => {
        await library.write(params.id, body.text, body.isEnabled);
        return viewRule(library, library.rule(params.id));
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/rules/{id}',
      operationId: 'removeRule',
      summary: 'Takes a rule that was written here away',
      tag: TAG,
      permission: 'rules:write',
      params: RuleId,
      response: null,
      audit: { action: 'rule.remove', subject: ({ params }) => params.id },
      handler: ({ params }) => library.unwrite(params.id),
    }),
    defineRoute({
      // Asked while somebody types: a change of nothing, which would drown the audit trail.
      method: 'GET',
      path: '/rules/check',
      operationId: 'checkRules',
      summary: 'Whether the text of a rule can be loaded, and why not',
      tag: TAG,
      permission: 'rules:read',
      query: z.object({ text: RuleText }),
      response: z.object({
        loaded: z.array(z.object({ id: z.string(), revision: z.int(), title: z.string() })),
        rejected: z.array(z.object({ line: z.int(), reason: z.string() })),
      }),
      handler: async ({ query }) => {
        const { rules, rejected } = library.load(LOCAL_SET, [{ name: 'text.rules', content: query.text }]);
        return {
          loaded: rules.map((rule) => ({ id: ruleId(rule), revision: rule.rev, title: rule.message })),
          rejected: rejected.map(({ line, reason }) => ({ line, reason })),
        };
      },
    }),
  ];
}

function trialRoute(library: RuleLibrary, captures: StoredCaptures): Route {
  return defineRoute({
    method: 'POST',
    path: '/rules/trial',
    operationId: 'tryRule',
    summary: 'What a rule would find in a capture: of a source, or sent as the request body; nothing of it is kept',
    tag: TAG,
    permission: 'rules:write',
    query: z.object({
      id: z.string().optional().meta({ description: 'A rule that is loaded: `1:2019401`' }),
      rule: RuleText.optional().meta({ description: 'Text of a rule' }),
      source: z.string().optional().meta({ description: 'Id of a source whose packets are still there' }),
    }),
    bodyKind: 'raw',
    response: Trial,
    audit: { action: 'rule.try', subject: ({ query }) => query.id ?? 'text of a rule' },
    handler: async ({ query: { id, rule: text, source }, request }) => {
      const rule = id === undefined ? parseRule(library, text ?? '') : library.rule(id).rule;
      const capture = source === undefined ? sentCapture(request) : await captures.open(source);
      if (capture === undefined)
        throw new SphinxError('SPX_NOT_FOUND', 'The packets of this source are not kept. Send a capture file instead.');
      return tryRules(capture, [rule], MAXIMUM_TRIAL_BYTES);
    },
  });
}

function sentCapture(request: Request): Readable {
  if (request.body === null) throw new SphinxError('SPX_INVALID_INPUT', 'Send the capture file as request body.');
  return Readable.fromWeb(request.body as NodeReadableStream);
}

function parseRule(library: RuleLibrary, text: string): Rule {
  const { rules, rejected } = library.load(LOCAL_SET, [{ name: 'text.rules', content: text }]);
  const [rule] = rules;
  if (rule !== undefined) return rule;
  const reason = rejected[0]?.reason ?? 'there is no rule in it';
  throw new SphinxError('SPX_INVALID_INPUT', `The rule cannot be loaded: ${reason}`);
}
