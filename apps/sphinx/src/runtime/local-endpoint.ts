import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** How the command line reaches the running program. Only the owner of the data folder can read it. */
export const LocalEndpoint = z.object({
  url: z.string(),
  token: z.string(),
  processId: z.int(),
  certificate: z.string().meta({ description: 'PEM; pinned by the client' }),
});
export type LocalEndpoint = z.infer<typeof LocalEndpoint>;

const FILE = 'local-endpoint.json';

export async function writeLocalEndpoint(dataFolder: string, endpoint: LocalEndpoint): Promise<void> {
  const path = join(dataFolder, FILE);
  const unfinished = `${path}.new`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, JSON.stringify(endpoint), { mode: 0o600, flag: 'wx' });
  // A command that looks at this moment finds the whole file or none.
  await rename(unfinished, path);
}

export async function removeLocalEndpoint(dataFolder: string): Promise<void> {
  await rm(join(dataFolder, FILE), { force: true });
}

/** @returns undefined when no program runs on this data folder; a file that a killed one left behind counts as none */
export async function readLocalEndpoint(dataFolder: string): Promise<LocalEndpoint | undefined> {
  const text = await readFile(join(dataFolder, FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = LocalEndpoint.safeParse(JSON.parse(text));
  return parsed.success && isRunning(parsed.data.processId) ? parsed.data : undefined;
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
