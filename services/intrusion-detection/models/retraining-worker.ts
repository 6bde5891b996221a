import { parentPort, workerData } from 'node:worker_threads';
import { readModel, retrainFlows, writeModel } from '@sphinx/learning';
import type { RetrainingMessage, RetrainingTask } from './retraining-thread.ts';

// Started by retraining-thread.ts, which gives the task.
const { running, now, ...task } = workerData as RetrainingTask;
const tell = (message: RetrainingMessage) => parentPort?.postMessage(message);

const reading = readModel(running);
if (!reading.isRead) tell({ kind: 'refused', problem: reading.problem });
else {
  const result = retrainFlows({
    ...task,
    running: reading.model,
    now: new Date(now),
    progress: (fraction, what) => tell({ kind: 'progress', fraction, what }),
  });
  if (!result.isTrained) tell({ kind: 'refused', problem: result.problem });
  else {
    const { candidate, comparison } = result;
    tell({ kind: 'trained', content: writeModel(candidate), version: candidate.card.version, comparison });
  }
}
