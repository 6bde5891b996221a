import { LogReader } from './log-reader.ts';

// The thread that reads logs, which a line can end. Started by reading.test.ts.

const read = LogReader.prototype.read;
LogReader.prototype.read = function (this: LogReader, records, ids) {
  if (records.some(({ raw }) => raw.includes('ends the thread'))) process.exit(9);
  if (records.some(({ raw }) => raw.includes('is an error'))) throw new Error('made by the test');
  return read.call(this, records, ids);
};
await import('./reading-worker.ts');
