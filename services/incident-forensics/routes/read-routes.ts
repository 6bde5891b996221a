import { defineRoute, ListQuery, pageOfList, pageSchema, type Route, SequencePageQuery } from '@sphinx/platform';
import { IncidentStatus, Severity } from '@sphinx/schema';
import { z } from 'zod';
import { similarIncidents } from '../incidents/similar.ts';
import { checklistsFor } from '../knowledge/checklists.ts';
import type { IncidentRouteParts } from '../routes.ts';
import {
  IncidentDetail,
  IncidentItem,
  IncidentParams,
  LessonItem,
  SignalItem,
  SimilarItem,
  TAG,
} from './incident-shapes.ts';

const PERMISSION = 'incidents:read';
const DAY_MS = 86_400_000;
/** Incidents that one is compared with. */
const COMPARED = 500;
const SIMILAR_SHOWN = 10;

const SummaryItem = z
  .object({
    open: z.int(),
    unassigned: z.int(),
    bySeverity: z.record(z.string(), z.int()).meta({ description: 'Open ones' }),
    heldBack: z.int(),
    noted: z.int(),
    closed: z.int(),
    sample: z.int().meta({ description: 'Incidents of the invented hospital, open and closed' }),
    signalsLastWeek: z.int().meta({ description: 'Detections and alerts of seven days' }),
    openedLastWeek: z.int().meta({ description: 'Incidents of seven days: what a person must look at' }),
  })
  .meta({ id: 'IncidentSummary' });

/** What can be read of incidents. */
export function readRoutes(parts: IncidentRouteParts): readonly Route[] {
  const { store, work } = parts;
  return [
    defineRoute({
      method: 'GET',
      path: '/incidents',
      operationId: 'listIncidents',
      summary: 'Incidents, newest first; with attention=held-back or noted what nobody was asked to look at',
      tag: TAG,
      permission: PERMISSION,
      query: SequencePageQuery.extend({
        attention: z.enum(['incident', 'held-back', 'noted']).default('incident'),
        status: z
          .enum(['open', ...IncidentStatus.options])
          .optional()
          .meta({ description: 'open: all that are not closed' }),
        severity: Severity.optional(),
        owner: z.string().max(200).optional(),
        search: z
          .string()
          .max(200)
          .optional()
          .meta({ description: 'Part of a title, a device, an account, an address' }),
      }),
      response: pageSchema(IncidentItem),
      handler: ({ query: { cursor, status, ...query } }) =>
        store.list({
          ...query,
          before: cursor,
          status: status === undefined ? undefined : status === 'open' ? ['new', 'in-progress', 'on-hold'] : [status],
        }),
    }),
    summaryRoute(parts),
    defineRoute({
      method: 'GET',
      path: '/incidents/{id}',
      operationId: 'getIncident',
      summary: 'One incident with its history and its checklists',
      tag: TAG,
      permission: PERMISSION,
      params: IncidentParams,
      response: IncidentDetail,
      handler: async ({ params: { id } }) => {
        const { view } = await work.get(id);
        const done = await parts.checklistStore.of(id);
        const activity = (await store.activityOf(id)).map(({ incident: _, ...each }) => each);
        const checklists = checklistsFor(view, parts.checklists).map(({ id: of, title, references, steps }) => ({
          id: of,
          title,
          references,
          steps: steps.map((step) => {
            const { doneAt = null, by = '', note = '' } = done.get(`${of}.${step.id}`) ?? {};
            return { ...step, id: `${of}.${step.id}`, doneAt, by, note };
          }),
        }));
        return { ...view, activity, checklists };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/incidents/{id}/signals',
      operationId: 'listIncidentSignals',
      summary: 'Detections and alerts of an incident, repetitions in one line, in the order in which they began',
      tag: TAG,
      permission: PERMISSION,
      params: IncidentParams,
      query: ListQuery,
      response: pageSchema(SignalItem),
      handler: async ({ params: { id }, query }) => {
        await work.get(id);
        return pageOfList(await store.signalsOf(id), query, ({ key }) => key);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/incidents/{id}/similar',
      operationId: 'listSimilarIncidents',
      summary: 'Incidents that resemble this one, with how they ended',
      tag: TAG,
      permission: PERMISSION,
      params: IncidentParams,
      query: ListQuery,
      response: pageSchema(SimilarItem),
      handler: async ({ params: { id }, query }) => {
        const { view } = await work.get(id);
        const similar = similarIncidents(view, await store.others(id, COMPARED), SIMILAR_SHOWN);
        return pageOfList(similar, query, (each) => each.id);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/incident-lessons',
      operationId: 'listIncidentLessons',
      summary: 'What was learnt from how incidents were closed',
      tag: TAG,
      permission: PERMISSION,
      query: ListQuery,
      response: pageSchema(LessonItem),
      handler: async ({ query }) => {
        const lessons = (await store.lessons()).toReversed().map(({ actor: _, ...lesson }) => lesson);
        return pageOfList(lessons, query, ({ id }) => id);
      },
    }),
  ];
}

function summaryRoute({ store, clock }: IncidentRouteParts): Route {
  return defineRoute({
    method: 'GET',
    path: '/incidents/summary',
    operationId: 'summariseIncidents',
    summary: 'How many incidents wait, how severe they are, and how many signals became how few incidents',
    tag: TAG,
    permission: PERMISSION,
    response: SummaryItem,
    handler: async () => {
      const counts = await store.counts();
      const sum = (isCounted: (row: (typeof counts)[number]) => boolean) =>
        counts.filter(isCounted).reduce((total, { count }) => total + count, 0);
      const isOpen = ({ attention, status }: (typeof counts)[number]) =>
        attention === 'incident' && status !== 'closed';
      const { signals, incidents } = await store.volume(clock.now() - 7 * DAY_MS);
      const unassigned = await store.list({ attention: 'incident', status: ['new'], limit: 1000 });
      return {
        open: sum(isOpen),
        unassigned: unassigned.items.filter(({ owner }) => owner === null).length,
        bySeverity: Object.fromEntries(
          Severity.options.map((severity) => [severity, sum((row) => isOpen(row) && row.severity === severity)]),
        ),
        heldBack: sum(({ attention }) => attention === 'held-back'),
        noted: sum(({ attention }) => attention === 'noted'),
        closed: sum(({ attention, status }) => attention === 'incident' && status === 'closed'),
        sample: await store.sampleIncidents(),
        signalsLastWeek: signals,
        openedLastWeek: incidents,
      };
    },
  });
}
