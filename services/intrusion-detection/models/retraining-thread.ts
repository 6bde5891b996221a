import { Worker } from 'node:worker_threads';
import type { Comparison, JudgedFlow } from '@sphinx/learning';
import { SphinxError } from '@sphinx/platform';

/** What a thread that retrains is given. */
export interface RetrainingTask {
  /** Content of the training data. */
  readonly text: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly seed: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly judged: readonly JudgedFlow[];
  /** Text of the model file that runs. */
  readonly running: string;
}

export interface TrainedCandidate {
  readonly content: string;
  readonly version: string;
  readonly comparison: Comparison;
}

export type RetrainingMessage =
  | { readonly kind: 'progress'; readonly fraction: number; readonly what: string }
  | { readonly kind: 'refused'; readonly problem: string }
  | ({ readonly kind: 'trained' } & TrainedCandidate);

/**
 * Retrains in a thread of its own: it takes minutes, and nothing else is to wait for it.
 *
 * @param signal ends the thread
 * @throws SphinxError SPX_INVALID_INPUT with the reason where the data or the feedback do not allow it
 */
export function retrainInThread(
  task: RetrainingTask,
  { signal, progress }: { readonly signal: AbortSignal; progress(fraction: number, what: string): void },
): Promise<TrainedCandidate> {
  const worker = new Worker(new URL('./retraining-worker.ts', import.meta.url), { workerData: task });
  const trained = new Promise<TrainedCandidate>((resolve, reject) => {
    worker.on('message', (message: RetrainingMessage) => {
      if (message.kind === 'progress') progress(message.fraction, message.what);
      else if (message.kind === 'refused') reject(new SphinxError('SPX_INVALID_INPUT', message.problem));
      else resolve({ content: message.content, version: message.version, comparison: message.comparison });
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`The thread that retrains ended unexpectedly with code ${code}`)));
    const abort = () => reject(new SphinxError('SPX_UNAVAILABLE', 'Retraining was cancelled.'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  return trained.finally(() => worker.terminate());
}
