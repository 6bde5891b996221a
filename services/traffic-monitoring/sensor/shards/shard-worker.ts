import { parentPort, workerData } from 'node:worker_threads';
import { createSensorPart, DealtPackets, type SensorBatch } from '@sphinx/wire';
import type { InspectionTask } from '../sensor-messages.ts';
import { filesInBatch, markWanted, sensorOptions } from '../sensor-options.ts';
import { cannotLook, ThreadInspector } from '../thread-inspection.ts';
import type { ShardCommand, ShardMessage, ShardTask } from './shard-messages.ts';

// Thread of one shard of a traffic source: looks at the packets that it is dealt. Started by shard-threads.ts.

const port = parentPort;
if (port === null) throw new Error('shard-worker.ts runs as a worker thread only');
const task = workerData as ShardTask;

const send = (message: ShardMessage, transferred: ArrayBuffer[] = []) => port.postMessage(message, transferred);
const inspector = task.inspections.length === 0 ? undefined : new ThreadInspector(task.source, true);
const inspect = (inspections: readonly InspectionTask[]) =>
  inspector?.use(inspections).then(
    () => send({ kind: 'note', note: '' }),
    (error: unknown) => send({ kind: 'note', note: cannotLook(error) }),
  );
await inspect(task.inspections);
port.on('message', ({ inspections }: ShardCommand) => void inspect(inspections));

const give = (number: number, seen: SensorBatch) => {
  const batch = markWanted(seen, inspector);
  send({ kind: 'part', number, batch, findings: inspector?.takeFindings() ?? [] }, filesInBatch(batch));
};
const packets = new DealtPackets(task.ring, createSensorPart(sensorOptions(task, inspector, task.shards)), give);
packets.makeUpFor(task.given);
await packets.run();
