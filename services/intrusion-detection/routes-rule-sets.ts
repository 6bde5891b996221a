import { defineRoute, ListQuery, pageOfList, pageSchema, type Route, SphinxError } from '@sphinx/platform';
import { z } from 'zod';
import { readUpload } from './read-upload.ts';
import type { RuleLibrary } from './rule-sets/rule-library.ts';
import {
  NewRuleSet,
  type RejectedRule as Rejected,
  RejectedRule,
  RuleChanges,
  RuleSet,
  RuleSetChange,
  RuleSetReport,
} from './rule-sets/rule-set.ts';
import type { SetUpdates, Upload } from './rule-sets/set-updates.ts';

const TAG = 'intrusion-detection';
const SetId = z.object({ id: z.string() });
const UploadQuery = z.object({
  name: z.string().min(1).max(200).default('upload.rules').meta({ description: 'Name of the file' }),
  set: z.string().optional().meta({ description: 'Set whose next version it is; a new one when absent' }),
});
const MAXIMUM_UPLOAD_BYTES = 64 * 1024 * 1024;

interface Dependencies {
  readonly library: RuleLibrary;
  readonly setUpdates: SetUpdates;
}

/** Rule sets come from SPHINX, from a file or from a URL. */
export function ruleSetRoutes({ library, setUpdates }: Dependencies): readonly Route[] {
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
      handler: async ({ query }) => pageOfList(library.sets(), query, ({ id }) => id),
    }),
    defineRoute({
      method: 'GET',
      path: '/rule-sets/{id}',
      operationId: 'getRuleSet',
      summary: 'One rule set with why rules of it were not loaded',
      tag: TAG,
      permission: 'rules:read',
      params: SetId,
      response: RuleSetReport,
      handler: async ({ params }) => ({
        ...library.find(params.id).set,
        reasons: countReasons(library.rejected(params.id)),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/rule-sets/{id}/rejected',
      operationId: 'listRejectedRules',
      summary: 'Rules of a set that were not loaded, each with its reason',
      tag: TAG,
      permission: 'rules:read',
      params: SetId,
      query: ListQuery.extend({
        search: z.string().optional().meta({ description: 'Part of the reason or file, or the number' }),
        reason: z.string().optional().meta({ description: 'One reason, as GET /rule-sets/{id} counts them' }),
      }),
      response: pageSchema(RejectedRule),
      handler: async ({ params, query }) =>
        pageOfList(filterRejected(library.rejected(params.id), query), query, ({ file, line }) => `${file}:${line}`),
    }),
    ...additionRoutes(setUpdates),
    ...uploadRoutes(setUpdates),
    ...updateRoutes(library, setUpdates),
    ...changingRoutes(library),
  ];
}

function additionRoutes(setUpdates: SetUpdates): readonly Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/rule-sets/preview',
      operationId: 'previewRuleSet',
      summary: 'What a set from its text or a URL would bring; nothing is taken',
      tag: TAG,
      permission: 'rules:write',
      body: NewRuleSet,
      response: RuleChanges,
      audit: { action: 'rule-set.preview', subject: ({ body }) => body.url ?? body.title },
      handler: ({ body }) => setUpdates.previewNew(body),
    }),
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
      handler: ({ body }) => setUpdates.add(body),
    }),
  ];
}

function uploadRoutes(setUpdates: SetUpdates): readonly Route[] {
  const uploadOf = async (request: Request, name: string): Promise<Upload> => ({
    name,
    bytes: await readUpload(request, MAXIMUM_UPLOAD_BYTES),
  });
  return [
    defineRoute({
      method: 'POST',
      path: '/rule-sets/upload/preview',
      operationId: 'previewRuleUpload',
      summary: 'What a rule file or archive (.tar.gz), sent as the body, would change; nothing is taken',
      tag: TAG,
      permission: 'rules:write',
      query: UploadQuery,
      bodyKind: 'raw',
      response: RuleChanges,
      audit: { action: 'rule-set.preview', subject: ({ query }) => query.set ?? query.name },
      handler: async ({ query, request }) => setUpdates.previewUpload(await uploadOf(request, query.name), query.set),
    }),
    defineRoute({
      method: 'POST',
      path: '/rule-sets/upload',
      operationId: 'uploadRuleSet',
      summary: 'Takes a rule file or archive (.tar.gz), sent as the body, as a new set or the next version of one',
      tag: TAG,
      permission: 'rules:write',
      query: UploadQuery.extend({ title: NewRuleSet.shape.title.optional() }),
      bodyKind: 'raw',
      response: RuleSet,
      audit: { action: 'rule-set.upload', subject: ({ query }) => query.set ?? query.title ?? query.name },
      handler: async ({ query: { name, set, title }, request }) =>
        setUpdates.upload(
          await uploadOf(request, name),
          set === undefined ? { title: title ?? name.replace(/\.(rules|tar\.gz|tgz|gz)$/, '') } : { id: set },
        ),
    }),
  ];
}

function updateRoutes(library: RuleLibrary, setUpdates: SetUpdates): readonly Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/rule-sets/{id}/update/preview',
      operationId: 'previewRuleSetUpdate',
      summary: 'Fetches a rule set from its URL, checks it and says what would change; nothing is taken',
      tag: TAG,
      permission: 'rules:write',
      params: SetId,
      response: RuleChanges,
      audit: { action: 'rule-set.preview', subject: ({ params }) => params.id },
      handler: ({ params }) => setUpdates.previewUpdate(params.id),
    }),
    defineRoute({
      method: 'POST',
      path: '/rule-sets/{id}/update',
      operationId: 'updateRuleSet',
      summary: 'Fetches a rule set from its URL again, checks and takes it',
      tag: TAG,
      permission: 'rules:write',
      params: SetId,
      query: z.object({ digest: z.string().optional().meta({ description: 'Of the preview: takes this one only' }) }),
      response: RuleSet,
      audit: { action: 'rule-set.update', subject: ({ params }) => params.id },
      handler: ({ params, query }) => setUpdates.update(params.id, query.digest),
    }),
    defineRoute({
      method: 'POST',
      path: '/rule-sets/{id}/undo',
      operationId: 'undoRuleSet',
      summary: 'Brings the version before back; later updates of it wait until somebody takes them',
      tag: TAG,
      permission: 'rules:write',
      params: SetId,
      response: RuleSet,
      audit: { action: 'rule-set.undo', subject: ({ params }) => params.id },
      handler: ({ params }) => library.undo(params.id),
    }),
  ];
}

function changingRoutes(library: RuleLibrary): readonly Route[] {
  return [
    defineRoute({
      method: 'PATCH',
      path: '/rule-sets/{id}',
      operationId: 'changeRuleSet',
      summary: 'Switches a rule set on or off, says when it is updated and whether somebody looks first',
      tag: TAG,
      permission: 'rules:write',
      params: SetId,
      body: RuleSetChange,
      response: RuleSet,
      audit: { action: 'rule-set.change', subject: ({ params }) => params.id },
      handler: async ({ params, body }) => {
        const { url } = library.find(params.id).set;
        if (url === null && (body.updateHours !== undefined || body.isReviewed !== undefined))
          throw new SphinxError('SPX_INVALID_INPUT', 'Only a set with a URL is updated.');
        return library.describe(params.id, onlyGiven(body));
      },
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

function onlyGiven(change: RuleSetChange): Partial<RuleSet> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function countReasons(rejected: readonly Rejected[]): { reason: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { reason } of rejected) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
}

function filterRejected(
  rejected: readonly Rejected[],
  query: { readonly search?: string | undefined; readonly reason?: string | undefined },
): readonly Rejected[] {
  const search = query.search?.trim().toLowerCase() ?? '';
  return rejected.filter(
    ({ file, sid, reason }) =>
      (query.reason === undefined || reason === query.reason) &&
      (search === '' || `${file} ${reason}`.toLowerCase().includes(search) || String(sid) === search),
  );
}
