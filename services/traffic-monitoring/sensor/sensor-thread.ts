import { Worker } from 'node:worker_threads';
import type { SensorBatch } from '@sphinx/wire';
import type { InspectionTask, SensorMessage, SensorProgress, SensorTask } from './sensor-messages.ts';

/** Handed over for every batch; the sensor goes on when it resolves. */
export type BatchHandler = (
  batch: SensorBatch,
  progress: SensorProgress,
  findings: readonly unknown[],
) => Promise<void>;

export interface SensorThread {
  /** Resolves with warnings when the input ended or was stopped. @throws Error with the reason, also of `onBatch` */
  readonly ended: Promise<readonly string[]>;
  /** Ends reading; what was read is still handed over. */
  stop(): void;
  /** Looks at packets with another module from here on. */
  inspect(inspection: InspectionTask | undefined): void;
}

/**
 * Runs a sensor in a thread of its own, so that parsing never delays the console.
 * Back-pressure: the thread waits until a batch was taken before it sends more than two.
 */
export function startSensorThread(task: SensorTask, onBatch: BatchHandler): SensorThread {
  const worker = new Worker(new URL('./sensor-worker.ts', import.meta.url), { workerData: task });
  let handling: Promise<void> = Promise.resolve();
  const ended = new Promise<readonly string[]>((resolve, reject) => {
    const failWith = (error: unknown) => {
      reject(error instanceof Error ? error : new Error(String(error)));
      void worker.terminate();
    };
    worker.on('message', (message: SensorMessage) => {
      switch (message.kind) {
        case 'batch':
          handling = handling
            .then(() => onBatch(message.batch, message.progress, message.findings))
            .then(() => worker.postMessage({ kind: 'taken' }));
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
    () => worker.terminate(),
    () => undefined,
  );
  return {
    ended,
    stop: () => worker.postMessage({ kind: 'stop' }),
    inspect: (inspection) => worker.postMessage({ kind: 'inspect', inspection }),
  };
}
