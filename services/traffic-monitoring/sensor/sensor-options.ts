import type { Inspector, SensorBatch, SensorOptions } from '@sphinx/wire';
import type { SensorTask } from './sensor-messages.ts';
import type { ThreadInspector } from './thread-inspection.ts';

/** Whose packets a sensor sees, and how much memory it may take. */
export type SensorLimits = Pick<
  SensorTask,
  | 'source'
  | 'isSample'
  | 'maximumFlows'
  | 'maximumReassemblyBytes'
  | 'maximumFragmentBytes'
  | 'files'
  | 'batchIntervalMs'
>;

/** @param shards between how many the packets are split; each has its part of the memory. @returns what a sensor is made with */
export function sensorOptions(
  {
    source,
    isSample,
    maximumFlows,
    maximumReassemblyBytes,
    maximumFragmentBytes,
    files,
    batchIntervalMs,
  }: SensorLimits,
  inspector: Inspector | undefined,
  shards = 1,
): SensorOptions {
  return {
    source,
    isSample,
    isLive: batchIntervalMs !== undefined,
    maximumFlows: Math.ceil(maximumFlows / shards),
    ...(maximumReassemblyBytes === undefined ? {} : { maximumReassemblyBytes: maximumReassemblyBytes / shards }),
    ...(maximumFragmentBytes === undefined ? {} : { maximumFragmentBytes: maximumFragmentBytes / shards }),
    ...(inspector === undefined ? {} : { inspector }),
    ...(files === undefined ? {} : { files }),
  };
}

/** @returns memory of the content of files, which is handed over with the batch and not copied */
export function filesInBatch({ files }: SensorBatch): ArrayBuffer[] {
  return files.flatMap(({ content }) => (content === undefined ? [] : [content.buffer as ArrayBuffer]));
}

/** A file ends, and rules speak of it, in the same batch. @returns the batch with what rules ask to keep marked as such */
export function markWanted(batch: SensorBatch, inspector: ThreadInspector | undefined): SensorBatch {
  const wanted = inspector?.takeWantedFiles();
  if (wanted === undefined || wanted.size === 0) return batch;
  return { ...batch, files: batch.files.map((file) => (wanted.has(file.sha256) ? { ...file, isWanted: true } : file)) };
}
