import { defineRoute, type Principal, pageSchema, type Route, SequencePageQuery, SphinxError } from '@sphinx/platform';
import { z } from 'zod';
import type { Run } from '../runs/run.ts';
import type { ResponseRouteParts } from './response-routes.ts';
import { ActionView, MicroView, ResponseState, RunBody, RunDetail, RunItem } from './response-shapes.ts';
import { actionView, approvalView, personOf, runDetail, runItem } from './views.ts';

const TAG = 'response';
const READ = 'response:read';
const NAMED = z.object({ id: z.string().max(200).meta({ description: 'RUN-12, or its id' }) });
const ACTION = z.object({ id: z.string().max(200).meta({ description: 'Id of an action' }) });

/** What is carried out, was, or would be. */
export function runRoutes(parts: ResponseRouteParts): readonly Route[] {
  return [...stateRoutes(parts), ...readRoutes(parts), ...changeRoutes(parts), ...undoRoutes(parts)];
}

function stateRoutes({
  desk,
  runs,
  approvals,
  tasks,
  documents,
  actuators,
  killSwitch,
  notify,
}: ResponseRouteParts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/response/state',
      operationId: 'getResponseState',
      summary: 'What is at work and what waits for people; whether everything is stopped',
      tag: TAG,
      permission: READ,
      response: ResponseState,
      handler: async () => ({
        stop: killSwitch.stop,
        stopFile: killSwitch.file,
        running: (await runs.inStates(['running', 'undoing'])).length,
        approvals: (await approvals.open()).length,
        tasks: (await tasks.open()).length,
        toConfirm: (await documents.actions.inStates(['done'])).filter(({ undoAt }) => undoAt !== null).length,
        actuators: actuators.list().length,
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/response/stop',
      operationId: 'stopResponse',
      summary: 'Stops every run at once; nothing is carried out until somebody lets it go on, also after a restart',
      tag: TAG,
      permission: 'response:stop',
      body: z.object({ reason: z.string().trim().min(1).max(500) }),
      response: null,
      audit: { action: 'response.stop', subject: ({ body }) => body.reason },
      handler: async ({ body, principal }) => {
        await desk.stopAll(personOf(principal).name, body.reason);
        notify();
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/response/resume',
      operationId: 'resumeResponse',
      summary: 'Lets runs be carried out again; those that were stopped wait until each is let go on',
      tag: TAG,
      permission: 'response:configure',
      response: null,
      audit: { action: 'response.resume', subject: () => 'everything' },
      handler: async () => {
        await desk.resumeAll();
        notify();
      },
    }),
  ];
}

function readRoutes(parts: ResponseRouteParts): readonly Route[] {
  const { runs, books, guardian, clock } = parts;
  return [
    defineRoute({
      method: 'GET',
      path: '/response/runs',
      operationId: 'listResponseRuns',
      summary: 'Runs of playbooks, newest first',
      tag: TAG,
      permission: READ,
      query: SequencePageQuery.extend({
        state: z.string().max(40).optional(),
        subject: z.string().max(200).optional().meta({ description: 'Id or name of what they are about' }),
      }),
      response: pageSchema(RunItem),
      handler: async ({ query: { cursor, limit, state, subject } }) => {
        const page = await runs.list({ before: cursor, limit, state, subject });
        return { ...page, items: page.items.map(runItem) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/response/runs/{id}',
      operationId: 'getResponseRun',
      summary: 'A run with its plan, its steps as they are, actions, tasks and approvals',
      tag: TAG,
      permission: READ,
      params: NAMED,
      response: RunDetail,
      handler: async ({ params, principal }) => detailOf(parts, await runs.find(params.id), principal),
    }),
    defineRoute({
      method: 'GET',
      path: '/response/micro-quarantine/{device}',
      operationId: 'previewMicroQuarantine',
      summary: 'Which flows of a device would stay in a micro-quarantine, and which would be cut, each with its reason',
      tag: TAG,
      permission: READ,
      params: z.object({ device: z.string().max(300).meta({ description: 'Id, address or name' }) }),
      response: MicroView,
      handler: async ({ params }) => {
        const [device] = books.devices.find(params.device);
        if (device === undefined)
          throw new SphinxError('SPX_NOT_FOUND', `The inventory knows no device "${params.device}".`);
        const { kept, leftOut } = guardian.microOf(device, clock.now());
        return { device: device.id, name: device.name, clinicalClass: device.clinicalClass, kept, leftOut };
      },
    }),
  ];
}

async function detailOf(parts: ResponseRouteParts, run: Run, principal: Principal): Promise<RunDetail> {
  const { runs, documents, desk, approvals } = parts;
  const [visits, actions, tasks, asked] = await Promise.all([
    runs.visits(run.id),
    documents.actions.ofRun(run.id),
    documents.tasks.ofRun(run.id),
    documents.approvals.ofRun(run.id),
  ]);
  const person = personOf(principal);
  return runDetail(run, {
    missing: desk.missing(run),
    visits,
    actions,
    tasks,
    approvals: asked.map((each) => approvalView(each, run, approvals.problemFor(each, person))),
  });
}

function changeRoutes(parts: ResponseRouteParts): readonly Route[] {
  const { desk, runs, playbooks, books, notify } = parts;
  const change = (
    name: string,
    summary: string,
    work: (run: string, by: ReturnType<typeof personOf>) => Promise<Run>,
  ) =>
    defineRoute({
      method: 'POST',
      path: `/response/runs/{id}/${name}`,
      operationId: `${name}ResponseRun`,
      summary,
      tag: TAG,
      permission: 'response:run',
      params: NAMED,
      response: RunDetail,
      audit: { action: `response.run.${name}`, subject: ({ params }) => params.id },
      handler: async ({ params, principal }) => {
        const run = await work(params.id, personOf(principal));
        notify();
        return detailOf(parts, run, principal);
      },
    });
  return [
    defineRoute({
      method: 'POST',
      path: '/response/runs',
      operationId: 'planResponseRun',
      summary:
        'Plans a playbook: each step with its actuator, its effect and what the guard says; begins it where asked to',
      tag: TAG,
      permission: 'response:run',
      body: RunBody,
      response: RunDetail,
      status: 201,
      audit: {
        action: 'response.run.plan',
        subject: ({ body }) => `${body.playbook} for ${body.subject || 'an exercise'}`,
      },
      handler: async ({ body, principal }) => {
        const { start, subject: name, ...request } = body;
        const playbook = playbooks.find(request.playbook);
        const known = await books.subjects.find(name);
        if (known === undefined) {
          const message = `"${name}" is no incident, weakness or device that is known here. Name INC-12, CVE-2019-0708, or an address.`;
          throw new SphinxError('SPX_NOT_FOUND', message);
        }
        const by = personOf(principal);
        const { subject, attackFrom, isSample } = known;
        const variables = { ...known.variables, ...request.variables };
        const planned = await desk.plan({ ...request, playbook, subject, attackFrom, isSample, variables }, by);
        const run = start && !planned.isDryRun ? await desk.start(planned.id, by) : planned;
        notify();
        return detailOf(parts, run, principal);
      },
    }),
    change('start', 'Begins a planned run: the guard looks anew, and who has to agree is asked', (id, by) =>
      desk.start(id, by),
    ),
    change('resume', 'Goes on with a run that was stopped', (id, by) => desk.resume(id, by.name)),
    change('cancel', 'Ends a run; what was done stays until it is undone', (id, by) => desk.cancel(id, by.name)),
    change('undo', 'Takes back everything that the run did, the last first', (id, by) => desk.undo(id, by.name)),
    change('confirm', 'What the run did stays: nothing of it is taken back by itself', async (id, by) => {
      await desk.confirm(id, by.name);
      return runs.find(id);
    }),
  ];
}

function undoRoutes({ undoer, notify }: ResponseRouteParts): readonly Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/response/actions/{id}/undo',
      operationId: 'undoResponseAction',
      summary: 'Takes one action back',
      tag: TAG,
      permission: 'response:run',
      params: ACTION,
      response: ActionView,
      audit: { action: 'response.action.undo', subject: ({ params }) => params.id },
      handler: async ({ params, principal }) => {
        const action = await undoer.undo(params.id, personOf(principal).name);
        notify();
        return actionView(action);
      },
    }),
  ];
}
