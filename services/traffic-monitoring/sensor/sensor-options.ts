import type { Inspector, SensorBatch, SensorOptions } from '@sphinx/wire';
import type { SensorTask } from './sensor-messages.ts';

/** @param shards between how many the packets are split; each has its part of the memory. @returns what a sensor is made with */
export function sensorOptions(
  { source, isSample, maximumFlows, files }: Pick<SensorTask, 'source' | 'isSample' | 'maximumFlows' | 'files'>,
  inspector: Inspector | undefined,
  shards = 1,
): SensorOptions {
  return {
    source,
    isSample,
    maximumFlows: Math.ceil(maximumFlows / shards),
    ...(inspector === undefined ? {} : { inspector }),
    ...(files === undefined ? {} : { files }),
  };
}

/** @returns memory of the content of files, which is handed over with the batch and not copied */
export function filesInBatch({ files }: SensorBatch): ArrayBuffer[] {
  return files.flatMap(({ content }) => (content === undefined ? [] : [content.buffer as ArrayBuffer]));
}
