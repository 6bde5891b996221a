import { parentPort, workerData } from 'node:worker_threads';
import { loadPipelines } from '@sphinx/rules';
import { LogReader } from './log-reader.ts';
import type { ReadingAnswer, ReadingKind, ReadingQuestion, ReadingTask, ReadingWork } from './reading-work.ts';
import { packRows } from './row-columns.ts';

// Thread that reads logs and matches rules, so that a flood of them delays nothing else. Started by reading-thread.ts.

const port = parentPort;
if (port === null) throw new Error('reading-worker.ts runs as a worker thread only');
const task = workerData as ReadingTask;
const pipelines = await Promise.all(task.pipelines.map((folder) => loadPipelines(folder)));
const reader = new LogReader(pipelines.flat(), task.media);
const send = (answer: ReadingAnswer) => port.postMessage(answer);

port.on('message', (asked: ReadingQuestion) => {
  try {
    send({ number: asked.number, answer: answerTo(asked) });
  } catch (error) {
    send({ number: asked.number, error: error instanceof Error ? error.message : String(error) });
  }
});

function answerTo({ kind, question }: ReadingQuestion): ReadingWork[ReadingKind]['answer'] {
  switch (kind) {
    case 'formats':
      reader.useFormats(question);
      return null;
    case 'rules':
      return reader.useRules(question);
    case 'check':
      return reader.checkRules(question);
    case 'read': {
      const { rows, raised, media } = reader.read(question.records, question.ids);
      return { rows: packRows(rows), raised, media };
    }
    case 'advance':
      return reader.advance(question);
  }
}
