import {
  type Clock,
  defineRoute,
  ListQuery,
  pageOfList,
  pageSchema,
  type Route,
  SequencePageQuery,
} from '@sphinx/platform';
import { z } from 'zod';
import { learn } from '../courses/learnt.ts';
import type { DecisionDesk } from '../decisions/decision-desk.ts';
import type { DecisionStore } from '../decisions/decision-store.ts';
import type { PlaybookLibrary } from '../playbooks/playbook-library.ts';
import { DecisionProfile } from '../ranking/weights.ts';
import {
  DecisionItem,
  decisionItemOf,
  LessonItem,
  OutcomeBody,
  ProfileView,
  SubjectDetail,
  SubjectItem,
  subjectDetailOf,
  subjectItemOf,
} from './decision-shapes.ts';

const TAG = 'decisions';
const READ = 'decisions:read';
const NAMED = z.object({ id: z.string().max(200).meta({ description: 'Id or number of an incident, or a weakness' }) });

export interface DecisionRouteParts {
  readonly desk: DecisionDesk;
  readonly decisions: DecisionStore;
  readonly library: PlaybookLibrary;
  readonly clock: Clock;
  notify(): void;
}

/** What can be done, what was chosen, what came of it. */
export function decisionRoutes(parts: DecisionRouteParts): readonly Route[] {
  return [...adviceRoutes(parts), ...decisionLogRoutes(parts), ...profileRoutes(parts)];
}

function adviceRoutes({ desk, notify }: DecisionRouteParts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/decision-subjects',
      operationId: 'listDecisionSubjects',
      summary: 'Open incidents and major weaknesses, each with the course of action that comes first',
      tag: TAG,
      permission: READ,
      query: ListQuery.extend({ kind: z.enum(['incident', 'weakness']).optional() }),
      response: pageSchema(SubjectItem),
      handler: async ({ query }) => {
        const all = (await desk.all()).filter(({ subject }) => query.kind === undefined || subject.kind === query.kind);
        return pageOfList(all.map(subjectItemOf), query, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/decision-subjects/{id}',
      operationId: 'getDecisionAdvice',
      summary:
        'Courses of action in their order, each with effect, side effects on care, cost, and why; "do nothing" is among them',
      tag: TAG,
      permission: READ,
      params: NAMED,
      response: SubjectDetail,
      handler: async ({ params }) => subjectDetailOf(await desk.advise(params.id)),
    }),
    defineRoute({
      method: 'POST',
      path: '/decision-subjects/{id}/decision',
      operationId: 'decide',
      summary: 'Keeps what a person chose, with the list as it was; carries nothing out',
      tag: TAG,
      permission: 'decisions:write',
      params: NAMED,
      body: z.object({
        course: z.string().max(200).meta({ description: 'Id of a course in the list' }),
        reason: z.string().max(2000).default('').meta({ description: 'Without data of patients' }),
        variables: z.record(z.string().max(250), z.string().max(1000)).default({}).meta({
          description: 'Values of variables that the course asks for, by name; the others are as the list says',
        }),
      }),
      response: DecisionItem,
      audit: { action: 'decision.make', subject: ({ params, body }) => `${params.id}: ${body.course}` },
      handler: async ({ params, body, principal }) => {
        const decision = await desk.choose(params.id, { ...body, by: principal.name });
        notify();
        return decisionItemOf(decision);
      },
    }),
  ];
}

function decisionLogRoutes({ decisions, library, clock, notify }: DecisionRouteParts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/decisions',
      operationId: 'listDecisions',
      summary: 'What people chose and what came of it, newest first',
      tag: TAG,
      permission: READ,
      query: SequencePageQuery.extend({ subject: z.string().max(200).optional() }),
      response: pageSchema(DecisionItem),
      handler: async ({ query: { cursor, limit, subject } }) => {
        const page = await decisions.list({ subject, before: cursor, limit });
        return { ...page, items: page.items.map(decisionItemOf) };
      },
    }),
    defineRoute({
      method: 'PUT',
      path: '/decisions/{id}/outcome',
      operationId: 'setDecisionOutcome',
      summary: 'Says what came of it; the figures of its playbook learn from that',
      tag: TAG,
      permission: 'decisions:write',
      params: z.object({ id: z.coerce.number().int().nonnegative() }),
      body: OutcomeBody,
      response: DecisionItem,
      audit: { action: 'decision.outcome', subject: ({ params, body }) => `${params.id}: ${body.result}` },
      handler: async ({ params, body, principal }) => {
        const outcome = { ...body, by: principal.name, at: clock.now() };
        const decision = await decisions.setOutcome(params.id, outcome);
        notify();
        return decisionItemOf(decision);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/decision-lessons',
      operationId: 'listDecisionLessons',
      summary: 'What outcomes taught of each playbook',
      tag: TAG,
      permission: READ,
      query: ListQuery,
      response: pageSchema(LessonItem),
      handler: async ({ query }) => pageOfList(await lessons(decisions, library), query, ({ course }) => course),
    }),
  ];
}

async function lessons(decisions: DecisionStore, library: PlaybookLibrary): Promise<LessonItem[]> {
  const outcomes = await decisions.outcomes();
  return library.list().flatMap(({ playbook, response }) => {
    const there = outcomes.get(playbook.id);
    if (there === undefined || response === undefined) return [];
    const count = (result: string) => there.filter((each) => each.result === result).length;
    const [low, high] = learn(response.effects, there).riskReduction;
    return {
      course: playbook.id,
      title: playbook.name,
      cases: there.length,
      worked: count('worked'),
      partly: count('partly'),
      failed: count('failed'),
      stated: response.effects.risk_reduction,
      learnt: [low, high] as [number, number],
    };
  });
}

function profileRoutes({ decisions, clock, notify }: DecisionRouteParts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/decision-profile',
      operationId: 'getDecisionProfile',
      summary: 'How much each criterion counts, and beds of care areas, as the hospital states them',
      tag: TAG,
      permission: READ,
      response: ProfileView,
      handler: () => decisions.profile(),
    }),
    defineRoute({
      method: 'PUT',
      path: '/decision-profile',
      operationId: 'setDecisionProfile',
      summary: 'States weights and beds anew; the order of all courses follows at once',
      tag: TAG,
      permission: 'decisions:weigh',
      body: DecisionProfile,
      response: ProfileView,
      audit: { action: 'decision.weigh', subject: ({ body }) => JSON.stringify(body.weights) },
      handler: async ({ body, principal }) => {
        await decisions.saveProfile(body, principal.name, clock.now());
        notify();
        return decisions.profile();
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/decision-profile/undo',
      operationId: 'undoDecisionProfile',
      summary: 'Goes back to what was stated before',
      tag: TAG,
      permission: 'decisions:weigh',
      response: ProfileView,
      audit: { action: 'decision.weigh.undo', subject: () => 'the last change' },
      handler: async () => {
        await decisions.undoProfile();
        notify();
        return decisions.profile();
      },
    }),
  ];
}
