import { parentPort, workerData } from 'node:worker_threads';
import type { ScanAnswer, ScanRequest } from './file-scanner.ts';
import { YaraEngine } from './yara-engine.ts';
import type { YaraSource } from './yara-rules.ts';

// Thread that scans files, so that scanning delays neither capture nor console. Started by scanner.ts.

const port = parentPort;
if (port === null) throw new Error('scanner-worker.ts runs as a worker thread only');
const send = (answer: ScanAnswer) => port.postMessage(answer);
const engine = new YaraEngine(workerData as readonly YaraSource[]);
send({ kind: 'ready', rejected: engine.rejected });

port.on('message', ({ id, content }: ScanRequest) => {
  try {
    send({ kind: 'scanned', id, matches: engine.scan(content) });
  } catch {
    // Too long for the time that a file has.
    send({ kind: 'scanned', id, matches: undefined });
  }
});
