import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Logger } from '@sphinx/platform';
import { openSigningKey } from '@sphinx/platform/signing';
import { LogArchive } from './log-archive.ts';

// Archives lines until it is killed, and prints how many it knows to be on the disk. Parameters: folder of the archive, file of the key.

const QUIET: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const KINDS = ['audit', 'system', 'web'] as const;
const AT_ONCE = 20;

/** Opens an archive whose key is in a file. */
export async function openForTest(folder: string, keyFile: string) {
  const key = await openSigningKey(
    {
      get: () => readFile(keyFile).catch(() => undefined),
      set: (_name, value) => writeFile(keyFile, value),
      remove: async () => undefined,
      names: async () => [],
    },
    'key',
    Date.now(),
  );
  const memory = { get: async () => undefined, set: async () => undefined };
  const options = { folder, key, memory, logger: QUIET, now: Date.now, segmentBytes: 20_000, segmentMs: 60_000 };
  return { archive: await LogArchive.open(options), key };
}

async function main(folder: string, keyFile: string): Promise<void> {
  const { archive } = await openForTest(folder, keyFile);
  for (let number = 0; ; ) {
    for (let each = 0; each < AT_ONCE; each++, number++) {
      const line = { received: Date.now(), id: `log_${number}`, source: 'test', raw: `line ${number}` };
      archive.take(KINDS[number % KINDS.length] ?? 'audit', line);
    }
    void archive.tend();
    await archive.flush();
    process.stdout.write(`${number}\n`);
  }
}

const [, program = '', folder = '', keyFile = ''] = process.argv;
if (import.meta.url === pathToFileURL(program).href) await main(folder, keyFile);
