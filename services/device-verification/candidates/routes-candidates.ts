import { defineRoute, pageSchema, type Route, SequencePageQuery } from '@sphinx/platform';
import { Verdict, Verification } from '@sphinx/schema';
import { z } from 'zod';
import { Candidate, NewCandidate } from './candidate.ts';
import type { CandidateStore } from './candidate-store.ts';
import type { Candidates } from './candidates.ts';

const TAG = 'verification';
const CandidateId = z.object({ id: z.string() });
const JudgedCandidate = z.object({ candidate: Candidate, verification: Verification }).meta({ id: 'JudgedCandidate' });
const CandidateItem = Candidate.extend({
  verdict: Verdict,
  verificationId: z.string(),
  reasons: z.array(z.string()),
}).meta({ id: 'CandidateItem' });

/** Products that are judged before they are bought. */
export function candidateRoutes({
  candidates,
  store,
}: {
  candidates: Candidates;
  store: CandidateStore;
}): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/candidates',
      operationId: 'listCandidates',
      summary: 'Products that somebody thinks of buying, with the verdict on each, newest first',
      tag: TAG,
      permission: 'verification:read',
      query: SequencePageQuery,
      response: pageSchema(CandidateItem),
      handler: async ({ query: { cursor, limit } }) => {
        const page = await store.list({ limit, ...(cursor === undefined ? {} : { before: cursor }) });
        const items = page.items.map(({ candidate, verification: { id, verdict, reasons } }) => ({
          ...candidate,
          verdict,
          verificationId: id,
          reasons,
        }));
        return { items, nextCursor: page.nextCursor };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/candidates',
      operationId: 'addCandidate',
      summary: 'Takes a product in that somebody thinks of buying, and judges it on the documents that are there',
      tag: TAG,
      permission: 'verification:write',
      body: NewCandidate,
      response: JudgedCandidate,
      status: 201,
      audit: { action: 'candidate.add', subject: ({ body }) => `${body.manufacturer} ${body.model}` },
      handler: ({ body, principal }) => candidates.add(body, principal.name),
    }),
    defineRoute({
      method: 'GET',
      path: '/candidates/{id}',
      operationId: 'getCandidate',
      summary: 'One product with every check and what it rests on',
      tag: TAG,
      permission: 'verification:read',
      params: CandidateId,
      response: JudgedCandidate,
      handler: ({ params }) => candidates.get(params.id),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/candidates/{id}',
      operationId: 'removeCandidate',
      summary: 'Takes a product off the list of candidates; documents of its model stay',
      tag: TAG,
      permission: 'verification:write',
      params: CandidateId,
      response: null,
      audit: { action: 'candidate.remove', subject: ({ params }) => params.id },
      handler: ({ params }) => candidates.remove(params.id),
    }),
  ];
}
