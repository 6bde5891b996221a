import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const present = new Set<string>();

/** A folder for this process alone. It goes with the process, also when Ctrl+C ends it: captures hold patient data. */
export async function createTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'sphinx-'));
  if (present.size === 0) {
    process.on('exit', removeAll);
    for (const signal of SIGNALS) process.on(signal, endBySignal);
  }
  present.add(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true });
      present.delete(path);
      if (present.size > 0) return;
      process.off('exit', removeAll);
      for (const signal of SIGNALS) process.off(signal, endBySignal);
    },
  };
}

function removeAll(): void {
  for (const path of present) rmSync(path, { recursive: true, force: true });
}

/** A listener takes the place of the end that the signal would have meant (128 and its number, as shells have it). */
function endBySignal(signal: (typeof SIGNALS)[number]): void {
  process.exit(128 + constants.signals[signal]);
}
