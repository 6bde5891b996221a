import { Conversation, deterministicId, HostObservation, TELEMETRY, type TelemetryRow } from '@sphinx/schema';
import type { SensorBatch } from '@sphinx/wire';
import { z } from 'zod';
import { createFileRow } from '../files/describe-file.ts';
import { createFlowRow, createRecordRow } from '../sensor/publish-batch.ts';
import type { SensorProgress } from '../sensor/sensor-messages.ts';
import type { RemotePublishedBatch } from '../sources/source-manager.ts';

const Count = z.number().nonnegative();
const Statistics = z.object({
  packets: Count,
  bytes: Count,
  firstPacketMicros: Count,
  lastPacketMicros: Count,
  malformedPackets: Count,
  unsupportedPackets: Count,
  activeFlows: Count,
  flows: Count,
  recordsDropped: Count,
  reassemblyGaps: Count,
  workerRestarts: Count.optional(),
  shed: z.object({ flows: Count, datagrams: Count, segments: Count }).optional(),
  files: z.object({ files: Count, bytes: Count, filesShed: Count, contentBytesShed: Count }),
  protocols: z.record(z.string().max(64), z.object({ flows: Count, packets: Count, bytes: Count })),
});

/** What a remote sensor says of one of its sources. */
export const RemoteSource = z.object({
  /** Names it within the sensor. */
  key: z.string().min(1).max(200),
  title: z.string().min(1).max(200),
  /** Tells two runs of a live source apart; a file has one. */
  run: z.string().max(64),
});
export type RemoteSource = z.infer<typeof RemoteSource>;

/** Everything new of one source since its last batch, as it travels and as it waits on disk. */
export const RemoteBatch = z.object({
  source: RemoteSource,
  /** Of the run, from 0: batches of a file are the same whenever it is read. */
  index: z.int().nonnegative(),
  /** Why the source has ended; absent while it goes on. */
  end: z.object({ state: z.enum(['finished', 'failed', 'stopped']), message: z.string().max(4000) }).optional(),
  hosts: z.array(HostObservation),
  conversations: z.array(Conversation),
  flows: z.array(TELEMETRY.network_activity),
  records: z.array(TELEMETRY.protocol_activity),
  /** Of files their type and hashes, never their content; absent in what an older sensor still has on disk. */
  files: z.array(TELEMETRY.file_activity).default([]),
  statistics: Statistics,
  progress: z.object({
    fraction: z.number().min(0).max(1).nullable(),
    losses: z.object({ lost: Count, unreadable: Count }),
    note: z.string().max(4000),
  }),
});
export type RemoteBatch = z.infer<typeof RemoteBatch>;

const LOCAL = { id: 'remote', isSample: false } as const;

/** @returns the batch of a sensor thread in the form in which it travels */
export function packBatch(
  source: RemoteSource,
  index: number,
  batch: SensorBatch,
  progress: SensorProgress,
): RemoteBatch {
  return {
    source,
    index,
    hosts: [...batch.hosts],
    conversations: [...batch.conversations],
    flows: batch.flows.map((flow) => createFlowRow(flow, LOCAL)),
    records: batch.records.map((record) => createRecordRow(record, LOCAL)),
    files: batch.files.map((file) => createFileRow(file, LOCAL, undefined, false)),
    statistics: batch.statistics,
    progress,
  };
}

/**
 * Puts the centre's own name of the source wherever the batch names one: a sensor that was broken into may lie about its
 * branch, and about nothing else.
 */
export function attributeBatch(batch: RemoteBatch, sourceId: string): RemotePublishedBatch {
  const owned = <Row extends TelemetryRow<'network_activity' | 'protocol_activity' | 'file_activity'>>(
    row: Row,
  ): Row => ({
    ...row,
    // Two branches may use the same addresses.
    flow_id: deterministicId('flw', sourceId, row.flow_id),
    source_id: sourceId,
    is_sample: false,
  });
  return {
    hosts: batch.hosts.map((host) => ({
      ...host,
      source: sourceId,
      sample: false,
      evidence: host.evidence.map((item) => ({ ...item, packet: { ...item.packet, source: sourceId } })),
    })),
    conversations: batch.conversations.map((conversation) => ({
      ...conversation,
      source: sourceId,
      sample: false,
      packet: { ...conversation.packet, source: sourceId },
    })),
    files: batch.files.map((file) => ({
      ...owned(file),
      file_id: deterministicId('fil', sourceId, file.file_id),
      // What only the centre can say: it has no content of them.
      ...{ verdict: 'unscanned', rules: '[]', is_kept: false },
      details: isObject(file.details) ? file.details : '{}',
    })),
    flows: batch.flows.map(owned),
    records: batch.records.map(owned),
    statistics: batch.statistics,
  };
}

function isObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
