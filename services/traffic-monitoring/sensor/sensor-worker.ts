import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import { CaptureReader, createSensor, decompress, type PacketHandler, type Sensor } from '@sphinx/wire';
import type { SensorCommand, SensorMessage, SensorTask } from './sensor-messages.ts';

// Thread of one traffic source: reads, parses, and sends what is new. Started by sensor-thread.ts.

const READ_CHUNK_BYTES = 1 << 20;
/** Batches that may be on their way; more would pile up in memory. */
const BATCHES_IN_FLIGHT = 2;
const CAPTURE_OUTPUT_LIMIT = 4096;

const port = parentPort;
if (port === null) throw new Error('sensor-worker.ts runs as a worker thread only');
const task = workerData as SensorTask;

let inFlight = 0;
let isStopped = false;
let resume: (() => void) | undefined;
let stopInput: (() => void) | undefined;

port.on('message', (command: SensorCommand) => {
  if (command.kind === 'taken') inFlight -= 1;
  else {
    isStopped = true;
    stopInput?.();
  }
  resume?.();
});

/** Hands packets on and counts them, so that batches of a file always hold the same packets. */
class BatchingHandler implements PacketHandler {
  readonly #sensor: Sensor;
  sinceBatch = 0;

  constructor(sensor: Sensor) {
    this.#sensor = sensor;
  }

  packet(...packet: Parameters<PacketHandler['packet']>): void {
    this.sinceBatch += 1;
    this.#sensor.packet(...packet);
  }
}

async function run(): Promise<void> {
  const sensor = createSensor({ source: task.source, isSample: task.isSample, maximumFlows: task.maximumFlows });
  const handler = new BatchingHandler(sensor);
  const reader = new CaptureReader(handler);
  const totalBytes = task.input.kind === 'file' ? (await stat(task.input.path)).size : 0;
  let readBytes = 0;
  let batchedAt = performance.now();
  const input = openInput();
  const counted = countBytes(input.chunks, (length) => {
    readBytes += length;
  });
  // A quiet interface gives no further chunk for a long time; what it showed is not held back until then.
  const { batchIntervalMs } = task;
  const flush = () => {
    if (handler.sinceBatch === 0 || inFlight >= BATCHES_IN_FLIGHT) return;
    handler.sinceBatch = 0;
    batchedAt = performance.now();
    void sendBatch(sensor, null);
  };
  const timer = batchIntervalMs === undefined ? undefined : setInterval(flush, batchIntervalMs);
  const damages: string[] = [];
  for await (const chunk of decompress(counted, (message) => damages.push(message))) {
    reader.push(chunk);
    const isDue =
      handler.sinceBatch >= task.packetsPerBatch ||
      (batchIntervalMs !== undefined && performance.now() - batchedAt >= batchIntervalMs);
    if (isDue) {
      handler.sinceBatch = 0;
      batchedAt = performance.now();
      await sendBatch(sensor, totalBytes === 0 ? null : Math.min(1, readBytes / totalBytes));
    }
    if (isStopped) break;
  }
  clearInterval(timer);
  if (!isStopped) await input.requireSuccess();
  // What was cut off by a stop is no fault of the capture.
  const warnings = isStopped ? [] : [...damages, ...reader.end()];
  sensor.finish();
  await sendBatch(sensor, totalBytes === 0 ? null : isStopped ? Math.min(1, readBytes / totalBytes) : 1);
  send({ kind: 'end', warnings });
}

async function sendBatch(sensor: Sensor, fraction: number | null): Promise<void> {
  while (inFlight >= BATCHES_IN_FLIGHT) {
    await new Promise<void>((resolve) => {
      resume = resolve;
    });
  }
  inFlight += 1;
  send({ kind: 'batch', batch: sensor.takeBatch(), fraction });
}

function send(message: SensorMessage): void {
  port?.postMessage(message);
}

interface OpenInput {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** @throws Error with what the capture program said, when it ended with an error */
  requireSuccess(): Promise<void>;
}

function openInput(): OpenInput {
  const { input } = task;
  if (input.kind === 'file') {
    return {
      chunks: createReadStream(input.path, { highWaterMark: READ_CHUNK_BYTES }),
      requireSuccess: async () => {},
    };
  }
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(input.command, [...input.arguments], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let failure: string | undefined;
  child.stderr.on('data', (text: Buffer) => {
    output = (output + text.toString('utf8')).slice(-CAPTURE_OUTPUT_LIMIT);
  });
  child.on('error', (error) => {
    failure = error.message;
  });
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  stopInput = () => child.kill('SIGTERM');
  return {
    chunks: child.stdout,
    // A capture program that ends by itself has failed, whatever its exit code.
    async requireSuccess() {
      await closed;
      throw new Error(failure ?? output);
    },
  };
}

async function* countBytes(
  chunks: AsyncIterable<Uint8Array>,
  count: (length: number) => void,
): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}

run().catch((error: unknown) =>
  send({ kind: 'error', message: error instanceof Error ? error.message : String(error) }),
);
