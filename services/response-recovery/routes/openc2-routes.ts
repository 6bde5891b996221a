import { defineRoute, type Principal, type Route, SphinxError } from '@sphinx/platform';
import { z } from 'zod';
import { OWN_ACTUATOR } from '../actuators/own-actuator.ts';
import { type OpenC2Response, openC2Answer, type ReadMessage, readMessage } from '../openc2/message.ts';
import { singleCommandPlaybook } from '../openc2/single-command.ts';
import type { Run } from '../runs/run.ts';
import type { ResponseRouteParts } from './response-routes.ts';
import { personOf } from './views.ts';

/** A producer that asked for the complete answer waits so long; a person may take longer to agree. */
const WAIT_MS = 20_000;
const LOOK_MS = 50;
const OVER: readonly Run['state'][] = ['succeeded', 'failed', 'refused', 'cancelled', 'stopped', 'undone'];

/** The OpenC2 consumer: commands of other programs, guarded, agreed to and kept like those of playbooks. */
export function openC2Routes(parts: ResponseRouteParts): readonly Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/openc2',
      operationId: 'consumeOpenC2',
      summary: 'Takes a command of OpenC2, by itself or in an envelope; also at `/.well-known/openc2`',
      tag: 'response',
      permission: 'response:run',
      body: z.unknown(),
      response: { raw: 'application/openc2+json' },
      audit: { action: 'response.openc2', subject: ({ body }) => JSON.stringify(body ?? null).slice(0, 300) },
      handler: async ({ body, principal, request }) => {
        const message = readMessage(body);
        const response = await answer(message, parts, principal);
        return openC2Answer(response, message, {
          now: parts.clock.now(),
          header: request.headers.get('x-request-id')?.slice(0, 200) ?? null,
        });
      },
    }),
  ];
}

async function answer(message: ReadMessage, parts: ResponseRouteParts, principal: Principal): Promise<OpenC2Response> {
  if (message.kind === 'problem') return { status: 400, status_text: message.problem };
  if (message.kind === 'features') return { status: 200, results: featuresOf(message.features, parts) };
  const { desk, books, guardian, actuators, clock, notify } = parts;
  const { command } = message;
  const look = await guardian.look(command, clock.now());
  const chosen = actuators.choose(command, look);
  if ('problem' in chosen) return { status: 501, status_text: chosen.problem };
  const known = await books.subjects.find(look.deviceIds[0] ?? '');
  const by = personOf(principal);
  const planned = await desk.plan(
    {
      playbook: singleCommandPlaybook(command, clock.now()),
      subject: known?.subject ?? { kind: 'exercise', id: 'openc2', name: 'OpenC2' },
      variables: {},
      isDryRun: false,
      isSample: known?.isSample ?? false,
      isolation: 'as-written',
      undoAfterMinutes: command.args?.duration === undefined ? null : command.args.duration / 60_000,
    },
    by,
  );
  notify();
  try {
    await desk.start(planned.id, by);
  } catch (error) {
    if (!(error instanceof SphinxError)) throw error;
    return { status: error.status === 409 ? 403 : error.status, status_text: error.message };
  }
  return command.args?.response_requested === 'ack'
    ? { status: 102, status_text: `Taken as RUN-${planned.number}.` }
    : complete(planned.id, parts);
}

/** The answer when it is done; while people have to agree, that it is under way. */
async function complete(id: string, { runs, documents }: ResponseRouteParts): Promise<OpenC2Response> {
  for (const until = performance.now() + WAIT_MS; performance.now() < until; ) {
    const run = await runs.find(id);
    if (OVER.includes(run.state)) {
      const [action] = await documents.actions.ofRun(id);
      const results = { 'x-sphinx': { run: `RUN-${run.number}`, action: action?.id, result: action?.result ?? null } };
      if (run.state === 'succeeded') return { status: 200, status_text: action?.message ?? run.reason, results };
      const isForbidden = run.state === 'refused' || action?.state === 'refused';
      return { status: isForbidden ? 403 : 500, status_text: action?.message || run.reason, results };
    }
    if (run.state === 'awaiting-approval') {
      return { status: 102, status_text: `RUN-${run.number} waits for people to agree.` };
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return { status: 102, status_text: 'It is still under way.' };
}

/** OpenC2 §4.1: every consumer answers what it can do. */
function featuresOf(features: readonly string[], { actuators, policy }: ResponseRouteParts): Record<string, unknown> {
  const able = [
    ...actuators.kinds.filter(({ type }) => actuators.list().some(({ configured }) => configured.type === type)),
  ]
    .flatMap(({ capabilities }) => capabilities)
    .concat(actuators.opened(OWN_ACTUATOR).capabilities);
  const pairs = Object.groupBy(able, ({ action }) => action);
  const all: Readonly<Record<string, unknown>> = {
    versions: ['1.0'],
    profiles: ['slpf', 'x-sphinx'],
    pairs: {
      query: ['features'],
      ...Object.fromEntries(
        Object.entries(pairs).map(([action, each]) => [
          action,
          [...new Set([...(action === 'query' ? ['features'] : []), ...(each ?? []).map(({ target }) => target)])],
        ]),
      ),
    },
    rate_limit: policy.rates.actionsPerHour / 60,
  };
  return Object.fromEntries(features.map((name) => [name, all[name]]));
}
