import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const CAPTURE_FILE = /\.(pcap|pcapng|cap|dmp|ipfix)(\d+)?(\.gz)?$/i;
/** Logs of other sensors, also when they were rotated: `eve.json`, `eve.json.1`, `conn.2026-05-01-12.log.gz`. */
const LOG_FILE = /\.(json|log)([.-]\d+)?(\.gz)?$/i;
/** A log grows as long as its sensor writes to it, in bursts: it is read once nothing was added for this time. */
const LOG_QUIET_MS = 60_000;
/** A rotating capture writer closes a file long before this; its size then stays the same. */
const POLL_INTERVAL_MS = 1000;

/**
 * Hands over every capture file of a folder once it is complete: its size did not change between two looks. Polling
 * and not file system events, since watched folders are often network shares, which send none.
 *
 * @param onFile called for one file at a time
 * @returns when `signal` aborts
 * @throws Error when the folder cannot be read
 */
export async function watchFolder(
  folder: string,
  signal: AbortSignal,
  onFile: (path: string) => Promise<void>,
  intervalMs = POLL_INTERVAL_MS,
): Promise<void> {
  const sizes = new Map<string, number>();
  const done = new Map<string, number>();
  while (!signal.aborted) {
    const names = (await readdir(folder)).filter((name) => CAPTURE_FILE.test(name) || LOG_FILE.test(name)).sort();
    for (const name of names) {
      const path = join(folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found?.isFile() !== true || done.get(name) === found.size || isGrowing(name, found.mtimeMs)) continue;
      if (sizes.get(name) === found.size && found.size > 0) {
        done.set(name, found.size);
        await onFile(path);
        if (signal.aborted) return;
      }
      sizes.set(name, found.size);
    }
    await delay(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

function isGrowing(name: string, changedMs: number): boolean {
  return LOG_FILE.test(name) && Date.now() - changedMs < LOG_QUIET_MS;
}
