import { type Clock, defineRoute, type EventStore, pageSchema, type Route } from '@sphinx/platform';
import { TELEMETRY } from '@sphinx/schema';
import type { SensorStatistics } from '@sphinx/wire';
import { z } from 'zod';
import type { SourceManager } from '../sources/source-manager.ts';
import { explorerRoutes } from './explorer-routes.ts';
import { Limit, RowPage, readPage } from './row-page.ts';
import { FlowFilter, flowFilter, rangeOf, recordFilter, TimeRange, TrafficFilter } from './traffic-filter.ts';

const ProtocolShare = z.object({
  protocol: z.string(),
  flows: z.int(),
  packets: z.int(),
  bytes: z.int(),
});

const TrafficSummary = z
  .object({
    packets: z.int(),
    bytes: z.int(),
    packetsPerSecond: z.number(),
    bitsPerSecond: z.number(),
    activeFlows: z.int(),
    flows: z.int(),
    malformedPackets: z.int(),
    drops: z.object({
      telemetry: z.int(),
      records: z.int(),
      capture: z.int().meta({ description: 'Packets, datagrams or records that never came here' }),
      flows: z.int().meta({ description: 'Flows that were given up to stay within memory' }),
      datagrams: z.int().meta({ description: 'Datagrams in fragments that were given up' }),
      segments: z.int().meta({ description: 'Times that a connection went on without missing bytes, for memory' }),
      workers: z.int().meta({ description: 'Threads that died and were started again' }),
    }),
    firstPacket: z.int().nullable(),
    lastPacket: z.int().nullable(),
    protocols: z.array(ProtocolShare),
    runningSources: z.int(),
  })
  .meta({ id: 'TrafficSummary' });

const SeriesPoint = z.object({ time: z.int(), packets: z.number(), bytes: z.number() });
const MAXIMUM_SERIES_POINTS = 5000;

const SeriesQuery = TimeRange.extend({
  seconds: z.coerce.number().int().min(10).max(599).default(120),
  bucketMs: z.coerce.number().int().min(1000).max(86_400_000).optional(),
});

const Talker = z.object({
  ip: z.string(),
  bytesSent: z.number(),
  bytesReceived: z.number(),
  packets: z.number(),
  flows: z.number(),
});

const OfFlow = { flow: z.string().max(100).optional().meta({ description: 'Id of one flow' }) };

/** Questions about the traffic that was seen. */
export function trafficRoutes(dependencies: {
  sources: SourceManager;
  telemetry: EventStore;
  clock: Clock;
}): readonly Route[] {
  const { sources, telemetry, clock } = dependencies;
  return [
    defineRoute({
      method: 'GET',
      path: '/traffic/summary',
      operationId: 'getTrafficSummary',
      summary: 'How much traffic is there now, and of which protocols',
      tag: 'traffic',
      permission: 'traffic:read',
      response: TrafficSummary,
      handler: async () => summarise(sources, telemetry, clock.now()),
    }),
    defineRoute({
      method: 'GET',
      path: '/traffic/series',
      operationId: 'getTrafficSeries',
      summary: 'Throughput: per second of the last minutes as it was read, or with bucketMs by the time of the packets',
      tag: 'traffic',
      permission: 'traffic:read',
      query: SeriesQuery,
      response: z.object({ items: z.array(SeriesPoint) }),
      handler: async ({ query }) => ({
        items:
          query.bucketMs === undefined
            ? [...sources.publisher.throughput.series(clock.now(), query.seconds)]
            : await readSeries(telemetry, { ...query, bucketMs: query.bucketMs }),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/traffic/protocols',
      operationId: 'listProtocols',
      summary: 'Traffic by application protocol, found by content',
      tag: 'traffic',
      permission: 'traffic:read',
      response: z.object({ items: z.array(ProtocolShare) }),
      handler: async () => ({ items: addUpProtocols(sources.publisher.statistics()) }),
    }),
    talkersRoute(telemetry),
    ...explorerRoutes(telemetry),
    defineRoute({
      method: 'GET',
      path: '/traffic/flows',
      operationId: 'listFlows',
      summary: 'Flows, newest first; one that lasts has a row for each time it was told',
      tag: 'traffic',
      permission: 'traffic:read',
      query: FlowFilter.extend({ ...RowPage, ...OfFlow }),
      response: pageSchema(TELEMETRY.network_activity),
      handler: async ({ query }) => {
        const { equals, ...filter } = flowFilter(query);
        const ofFlow = query.flow === undefined ? {} : { flow_id: query.flow };
        return readPage(telemetry, 'network_activity', { ...filter, equals: { ...equals, ...ofFlow } }, query);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/traffic/records',
      operationId: 'listProtocolRecords',
      summary: 'Application-layer records, newest first, without any patient data',
      tag: 'traffic',
      permission: 'traffic:read',
      query: TrafficFilter.extend({ ...RowPage, ...OfFlow }),
      response: pageSchema(TELEMETRY.protocol_activity),
      handler: async ({ query }) => {
        const { equals, ...filter } = recordFilter(query);
        const ofFlow = query.flow === undefined ? {} : { flow_id: query.flow };
        return readPage(telemetry, 'protocol_activity', { ...filter, equals: { ...equals, ...ofFlow } }, query);
      },
    }),
  ];
}

function summarise(sources: SourceManager, telemetry: EventStore, now: number): z.infer<typeof TrafficSummary> {
  const statistics = sources.publisher.statistics();
  const total = (pick: (one: SensorStatistics) => number) => statistics.reduce((sum, one) => sum + pick(one), 0);
  const withPackets = statistics.filter(({ packets }) => packets > 0);
  const times = withPackets.flatMap((one) => [one.firstPacketMicros, one.lastPacketMicros]);
  return {
    packets: total(({ packets }) => packets),
    bytes: total(({ bytes }) => bytes),
    ...sources.publisher.throughput.rate(now),
    activeFlows: total(({ activeFlows }) => activeFlows),
    flows: total(({ flows }) => flows),
    malformedPackets: total(({ malformedPackets }) => malformedPackets),
    drops: {
      telemetry: telemetry.statistics().dropped,
      records: total(({ recordsDropped }) => recordsDropped),
      capture: sources.list().reduce((sum, { lost }) => sum + lost, 0),
      flows: total(({ shed }) => shed?.flows ?? 0),
      datagrams: total(({ shed }) => shed?.datagrams ?? 0),
      segments: total(({ shed }) => shed?.segments ?? 0),
      workers: total(({ workerRestarts }) => workerRestarts ?? 0),
    },
    firstPacket: times.length === 0 ? null : Math.floor(Math.min(...times) / 1000),
    lastPacket: times.length === 0 ? null : Math.floor(Math.max(...times) / 1000),
    protocols: addUpProtocols(statistics),
    runningSources: sources.list().filter(({ state }) => state === 'running').length,
  };
}

/** Finished flows by the time of their first packet. */
async function readSeries(
  telemetry: EventStore,
  query: z.infer<typeof TimeRange> & { bucketMs: number },
): Promise<z.infer<typeof SeriesPoint>[]> {
  const rows = await telemetry.aggregate<'network_activity'>('network_activity', {
    ...rangeOf(query),
    groupBy: [],
    bucketMs: query.bucketMs,
    sum: ['packets_out', 'packets_in', 'bytes_out', 'bytes_in'],
    orderBy: 'bucket',
    descending: false,
    limit: MAXIMUM_SERIES_POINTS,
  });
  return rows.map((row) => ({
    time: Number(row.bucket),
    packets: Number(row.sum_packets_out) + Number(row.sum_packets_in),
    bytes: Number(row.sum_bytes_out) + Number(row.sum_bytes_in),
  }));
}

function addUpProtocols(statistics: readonly SensorStatistics[]): z.infer<typeof ProtocolShare>[] {
  const totals = new Map<string, z.infer<typeof ProtocolShare>>();
  for (const { protocols } of statistics) {
    for (const [protocol, { flows, packets, bytes }] of Object.entries(protocols)) {
      const total = totals.get(protocol) ?? { protocol, flows: 0, packets: 0, bytes: 0 };
      totals.set(protocol, {
        protocol,
        flows: total.flows + flows,
        packets: total.packets + packets,
        bytes: total.bytes + bytes,
      });
    }
  }
  return [...totals.values()].sort((a, b) => b.bytes - a.bytes);
}

function talkersRoute(telemetry: EventStore): Route {
  return defineRoute({
    method: 'GET',
    path: '/traffic/talkers',
    operationId: 'listTalkers',
    summary: 'Addresses that moved the most bytes in finished flows',
    tag: 'traffic',
    permission: 'traffic:read',
    query: FlowFilter.extend({ limit: Limit }),
    response: z.object({ items: z.array(Talker) }),
    handler: async ({ query }) => {
      const filter = flowFilter(query);
      const talkers = new Map<string, z.infer<typeof Talker>>();
      for (const end of ['src_ip', 'dst_ip'] as const) {
        const rows = await telemetry.aggregate<'network_activity'>('network_activity', {
          ...filter,
          groupBy: [end],
          sum: ['bytes_out', 'bytes_in', 'packets_out', 'packets_in'],
          limit: 10_000,
        });
        for (const row of rows) addTalker(talkers, String(row[end]), row, end === 'src_ip');
      }
      const items = [...talkers.values()].sort(
        (a, b) => b.bytesSent + b.bytesReceived - (a.bytesSent + a.bytesReceived),
      );
      return { items: items.slice(0, query.limit) };
    },
  });
}

function addTalker(
  talkers: Map<string, z.infer<typeof Talker>>,
  ip: string,
  row: Readonly<Record<string, unknown>>,
  isClient: boolean,
): void {
  const talker = talkers.get(ip) ?? { ip, bytesSent: 0, bytesReceived: 0, packets: 0, flows: 0 };
  const out = Number(row.sum_bytes_out ?? 0);
  const back = Number(row.sum_bytes_in ?? 0);
  talkers.set(ip, {
    ip,
    bytesSent: talker.bytesSent + (isClient ? out : back),
    bytesReceived: talker.bytesReceived + (isClient ? back : out),
    packets: talker.packets + Number(row.sum_packets_out ?? 0) + Number(row.sum_packets_in ?? 0),
    flows: talker.flows + Number(row.count ?? 0),
  });
}
