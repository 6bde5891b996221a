import { defineRoute, type Route, SphinxError } from '@sphinx/platform';
import { Identifier, IncidentVerdict, Severity } from '@sphinx/schema';
import { z } from 'zod';
import { checklistsFor } from '../knowledge/checklists.ts';
import type { IncidentRouteParts } from '../routes.ts';
import { IncidentItem, IncidentParams, TAG } from './incident-shapes.ts';

const PERMISSION = 'incidents:write';
const Text = z.string().trim().min(1).max(10_000);
const Name = z.string().trim().min(1).max(200);
const subject = ({ params }: { params: { id: string } }) => params.id;

/** An invented hospital to look around in. */
export function sampleRoutes({ sample }: IncidentRouteParts): readonly Route[] {
  const common = { path: '/incidents/sample', tag: TAG, permission: PERMISSION } as const;
  const response = z.object({ incidents: z.int() });
  return [
    defineRoute({
      ...common,
      method: 'POST',
      operationId: 'loadSampleIncidents',
      summary: 'Shows the incidents of two weeks of an invented hospital, marked as sample',
      response,
      audit: { action: 'incident.sample.load', subject: () => 'sample' },
      handler: async () => ({ incidents: await sample.load() }),
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      operationId: 'removeSampleIncidents',
      summary: 'Removes the incidents of the invented hospital with all that people did with them',
      response,
      audit: { action: 'incident.sample.remove', subject: () => 'sample' },
      handler: async () => ({ incidents: await sample.remove() }),
    }),
  ];
}

/** What people do with incidents. */
export function workRoutes({ work, checklists, checklistStore, clock }: IncidentRouteParts): readonly Route[] {
  const common = { tag: TAG, permission: PERMISSION, params: IncidentParams } as const;
  return [
    defineRoute({
      ...common,
      method: 'PATCH',
      path: '/incidents/{id}',
      operationId: 'changeIncident',
      summary: 'Assigns an incident, sets its status, corrects its severity or its title',
      body: z.object({
        status: z.enum(['new', 'in-progress', 'on-hold']).optional(),
        owner: Name.nullable().optional(),
        severity: Severity.optional(),
        title: z.string().trim().min(1).max(300).optional(),
      }),
      response: IncidentItem,
      audit: { action: 'incident.change', subject },
      handler: ({ params, body, principal }) => work.change(params.id, body, principal.name),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/incidents/{id}/comments',
      operationId: 'commentIncident',
      summary: 'Adds a comment',
      body: z.object({ text: Text }),
      response: IncidentItem,
      audit: { action: 'incident.comment', subject },
      handler: ({ params, body, principal }) => work.comment(params.id, body.text, principal.name),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/incidents/{id}/hand-over',
      operationId: 'handOverIncident',
      summary: 'Hands an incident over, with what the next one must know',
      body: z.object({ to: Name, note: Text }),
      response: IncidentItem,
      audit: { action: 'incident.hand-over', subject },
      handler: ({ params, body, principal }) => work.handOver(params.id, body.to, body.note, principal.name),
    }),
    defineRoute({
      ...common,
      method: 'PUT',
      path: '/incidents/{id}/checklist',
      operationId: 'checkIncidentStep',
      summary: 'Notes that a step of a checklist is done, or is not',
      body: z.object({ step: z.string().min(1).max(200), isDone: z.boolean(), note: z.string().max(2000).default('') }),
      response: null,
      audit: { action: 'incident.checklist', subject },
      handler: async ({ params, body, principal }) => {
        const { view } = await work.get(params.id);
        const steps = checklistsFor(view, checklists).flatMap(({ id, steps: of }) =>
          of.map((each) => ({ id: `${id}.${each.id}`, text: each.text })),
        );
        const step = steps.find(({ id }) => id === body.step);
        if (step === undefined) {
          throw new SphinxError('SPX_INVALID_INPUT', `No checklist of this incident has a step "${body.step}".`);
        }
        const doneAt = body.isDone ? clock.now() : null;
        await checklistStore.save(params.id, { step: body.step, doneAt, by: principal.name, note: body.note });
        const text = `${body.isDone ? 'Done' : 'Not done'}: ${step.text}${body.note === '' ? '' : ` (${body.note})`}`;
        await work.note(params.id, 'checklist', text, principal.name);
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/incidents/{id}/close',
      operationId: 'closeIncident',
      summary: 'Closes an incident and says what it was; signals like these are judged by it from then on',
      body: z.object({ verdict: IncidentVerdict, note: z.string().max(10_000).default('') }),
      response: IncidentItem,
      audit: { action: 'incident.close', subject },
      handler: ({ params, body, principal }) => work.close(params.id, body.verdict, body.note, principal.name),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/incidents/{id}/reopen',
      operationId: 'reopenIncident',
      summary: 'Opens a closed incident again; what was learnt from its closing is forgotten',
      response: IncidentItem,
      audit: { action: 'incident.reopen', subject },
      handler: ({ params, principal }) => work.reopen(params.id, principal.name),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/incidents/{id}/open',
      operationId: 'openIncident',
      summary: 'Makes an incident of what was held back or noted',
      response: IncidentItem,
      audit: { action: 'incident.open', subject },
      handler: ({ params, principal }) => work.open(params.id, principal.name),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/incidents/{id}/merge',
      operationId: 'mergeIncident',
      summary: 'Moves what an incident has into another one and closes it as a duplicate',
      body: z.object({ into: Identifier }),
      response: IncidentItem,
      audit: { action: 'incident.merge', subject },
      handler: ({ params, body, principal }) => work.merge(params.id, body.into, principal.name),
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: '/incident-lessons/{id}',
      operationId: 'forgetIncidentLesson',
      summary: 'Forgets what was learnt from a closing about one detection',
      response: null,
      status: 204,
      audit: { action: 'incident.unlearn', subject },
      handler: ({ params }) => work.unlearn(params.id),
    }),
  ];
}
