import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** @returns bytes that are in use after garbage was collected, array buffers included */
export function usedBytes(): number {
  collectGarbage();
  // The first collection leaves dead array buffers to a sweeper of its own thread; the second waits for it.
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
