import { Worker } from 'node:worker_threads';
import type { FoundBy } from '@sphinx/platform';
import type { SensorBatch } from '@sphinx/wire';
import type { InspectionTask, SensorMessage, SensorProgress, SensorTask } from './sensor-messages.ts';
import { SplitSource } from './shards/split-source.ts';
import { THREAD_LIMITS } from './thread-limits.ts';

/** Handed over for every batch; the sensor goes on when it resolves. */
export type BatchHandler = (
  batch: SensorBatch,
  progress: SensorProgress,
  findings: readonly FoundBy[],
) => Promise<void>;

export interface SensorThread {
  /** Resolves with warnings when the input ended or was stopped. @throws Error with the reason, also of `onBatch` */
  readonly ended: Promise<readonly string[]>;
  /** Ends reading; what was read is still handed over. */
  stop(): void;
  /** Looks at packets with other modules from here on. */
  inspect(inspections: readonly InspectionTask[]): void;
}

/**
 * Runs a sensor in a thread of its own, so that parsing never delays the console.
 * Back-pressure: the thread waits until a batch was taken before it sends more than two. Where packets are split between
 * several threads, this one reads and deals them, and what the others say is joined here.
 */
export function startSensorThread(task: SensorTask, onBatch: BatchHandler): SensorThread {
  const options = { workerData: task, resourceLimits: THREAD_LIMITS };
  const worker = new Worker(new URL('./sensor-worker.ts', import.meta.url), options);
  let handling: Promise<void> = Promise.resolve();
  let split: SplitSource | undefined;
  const ended = new Promise<readonly string[]>((resolve, reject) => {
    const failWith = (error: unknown) => {
      reject(error instanceof Error ? error : new Error(String(error)));
      void worker.terminate();
      void split?.close();
    };
    const handle = async (message: Extract<SensorMessage, { kind: 'batch' }>) => {
      const { dealt } = message;
      const whole = dealt === undefined || split === undefined ? message : await split.join(message, dealt);
      await onBatch(whole.batch, whole.progress, whole.findings);
    };
    worker.on('message', (message: SensorMessage) => {
      switch (message.kind) {
        case 'deal':
          split = new SplitSource(task, message.rings, failWith);
          return;
        case 'batch':
          handling = handling.then(() => handle(message)).then(() => worker.postMessage({ kind: 'taken' }));
          handling.catch(failWith);
          return;
        case 'end':
          handling.then(() => resolve(message.warnings), failWith);
          return;
        case 'error':
          handling.then(() => failWith(new Error(message.message)), failWith);
          return;
        default:
          message satisfies never;
      }
    });
    worker.on('error', failWith);
    worker.on('exit', (code) => failWith(new Error(`The sensor thread ended unexpectedly with code ${code}`)));
  });
  ended.then(
    () => Promise.all([worker.terminate(), split?.close()]),
    () => undefined,
  );
  return {
    ended,
    stop: () => worker.postMessage({ kind: 'stop' }),
    inspect: (inspections) => {
      if (split === undefined) worker.postMessage({ kind: 'inspect', inspections });
      else split.inspect(inspections);
    },
  };
}
