import { parentPort, workerData } from 'node:worker_threads';
import { createSensor, createSharedRing, DealingSensor, DetectingFeed, type Sensor } from '@sphinx/wire';
import { Batcher, type BatchSource } from './batcher.ts';
import { openCommand } from './inputs/command-input.ts';
import { openConnections } from './inputs/connection-input.ts';
import { openExports } from './inputs/export-input.ts';
import { openFile } from './inputs/file-input.ts';
import type { Input } from './inputs/input.ts';
import { openPacketClient } from './inputs/packet-client.ts';
import { openRpcap } from './inputs/rpcap-input.ts';
import { PacketFeed } from './packet-feed.ts';
import { RecordFeed } from './record-feed.ts';
import type { InspectionTask, SensorCommand, SensorMessage, SensorTask } from './sensor-messages.ts';
import { filesInBatch, markWanted, sensorOptions } from './sensor-options.ts';
import { cannotLook, ThreadInspector } from './thread-inspection.ts';

// Thread of one traffic source: reads, parses, and sends what is new. Started by sensor-thread.ts.

const port = parentPort;
if (port === null) throw new Error('sensor-worker.ts runs as a worker thread only');
const task = workerData as SensorTask;
const abort = new AbortController();

/** Content of files is handed over, not copied. */
const send = (message: SensorMessage) => {
  if (message.kind !== 'batch') return port.postMessage(message);
  const batch = markWanted(message.batch, inspector);
  port.postMessage({ ...message, batch }, filesInBatch(batch));
};
// Without an offer nothing is called for packets, which costs least; an offer that comes later holds from the next start.
// Where packets are split, those who look at them look with rules.
const isSplit = task.workers > 1;
const { inspections = [] } = task;
const inspector = inspections.length === 0 || isSplit ? undefined : new ThreadInspector(task.source);
let dealing: DealingSensor | undefined;
const { source, input } = open();
const batcher = new Batcher(
  source,
  task,
  () => inspector?.takeFindings() ?? [],
  send,
  () => dealing,
);
const inspect = (wanted: readonly InspectionTask[]) =>
  inspector?.use(wanted).catch((error: unknown) => batcher.setNote(cannotLook(error)));
await inspect(inspections);

port.on('message', (command: SensorCommand) => {
  if (command.kind === 'taken') batcher.taken();
  else if (command.kind === 'inspect') void inspect(command.inspections);
  else abort.abort();
});

input.read(batcher, abort.signal).then(
  (warnings) => send({ kind: 'end', warnings }),
  (error: unknown) => send({ kind: 'error', message: error instanceof Error ? error.message : String(error) }),
);

function open(): { source: BatchSource; input: Input } {
  const wanted = task.input;
  switch (wanted.kind) {
    case 'file': {
      const feed = new DetectingFeed({ ...task, name: wanted.name, createSensor: openSensor });
      return { source: feed, input: openFile(wanted.path, feed) };
    }
    case 'flow-exports': {
      const feed = new RecordFeed(task);
      return { source: feed, input: openExports(wanted, feed) };
    }
    case 'records': {
      const feed = new RecordFeed(task);
      const openConnection = () => feed.openConnection();
      return { source: feed, input: openConnections(wanted.address, openConnection, () => feed.importer.warnings()) };
    }
    default: {
      const feed = new PacketFeed(openSensor(), task.buffer, (problem) => batcher.setNote(problem));
      return { source: feed, input: openPackets(wanted, feed) };
    }
  }
}

/** What looks at packets: this thread, or those between which it deals them. */
function openSensor(): Sensor {
  if (!isSplit) return createSensor(sensorOptions(task, inspector));
  const rings = Array.from({ length: task.workers }, () => createSharedRing());
  send({ kind: 'deal', rings });
  dealing = new DealingSensor(rings);
  return dealing;
}

function openPackets(
  wanted: Extract<SensorTask['input'], { kind: 'command' | 'packet-server' | 'packet-client' | 'rpcap' }>,
  feed: PacketFeed,
): Input {
  switch (wanted.kind) {
    case 'command':
      return openCommand(wanted, feed);
    case 'packet-client':
      return openPacketClient(wanted, feed);
    case 'packet-server': {
      const finish = () => {
        feed.finish();
        return [];
      };
      return openConnections(wanted, () => feed.openCapture(), finish);
    }
    case 'rpcap':
      return openRpcap(wanted, feed);
    default:
      return wanted satisfies never;
  }
}
