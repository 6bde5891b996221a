import { defineRoute, type EventStore, type Route } from '@sphinx/platform';
import { z } from 'zod';
import { CLINICAL_PROTOCOLS, ClinicalLink, clinicalLinks } from './clinical-links.ts';
import { bucketWidth, fillSilence } from './timeline.ts';
import { FlowFilter, flowFilter, recordFilter, TrafficFilter } from './traffic-filter.ts';

const TAG = 'traffic';
const MAXIMUM_GROUPS = 10_000;
/** Records of one clinical protocol that a map is drawn from, the newest. */
const MAXIMUM_RECORDS = 20_000;
const SUMS = ['bytes_out', 'bytes_in', 'packets_out', 'packets_in'] as const;

const Volume = z.object({ flows: z.int(), packets: z.int(), bytes: z.int() });
const TimelinePoint = Volume.extend({ time: z.int() });
const ProtocolPart = Volume.extend({ transport: z.string(), protocol: z.string(), isEncrypted: z.boolean() });
const Pair = Volume.extend({
  clientIp: z.string(),
  serverIp: z.string(),
  protocol: z.string(),
  isEncrypted: z.boolean(),
});

/** Questions about stored traffic under one filter. */
export function explorerRoutes(telemetry: EventStore): readonly Route[] {
  return [
    timelineRoute(telemetry),
    defineRoute({
      method: 'GET',
      path: '/traffic/protocol-tree',
      operationId: 'getProtocolTree',
      summary: 'Finished flows by transport, application protocol and encryption, most bytes first',
      tag: TAG,
      permission: 'traffic:read',
      query: FlowFilter,
      response: z.object({ items: z.array(ProtocolPart) }),
      handler: async ({ query }) => {
        const rows = await volumes(telemetry, query, ['transport', 'app_name', 'is_encrypted']);
        return {
          items: rows.map(({ row, ...volume }) => ({
            transport: String(row.transport),
            protocol: String(row.app_name),
            isEncrypted: row.is_encrypted === true,
            ...volume,
          })),
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/traffic/pairs',
      operationId: 'listTrafficPairs',
      summary: 'Who opened flows to whom, in which protocol, most bytes first',
      tag: TAG,
      permission: 'traffic:read',
      query: FlowFilter.extend({ limit: z.coerce.number().int().min(1).max(5000).default(1000) }),
      response: z.object({ items: z.array(Pair) }),
      handler: async ({ query }) => {
        const rows = await volumes(telemetry, query, ['src_ip', 'dst_ip', 'app_name', 'is_encrypted']);
        return {
          items: rows.slice(0, query.limit).map(({ row, ...volume }) => ({
            clientIp: String(row.src_ip),
            serverIp: String(row.dst_ip),
            protocol: String(row.app_name),
            isEncrypted: row.is_encrypted === true,
            ...volume,
          })),
        };
      },
    }),
    clinicalRoute(telemetry),
  ];
}

function timelineRoute(telemetry: EventStore): Route {
  return defineRoute({
    method: 'GET',
    path: '/traffic/timeline',
    operationId: 'getTrafficTimeline',
    summary: 'Finished flows by the time of their first packet, from the first to the last that fits the filter',
    tag: TAG,
    permission: 'traffic:read',
    query: FlowFilter.extend({ points: z.coerce.number().int().min(10).max(1000).default(120) }),
    response: z.object({ bucketMs: z.int(), items: z.array(TimelinePoint) }),
    handler: async ({ query }) => {
      const filter = flowFilter(query);
      const [oldest] = await telemetry.select('network_activity', { ...filter, order: 'oldest-first', limit: 1 });
      const [newest] = await telemetry.select('network_activity', { ...filter, order: 'newest-first', limit: 1 });
      const bucketMs = bucketWidth((newest?.time ?? 0) - (oldest?.time ?? 0), query.points);
      const rows = await telemetry.aggregate<'network_activity'>('network_activity', {
        ...filter,
        groupBy: [],
        bucketMs,
        sum: SUMS,
        orderBy: 'bucket',
        descending: false,
        limit: query.points,
      });
      const points = rows.map((row) => ({ time: Number(row.bucket), ...volumeOf(row) }));
      return { bucketMs, items: fillSilence(points, bucketMs) };
    },
  });
}

function clinicalRoute(telemetry: EventStore): Route {
  return defineRoute({
    method: 'GET',
    path: '/traffic/clinical',
    operationId: 'listClinicalLinks',
    summary: 'Which clinical system asks which other one for what: how often, how it ends and how long it takes',
    tag: TAG,
    permission: 'traffic:read',
    query: TrafficFilter,
    response: z.object({
      items: z.array(ClinicalLink),
      isComplete: z.boolean().meta({ description: 'False when only the newest records could be taken' }),
    }),
    handler: async ({ query }) => {
      const protocols = CLINICAL_PROTOCOLS.filter((one) => query.protocol === undefined || query.protocol === one);
      const lists = await Promise.all(
        protocols.map((protocol) =>
          telemetry.select('protocol_activity', {
            ...recordFilter({ ...query, protocol }),
            order: 'newest-first',
            limit: MAXIMUM_RECORDS,
          }),
        ),
      );
      return { items: clinicalLinks(lists.flat()), isComplete: lists.every(({ length }) => length < MAXIMUM_RECORDS) };
    },
  });
}

type Volume = z.infer<typeof Volume>;
type GroupRow = Readonly<Record<string, unknown>>;

async function volumes(
  telemetry: EventStore,
  query: FlowFilter,
  groupBy: readonly ('transport' | 'app_name' | 'is_encrypted' | 'src_ip' | 'dst_ip')[],
): Promise<(Volume & { row: GroupRow })[]> {
  const rows = await telemetry.aggregate<'network_activity'>('network_activity', {
    ...flowFilter(query),
    groupBy,
    sum: SUMS,
    limit: MAXIMUM_GROUPS,
  });
  return rows.map((row) => ({ row, ...volumeOf(row) })).sort((left, right) => right.bytes - left.bytes);
}

function volumeOf(row: GroupRow): Volume {
  const sum = (name: string) => Number(row[`sum_${name}`] ?? 0);
  return {
    flows: Number(row.count),
    packets: sum('packets_out') + sum('packets_in'),
    bytes: sum('bytes_out') + sum('bytes_in'),
  };
}
