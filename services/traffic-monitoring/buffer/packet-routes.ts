import { defineRoute, type EventStore, type Route, SphinxError } from '@sphinx/platform';
import type { TelemetryRow } from '@sphinx/schema';
import { PcapngWriter } from '@sphinx/wire';
import { z } from 'zod';
import type { SourceManager } from '../sources/source-manager.ts';
import { FlowBytes, FlowBytesCollector } from './flow-bytes.ts';
import { FlowReader, type FlowTaker, type WantedFlow } from './flow-reader.ts';
import { type Capture, type PacketKeeper, readCaptures } from './kept-packets.ts';

const TAG = 'traffic';
const FlowId = z.object({ id: z.string().max(100) });
const MAXIMUM_ROWS = 1000;
const MAXIMUM_EXPORT_BYTES = 200_000_000;

interface Dependencies {
  readonly sources: SourceManager;
  readonly telemetry: EventStore;
  readonly keeper: PacketKeeper;
  readonly limits: { readonly megabytes: number; readonly hours: number };
}

/** Packets of one flow, as long as they are kept. */
export function packetRoutes(dependencies: Dependencies): readonly Route[] {
  const { sources, keeper, limits } = dependencies;
  return [
    defineRoute({
      method: 'GET',
      path: '/traffic/packet-buffer',
      operationId: 'getPacketBuffer',
      summary: 'Whether packets are kept, how much of each source, and since when',
      tag: TAG,
      permission: 'traffic:read',
      response: z.object({
        isOn: z.boolean(),
        megabytes: z.int().meta({ description: 'Of each live source' }),
        hours: z.int(),
        sources: z.array(z.object({ source: z.string(), bytes: z.int(), oldest: z.number() })),
      }),
      handler: async () => ({
        isOn: limits.megabytes > 0,
        ...limits,
        sources: [...(await keeper.kept(sources.list()))],
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/traffic/flows/{id}/bytes',
      operationId: 'getFlowBytes',
      summary: 'Bytes of one flow, with everything hidden that its protocol does not say to be harmless',
      tag: TAG,
      permission: 'traffic:read',
      params: FlowId,
      response: FlowBytes,
      handler: async ({ params }) => {
        const rows = await rowsOf(dependencies, params.id);
        const captures = await capturesOf(dependencies, rows);
        if (captures.length === 0) return { isKept: false, isCut: false, chunks: [] };
        const collector = new FlowBytesCollector();
        await readFlow(rows, captures, collector);
        return collector.show(rows[0].app_name);
      },
    }),
    exportRoute(dependencies),
  ];
}

function exportRoute(dependencies: Dependencies): Route {
  return defineRoute({
    // What leaves here may name patients: it is recorded before it does.
    method: 'POST',
    path: '/traffic/flows/{id}/packets',
    operationId: 'exportFlowPackets',
    summary: 'Packets of one flow and no other as pcapng, whole as they were on the wire; recorded in the audit trail',
    tag: TAG,
    permission: 'packets:export',
    params: FlowId,
    response: { raw: 'application/x-pcapng' },
    audit: { action: 'packets.export', subject: ({ params }) => params.id },
    handler: async ({ params }) => {
      const rows = await rowsOf(dependencies, params.id);
      const captures = await capturesOf(dependencies, rows);
      if (captures.length === 0) {
        const hint = 'The packet buffer is a setting of traffic monitoring, and off unless somebody switched it on.';
        throw new SphinxError('SPX_NOT_FOUND', `Packets of this flow are not kept. ${hint}`);
      }
      const writer = new PcapngWriter();
      await readFlow(rows, captures, {
        packet: (...packet) => {
          if (writer.length > MAXIMUM_EXPORT_BYTES)
            throw new SphinxError('SPX_TOO_LARGE', 'The flow has more than 200 MB of packets.');
          writer.packet(...packet);
        },
      });
      const headers = {
        'content-type': 'application/x-pcapng',
        'content-disposition': `attachment; filename="flow-${params.id.replace(/[^\w-]/g, '_')}.pcapng"`,
        'cache-control': 'no-store',
      };
      return new Response(Buffer.from(writer.take()), { headers });
    },
  });
}

type FlowRows = readonly [TelemetryRow<'network_activity'>, ...TelemetryRow<'network_activity'>[]];

/** A flow that lasts has a row for each time it was told. */
async function rowsOf({ telemetry }: Dependencies, id: string): Promise<FlowRows> {
  const rows = await telemetry.select('network_activity', {
    equals: { flow_id: id },
    order: 'oldest-first',
    limit: MAXIMUM_ROWS,
  });
  const [first, ...more] = rows;
  if (first === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no flow ${id}.`);
  return [first, ...more];
}

async function capturesOf({ sources, keeper }: Dependencies, rows: FlowRows): Promise<readonly Capture[]> {
  const source = sources.list().find(({ id }) => id === rows[0].source_id);
  return source === undefined ? [] : keeper.capturesOf(source, wantedOf(rows));
}

function wantedOf(rows: FlowRows): WantedFlow {
  const until = rows.reduce((latest, { end_time: end }) => Math.max(latest, end), 0);
  const from = rows.reduce((earliest, { time }) => Math.min(earliest, time), rows[0].time);
  return { ...rows[0], from, until };
}

async function readFlow(rows: FlowRows, captures: readonly Capture[], taker: FlowTaker): Promise<void> {
  const reader = new FlowReader(wantedOf(rows), taker);
  await readCaptures(captures, () => reader.openCapture());
}
