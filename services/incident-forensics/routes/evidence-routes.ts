import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  type BlobStore,
  type Clock,
  defineRoute,
  ListQuery,
  pageOfList,
  pageSchema,
  type Route,
  type RouteInput,
  SphinxError,
} from '@sphinx/platform';
import { boundedStream } from '@sphinx/platform/archive';
import { TrustedKeys, trustedKeyOf } from '@sphinx/platform/signing';
import { z } from 'zod';
import { writeBundle } from '../bundle/write-bundle.ts';
import type { Collector } from '../evidence/collector.ts';
import { CustodyEntry } from '../evidence/custody.ts';
import type { EvidenceDesk } from '../evidence/evidence-desk.ts';
import { EvidenceItem } from '../evidence/evidence-item.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { TimeStamper } from '../evidence/time-stamper.ts';
import { readTriage } from '../evidence/triage.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import { type IncidentWork, nameOf } from '../incidents/incident-work.ts';
import { evidenceGraph } from '../timeline/graph.ts';
import { readTimeline, TIMELINE_KINDS, type TimelineParts } from '../timeline/timeline.ts';
import { IncidentParams, TAG } from './incident-shapes.ts';

export interface EvidenceRouteParts {
  readonly store: IncidentStore;
  readonly work: IncidentWork;
  readonly desk: EvidenceDesk;
  readonly evidence: EvidenceStore;
  readonly collector: Collector;
  readonly stamper: TimeStamper;
  readonly timeline: TimelineParts;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly scratchFolder: string;
  readonly maximumMegabytes: number;
}

const BYTES_PER_MEGABYTE = 1024 * 1024;
const Reason = z.string().trim().min(3).max(1000).meta({ description: 'Stands in the chain of custody' });
const EvidenceParams = IncidentParams.extend({ evidence: z.string().min(1) });
const TimelineItem = z
  .object({
    id: z.string(),
    time: z.number(),
    kind: z.enum(TIMELINE_KINDS),
    title: z.string(),
    detail: z.string(),
    isPinned: z.boolean(),
  })
  .meta({ id: 'IncidentTimelineEntry' });
const TimelineFilter = z.object({
  from: z.coerce.number().optional(),
  until: z.coerce.number().optional(),
  kinds: z
    .string()
    .optional()
    .transform((text) => text?.split(',').filter(Boolean))
    .pipe(z.array(z.enum(TIMELINE_KINDS)).optional())
    .meta({ description: `Some of ${TIMELINE_KINDS.join(', ')}, parted by commas`, override: { type: 'string' } }),
  search: z.string().max(200).optional(),
  isPinned: z.stringbool().optional(),
});
const CustodyItem = CustodyEntry.extend({
  authorityStamp: z
    .object({ time: z.number(), authority: z.string() })
    .nullable()
    .meta({ description: 'Time stamp of an authority over this entry and everything before it (RFC 3161)' }),
}).meta({ id: 'CustodyItem' });
const Graph = z.object({
  nodes: z.array(
    z.object({ id: z.string(), type: z.string(), name: z.string(), role: z.string(), isClinical: z.boolean() }),
  ),
  edges: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      titles: z.array(z.string()),
      count: z.int(),
      firstSeen: z.number(),
    }),
  ),
});

/** Time line, graph, evidence and its chain of custody. */
export function evidenceRoutes(parts: EvidenceRouteParts): readonly Route[] {
  return [...lookRoutes(parts), ...keepRoutes(parts), ...exportRoutes(parts)];
}

function lookRoutes({ store, work, evidence, timeline, desk }: EvidenceRouteParts): readonly Route[] {
  const common = { method: 'GET', tag: TAG, permission: 'incidents:read', params: IncidentParams } as const;
  return [
    defineRoute({
      ...common,
      path: '/incidents/{id}/timeline',
      operationId: 'listIncidentTimeline',
      summary: 'Everything known of the time around an incident, oldest first; what may name people is hidden',
      query: ListQuery.extend(TimelineFilter.shape),
      response: pageSchema(TimelineItem),
      handler: async ({ params, query: { cursor, limit, ...query } }) => {
        const { view } = await work.get(params.id);
        const entries = await readTimeline(view, { ...query, isUnmasked: false }, timeline);
        return pageOfList(entries, { cursor, limit }, ({ id }) => id);
      },
    }),
    defineRoute({
      ...common,
      path: '/incidents/{id}/graph',
      operationId: 'getIncidentGraph',
      summary: 'Who had to do with whom, and which alerts say so',
      response: Graph,
      handler: async ({ params }) => {
        const { view } = await work.get(params.id);
        return evidenceGraph(view, await store.signalsOf(params.id));
      },
    }),
    defineRoute({
      ...common,
      path: '/incidents/{id}/evidence',
      operationId: 'listIncidentEvidence',
      summary: 'Evidence of an incident, oldest first',
      query: ListQuery,
      response: pageSchema(EvidenceItem),
      handler: async ({ params, query }) => {
        await work.get(params.id);
        return pageOfList(await evidence.list(params.id), query, ({ id }) => id);
      },
    }),
    defineRoute({
      ...common,
      path: '/incidents/{id}/custody',
      operationId: 'listIncidentCustody',
      summary: 'Chain of custody: who did what with the evidence of an incident, and when',
      query: ListQuery,
      response: pageSchema(CustodyItem),
      handler: async ({ params, query }) => {
        await work.get(params.id);
        const stamps = new Map((await evidence.timeStampsOf(params.id)).map((stamp) => [stamp.entry, stamp]));
        const items = (await evidence.custodyOf(params.id)).map((entry) => {
          const { time, authority } = stamps.get(entry.sequence) ?? {};
          return { ...entry, authorityStamp: time === undefined ? null : { time, authority: authority ?? '' } };
        });
        return pageOfList(items, query, ({ sequence }) => String(sequence));
      },
    }),
    defineRoute({
      method: 'GET',
      tag: TAG,
      permission: 'incidents:read',
      path: '/evidence-keys',
      operationId: 'getEvidenceKeys',
      summary: 'Public key with which evidence is stamped; give it to whoever checks bundles',
      response: TrustedKeys,
      handler: async () => ({ keys: [trustedKeyOf(desk.key)] }),
    }),
  ];
}

function keepRoutes(parts: EvidenceRouteParts): readonly Route[] {
  const { work, evidence, desk, collector, timeline, blobs } = parts;
  const subject = ({ params }: { params: { id: string } }) => params.id;
  return [
    defineRoute({
      method: 'PUT',
      path: '/incidents/{id}/pins',
      operationId: 'pinIncidentEntry',
      summary: 'Pins an entry of the time line, or takes the pin out',
      tag: TAG,
      permission: 'incidents:write',
      params: IncidentParams,
      body: z.object({ entry: z.string().min(1).max(500), isPinned: z.boolean() }),
      response: null,
      audit: { action: 'incident.pin', subject },
      handler: async ({ params, body, principal }) => {
        await work.get(params.id);
        await evidence.pin(params.id, body.entry, body.isPinned);
        await work.note(params.id, 'pinned', `${body.isPinned ? 'Pinned' : 'Unpinned'}: ${body.entry}`, principal.name);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/incidents/{id}/evidence/collect',
      operationId: 'collectIncidentEvidence',
      summary: 'Collects evidence once more, as it is now',
      tag: TAG,
      permission: 'incidents:write',
      params: IncidentParams,
      response: z.object({ collected: z.int() }),
      audit: { action: 'evidence.collect', subject },
      handler: async ({ params, principal }) => {
        const { view } = await work.get(params.id);
        const items = await collector.collect(view, principal.name);
        await work.note(params.id, 'evidence', `${items.length} pieces of evidence collected`, principal.name);
        return { collected: items.length };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/incidents/{id}/evidence',
      operationId: 'addIncidentEvidence',
      summary: 'Adds a file: an event log (EVTX), a triage archive of KAPE, Velociraptor or UAC, or anything else',
      tag: TAG,
      permission: 'incidents:write',
      params: IncidentParams,
      query: z.object({ name: z.string().min(1).max(200) }),
      bodyKind: 'raw',
      response: EvidenceItem,
      audit: { action: 'evidence.add', subject },
      handler: async ({ params, query, principal, request }) => {
        const { view } = await work.get(params.id);
        const folder = await mkdtemp(join(parts.scratchFolder, 'upload-'));
        try {
          const path = join(folder, 'file');
          if (request.body === null) throw new SphinxError('SPX_INVALID_INPUT', 'The file is empty.');
          const limit = boundedStream(parts.maximumMegabytes * BYTES_PER_MEGABYTE, 'The file');
          await pipeline(Readable.fromWeb(request.body as never), limit, createWriteStream(path));
          const { kind, about, events } = await readTriage(path, query.name);
          const kept = await blobs.put(createReadStream(path));
          const mediaType = 'application/octet-stream';
          const item = { kind, name: query.name, about, mediaType, isMasked: false, ...kept };
          const added = await desk.keep(view.id, item, principal.name, 'added');
          await evidence.addEvents(
            view.id,
            events.map((event) => ({ ...event, evidence: added.id })),
          );
          await work.note(view.id, 'evidence', `Added: ${about}`, principal.name);
          await parts.stamper.stamp(view.id);
          return added;
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/incidents/{id}/timeline/unmasked',
      operationId: 'unmaskIncidentTimeline',
      summary: 'The time line with what may name people; recorded with the reason',
      tag: TAG,
      permission: 'evidence:unmask',
      params: IncidentParams,
      body: z.object({ reason: Reason }),
      response: z.object({ entries: z.array(TimelineItem) }),
      audit: { action: 'evidence.unmask', subject },
      handler: async ({ params, body, principal }) => {
        const { view } = await work.get(params.id);
        const what = { actor: principal.name, subject: 'timeline', detail: body.reason };
        await desk.record(params.id, 'unmasked', what);
        return { entries: await readTimeline(view, { isUnmasked: true }, timeline) };
      },
    }),
  ];
}

function exportRoutes(parts: EvidenceRouteParts): readonly Route[] {
  const { work, desk } = parts;
  return [
    defineRoute({
      method: 'POST',
      path: '/incidents/{id}/evidence/{evidence}/content',
      operationId: 'openIncidentEvidence',
      summary: 'Content of a piece of evidence; each look is recorded with its reason',
      tag: TAG,
      permission: 'evidence:unmask',
      params: EvidenceParams,
      body: z.object({ reason: Reason }),
      response: { raw: 'application/octet-stream' },
      audit: { action: 'evidence.look', subject: ({ params }) => `${params.id} ${params.evidence}` },
      handler: async ({ params, body, principal }) => {
        const item = await desk.get(params.id, params.evidence);
        await desk.record(params.id, 'looked', { actor: principal.name, subject: item.sha256, detail: body.reason });
        return fileResponse(await desk.open(item), item.name, item.mediaType);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/incidents/{id}/export',
      operationId: 'exportIncident',
      summary:
        'The case as a bundle that anybody can check offline; without what may name patients unless that is asked for',
      tag: TAG,
      permission: 'evidence:export',
      params: IncidentParams,
      body: z.object({ reason: Reason, isUnmasked: z.boolean().default(false) }),
      response: { raw: 'application/zip' },
      audit: { action: 'evidence.export', subject: ({ params }) => params.id },
      handler: (input) => exportCase(input, parts),
    }),
  ];

  async function exportCase(
    { params, body, principal }: RouteInput<typeof IncidentParams, z.ZodObject, z.ZodObject>,
    { store, evidence, timeline, clock, scratchFolder, stamper }: EvidenceRouteParts,
  ): Promise<Response> {
    const { reason, isUnmasked } = body as { reason: string; isUnmasked: boolean };
    if (isUnmasked && !principal.permissions.has('evidence:unmask')) {
      throw new SphinxError('SPX_FORBIDDEN', 'Exporting what may name patients needs the permission evidence:unmask.');
    }
    const { view } = await work.get(params.id);
    const detail = `${isUnmasked ? 'whole' : 'without what may name patients'}: ${reason}`;
    await desk.record(view.id, 'exported', { actor: principal.name, subject: 'bundle', detail });
    await stamper.stamp(view.id);
    const all = await evidence.list(view.id);
    const path = await writeBundle(scratchFolder, {
      view,
      activity: await store.activityOf(view.id),
      evidence: all.filter(({ isMasked }) => isMasked || isUnmasked),
      custody: await evidence.custodyOf(view.id),
      timeStamps: await evidence.timeStampsOf(view.id),
      timeline: await readTimeline(view, { isUnmasked }, timeline),
      key: desk.key,
      time: clock.now(),
      by: principal.name,
      isMasked: !isUnmasked,
      open: (item) => desk.open(item),
    });
    const { size } = await stat(path);
    const content = createReadStream(path);
    content.on('close', () => void rm(path, { force: true }));
    return fileResponse(content, `${nameOf(view)}.zip`, 'application/zip', size);
  }
}

function fileResponse(content: Readable, name: string, mediaType: string, size?: number): Response {
  return new Response(Readable.toWeb(content) as ReadableStream<Uint8Array>, {
    headers: {
      'content-type': mediaType,
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
      ...(size === undefined ? {} : { 'content-length': String(size) }),
    },
  });
}
