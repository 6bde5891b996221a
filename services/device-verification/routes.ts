import { randomUUID } from 'node:crypto';
import {
  defineRoute,
  ListQuery,
  pageOfList,
  pageSchema,
  type Route,
  SequencePageQuery,
  SphinxError,
} from '@sphinx/platform';
import { CheckOutcome, Severity, Verdict, Verification, VerificationOccasion } from '@sphinx/schema';
import { z } from 'zod';
import { Check } from './checks/check.ts';
import type { VerificationKnowledge } from './knowledge/load-knowledge.ts';
import { VerificationPolicy } from './knowledge/policy.ts';
import { Declaration } from './occasions/declaration.ts';
import { OccasionPolicy } from './occasions/occasion.ts';
import type { VerificationStore } from './store.ts';
import type { Verifier } from './verifier.ts';

const TAG = 'verification';
const Counts = z.object(Object.fromEntries(CheckOutcome.options.map((outcome) => [outcome, z.int()])));
/** A verification without its many quiet results, for lists. */
const VerificationItem = Verification.extend({
  results: Verification.shape.results.meta({
    description: 'The failed checks only; all of them are in /verifications/{id}',
  }),
  counts: Counts,
}).meta({ id: 'VerificationItem' });
const VerificationOrder = z.object({
  assetId: z.string(),
  occasion: VerificationOccasion.exclude(['before-purchase', 'first-sight', 'after-change'])
    .optional()
    .meta({ description: 'Absent: the periodic one. What stands only in documents is judged as a candidate.' }),
  reason: z.string().trim().max(500).default('').meta({ description: 'Why, for example the number of the incident' }),
  declarations: z
    .array(z.object({ id: z.string(), answer: z.enum(['yes', 'no']), note: z.string().trim().max(500).default('') }))
    .max(50)
    .default([])
    .meta({ description: 'What only a person can say, see /declarations' }),
});
const VerdictItem = z.object({
  assetId: z.string(),
  verdict: Verdict,
  failedChecks: z.array(z.string()).meta({ description: 'Ids of the checks that failed' }),
  time: z.number(),
  verificationId: z.string(),
  certificateId: z.string().nullable(),
});
const CheckItem = Check.omit({ tests: true }).meta({ id: 'CheckItem' });
const Summary = z.object({
  ...Object.fromEntries(Verdict.options.map((verdict) => [verdict, z.int()])),
  topFailedChecks: z.array(z.object({ checkId: z.string(), title: z.string(), severity: Severity, assets: z.int() })),
});

interface Dependencies {
  readonly store: VerificationStore;
  readonly verifier: Verifier;
  readonly knowledge: VerificationKnowledge;
}

/** Verdicts, their reports, and the knowledge behind them. */
export function verificationRoutes({ store, verifier, knowledge }: Dependencies): readonly Route[] {
  return [
    ...listRoutes(store),
    ...knowledgeRoutes(knowledge),
    defineRoute({
      method: 'GET',
      path: '/verifications/latest/{assetId}',
      operationId: 'getLatestVerification',
      summary: 'The present verdict on one asset with every check and its evidence',
      tag: TAG,
      permission: 'verification:read',
      params: z.object({ assetId: z.string() }),
      response: Verification,
      handler: async ({ params }) => {
        const latest = await store.latest(params.assetId);
        if (latest === undefined) throw notFound(`The asset ${params.assetId} has not been verified.`);
        return latest.verification;
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/verifications',
      operationId: 'requestVerification',
      summary: 'Judges an asset now, on what was seen and is known of it so far, on the occasion that is named',
      tag: TAG,
      permission: 'verification:write',
      body: VerificationOrder,
      response: Verification,
      status: 201,
      audit: {
        action: 'verification.request',
        subject: ({ body }) => [body.assetId, body.occasion ?? '', body.reason].filter(Boolean).join(' '),
      },
      handler: ({ body, principal }) => {
        const { assetId, occasion, reason: because, declarations } = body;
        requireKnownDeclarations(declarations, knowledge);
        const declared = declarations.map(({ id: question, answer, note }) => ({ question, answer, note }));
        return verifier.request({ assetId, id: randomUUID(), startedBy: principal.name, occasion, because, declared });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/verifications/{id}',
      operationId: 'getVerification',
      summary: 'One verification, present or past',
      tag: TAG,
      permission: 'verification:read',
      params: z.object({ id: z.string() }),
      response: Verification,
      handler: async ({ params }) => {
        const verification = await store.verification(params.id);
        if (verification === undefined) throw notFound(`There is no verification ${params.id}.`);
        return verification;
      },
    }),
  ];
}

function listRoutes(store: VerificationStore): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/verifications',
      operationId: 'listVerifications',
      summary: 'The present verdict on every asset, newest first, with the checks that failed',
      tag: TAG,
      permission: 'verification:read',
      query: SequencePageQuery.extend({
        verdict: Verdict.optional(),
        check: z.string().max(200).optional().meta({ description: 'Only assets that fail this check' }),
        occasion: VerificationOccasion.optional(),
      }),
      response: pageSchema(VerificationItem).extend({ total: z.int() }),
      handler: async ({ query }) => {
        const { verdict, check, occasion, cursor: before, limit } = query;
        const filter = {
          ...(verdict === undefined ? {} : { verdict }),
          ...(check === undefined ? {} : { check }),
          ...(occasion === undefined ? {} : { occasion }),
        };
        const page = await store.listLatest({ ...filter, ...(before === undefined ? {} : { before }), limit });
        const total = await store.countLatest(filter);
        return { items: page.items.map(itemOf), nextCursor: page.nextCursor, total };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/verifications/summary',
      operationId: 'summariseVerifications',
      summary: 'How many assets have each verdict, and which checks fail most',
      tag: TAG,
      permission: 'verification:read',
      response: Summary,
      handler: async () => {
        const counts = await store.verdictCounts();
        return {
          ...Object.fromEntries(Verdict.options.map((verdict) => [verdict, counts[verdict] ?? 0])),
          topFailedChecks: await store.topFailedChecks(10),
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/verifications/verdicts',
      operationId: 'listVerdicts',
      summary: 'Verdict and failed checks of every asset in one list, for tables and graphs',
      tag: TAG,
      permission: 'verification:read',
      query: ListQuery.extend({ verdict: Verdict.optional() }),
      response: pageSchema(VerdictItem),
      handler: async ({ query }) => {
        const verdicts = await store.verdicts();
        const found = verdicts.filter(({ verdict }) => query.verdict === undefined || verdict === query.verdict);
        return pageOfList(found, query, ({ assetId }) => assetId);
      },
    }),
  ];
}

function knowledgeRoutes(knowledge: VerificationKnowledge): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/checks',
      operationId: 'listChecks',
      summary: 'Every check with what it looks at, why, and what to do when it fails',
      tag: TAG,
      permission: 'verification:read',
      query: ListQuery,
      response: pageSchema(CheckItem),
      handler: async ({ query }) => {
        const checks = knowledge.checks.map(({ tests: _tests, ...check }) => check);
        return pageOfList(checks, query, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/verification-policies',
      operationId: 'listVerificationPolicies',
      summary: 'What it takes to be trusted, per patient-safety class',
      tag: TAG,
      permission: 'verification:read',
      query: ListQuery,
      response: pageSchema(VerificationPolicy),
      handler: async ({ query }) => pageOfList(knowledge.policies, query, ({ id }) => id),
    }),
    defineRoute({
      method: 'GET',
      path: '/verification-occasions',
      operationId: 'listVerificationOccasions',
      summary: 'The occasions on which assets are judged, and what each asks for',
      tag: TAG,
      permission: 'verification:read',
      query: ListQuery,
      response: pageSchema(OccasionPolicy),
      handler: async ({ query }) => pageOfList(knowledge.occasions, query, ({ id }) => id),
    }),
    defineRoute({
      method: 'GET',
      path: '/declarations',
      operationId: 'listDeclarations',
      summary: 'What only a person can say of a device, with the occasions on which it is asked',
      tag: TAG,
      permission: 'verification:read',
      query: ListQuery,
      response: pageSchema(Declaration),
      handler: async ({ query }) => pageOfList(knowledge.declarations, query, ({ id }) => id),
    }),
  ];
}

/** Headers of a file that is made here. The content may quote what devices say, so a browser must run nothing in it. */
export function fileHeaders(name: string, disposition: 'inline' | 'attachment'): Record<string, string> {
  return {
    'content-disposition': `${disposition}; filename="${name}"`,
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'x-content-type-options': 'nosniff',
  };
}

function itemOf(verification: Verification): z.infer<typeof VerificationItem> {
  const counts = Object.fromEntries(
    CheckOutcome.options.map((outcome) => [
      outcome,
      verification.results.filter((result) => result.outcome === outcome).length,
    ]),
  );
  return { ...verification, results: verification.results.filter(({ outcome }) => outcome === 'fail'), counts };
}

function requireKnownDeclarations(
  declarations: readonly { readonly id: string }[],
  knowledge: VerificationKnowledge,
): void {
  const unknown = declarations.filter(({ id }) => knowledge.declarations.every((known) => known.id !== id));
  if (unknown.length === 0) return;
  const names = unknown.map(({ id }) => id).join(', ');
  throw new SphinxError('SPX_INVALID_INPUT', `There is no declaration ${names}. /declarations lists those there are.`);
}

function notFound(message: string): SphinxError {
  return new SphinxError('SPX_NOT_FOUND', message);
}
