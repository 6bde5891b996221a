import {
  cutPage,
  defineRoute,
  ListQuery,
  PageQuery,
  pageOfList,
  pageSchema,
  type Route,
  SequencePageQuery,
  SphinxError,
} from '@sphinx/platform';
import { CAUTION_LEVELS, PROBES } from '@sphinx/probes';
import type { ProbingKnowledge } from '@sphinx/probes/policy';
import { ENGINES, ProbePolicy } from '@sphinx/probes/policy';
import { z } from 'zod';
import { ProbePreview } from './plan/plan-probes.ts';
import type { Prober } from './prober.ts';
import type { ProbingStore } from './store.ts';
import { ExchangeView, RunView } from './views.ts';

const TAG = 'active-probing';

const ProbeView = z
  .object({
    id: z.string(),
    title: z.string(),
    transport: z.enum(['tcp', 'udp']),
    ports: z.array(z.int()),
    sends: z.string(),
    caution: z.enum(CAUTION_LEVELS),
    needsPerson: z.boolean(),
    packets: z.int().meta({ description: 'At most, for one port' }),
    bytes: z.int(),
  })
  .meta({ id: 'Probe' });

const Target = z.string().min(1).max(200).meta({ description: 'Id of an asset, or an address' });
const EngineChoice = z
  .enum(['own', ...ENGINES])
  .default('own')
  .meta({ description: 'Who asks: the probes, or nmap where it is installed, switched on and allowed by the policy' });

const Wanted = z
  .array(z.string())
  .max(60)
  .default([])
  .meta({ description: 'Ids of the only probes; empty: all that are allowed' });

interface Dependencies {
  readonly prober: Prober;
  readonly store: ProbingStore;
  readonly knowledge: ProbingKnowledge;
}

/** What can be asked, what would be sent, what was sent. */
export function probingRoutes(dependencies: Dependencies): readonly Route[] {
  return [...knowledgeRoutes(dependencies), ...runRoutes(dependencies), ...recordRoutes(dependencies)];
}

function knowledgeRoutes({ knowledge }: Dependencies): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/probes',
      operationId: 'listProbes',
      summary: 'Every probe: what it sends in words, how much at most, how much care it asks for',
      tag: TAG,
      permission: 'probes:read',
      query: ListQuery,
      response: pageSchema(ProbeView),
      handler: async ({ query }) => pageOfList(PROBES.map(viewOf), query, ({ id }) => id),
    }),
    defineRoute({
      method: 'GET',
      path: '/probe-policies',
      operationId: 'listProbePolicies',
      summary: 'Which devices may be asked what, when and how fast',
      tag: TAG,
      permission: 'probes:read',
      query: ListQuery,
      response: pageSchema(ProbePolicy),
      handler: async ({ query }) => pageOfList(knowledge.policies, query, ({ id }) => id),
    }),
    defineRoute({
      method: 'GET',
      path: '/default-credentials',
      operationId: 'listDefaultCredentials',
      summary: 'Logins of makers’ manuals that a person may allow to try; without their passwords',
      tag: TAG,
      permission: 'probes:read',
      query: ListQuery,
      response: pageSchema(z.object({ id: z.string(), product: z.string(), protocol: z.string() })),
      handler: async ({ query }) =>
        pageOfList(
          knowledge.credentials.map(({ id, product, protocol }) => ({ id, product, protocol })),
          query,
          ({ id }) => id,
        ),
    }),
  ];
}

function viewOf({ id, title, transport, ports, sends, caution, needsPerson = false, limits }: (typeof PROBES)[number]) {
  return {
    id,
    title,
    transport,
    ports: [...ports],
    sends,
    caution,
    needsPerson,
    packets: limits.packets,
    bytes: limits.bytes,
  };
}

function runRoutes({ prober, store }: Dependencies): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/probe-preview',
      operationId: 'previewProbes',
      summary: 'What would be sent to a device, in words; sends nothing',
      tag: TAG,
      permission: 'probes:read',
      query: z.object({
        target: Target,
        probes: z.string().max(1000).default('').meta({ description: 'Ids with commas' }),
        engine: EngineChoice,
      }),
      response: ProbePreview,
      handler: async ({ query }) =>
        prober.preview(
          prober.find(query.target),
          'on-demand',
          wishOf(query.engine, query.probes.split(',').filter(Boolean)),
        ),
    }),
    defineRoute({
      method: 'POST',
      path: '/probe-runs',
      operationId: 'startProbeRun',
      summary: 'Probes a device now, if its policy allows; a refusal is an answer with its reason',
      tag: TAG,
      permission: 'probes:write',
      body: z.object({ target: Target, probes: Wanted, engine: EngineChoice }),
      response: RunView,
      status: 202,
      audit: { action: 'probes.run', subject: ({ body }) => body.target },
      handler: ({ body, principal }) => {
        requireKnown(body.probes);
        const wanted = wishOf(body.engine, body.probes);
        return prober.request(prober.find(body.target), 'on-demand', principal.name, wanted);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/probe-runs',
      operationId: 'listProbeRuns',
      summary: 'Runs and refusals, latest first',
      tag: TAG,
      permission: 'probes:read',
      query: PageQuery.extend({ ip: z.string().max(64).optional(), state: RunView.shape.state.optional() }),
      response: pageSchema(RunView),
      handler: async ({ query }) => {
        const before = query.cursor === undefined ? undefined : Number(query.cursor);
        if (Number.isNaN(before))
          throw new SphinxError('SPX_INVALID_INPUT', 'This cursor was not made by SPHINX. Start without one.');
        const runs = await store.runs({ ip: query.ip, state: query.state, before }, query.limit + 1);
        return cutPage(runs, query.limit, ({ startedAt }) => String(startedAt));
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/probe-runs/{id}',
      operationId: 'getProbeRun',
      summary: 'One run',
      tag: TAG,
      permission: 'probes:read',
      params: z.object({ id: z.string() }),
      response: RunView,
      handler: async ({ params }) => {
        const run = await store.run(params.id);
        if (run === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no run ${params.id}.`);
        return run;
      },
    }),
  ];
}

/** @throws SphinxError SPX_INVALID_INPUT where probes are named that another program is to stand in for */
function wishOf(engine: z.infer<typeof EngineChoice>, probes: readonly string[]): readonly string[] {
  if (engine === 'own') return probes;
  if (probes.length > 0) throw new SphinxError('SPX_INVALID_INPUT', `Name probes, or ${engine}, not both.`);
  return [engine];
}

function requireKnown(ids: readonly string[]): void {
  const unknown = ids.find((id) => !PROBES.some((probe) => probe.id === id));
  if (unknown !== undefined)
    throw new SphinxError('SPX_INVALID_INPUT', `"${unknown}" is no probe. GET /probes lists them.`);
}

function recordRoutes({ store }: Dependencies): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/probe-exchanges',
      operationId: 'listProbeExchanges',
      summary:
        'Everything that was sent to devices and came back, in its order; pages follow one another for an export',
      tag: TAG,
      permission: 'probes:read',
      query: SequencePageQuery.extend({ run: z.string().max(64).optional(), ip: z.string().max(64).optional() }),
      response: pageSchema(ExchangeView),
      handler: async ({ query }) => {
        const rows = await store.exchanges({ runId: query.run, ip: query.ip, after: query.cursor }, query.limit + 1);
        return cutPage(rows, query.limit, ({ sequence }) => String(sequence));
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/probe-captures/{ip}/{probe}',
      operationId: 'getProbeCapture',
      summary: 'The last conversation of a probe with a device as a capture file, with the packets that evidence names',
      tag: TAG,
      permission: 'packets:export',
      params: z.object({ ip: z.string().max(64), probe: z.string().max(64) }),
      response: { raw: 'application/x-pcapng' },
      handler: async ({ params }) => {
        const capture = await store.capture(params.ip, params.probe);
        if (capture === undefined)
          throw new SphinxError('SPX_NOT_FOUND', `${params.probe} has no answer of ${params.ip}.`);
        return new Response(new Uint8Array(Buffer.from(capture, 'base64')), {
          headers: { 'content-type': 'application/x-pcapng' },
        });
      },
    }),
  ];
}
