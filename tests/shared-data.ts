import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SHARED_DATA_FOLDER = fileURLToPath(new URL('../../shared/data/', import.meta.url));

/**
 * Absolute path of test data that other people published (see `shared/data/README.md`).
 *
 * @param path below `shared/data`
 * @returns undefined where it is absent; a test then skips and says so
 */
export function sharedData(path: string): string | undefined {
  const absolute = SHARED_DATA_FOLDER + path;
  return existsSync(absolute) ? absolute : undefined;
}
