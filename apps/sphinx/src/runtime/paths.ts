import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT_FOLDER = fileURLToPath(new URL('../../../../', import.meta.url));

/** Where the program finds and keeps its files. */
export interface Paths {
  readonly dataFolder: string;
  readonly settingsFile: string;
  readonly knowledgeFolder: string;
  readonly consoleFolder: string;
}

/**
 * @param options folder and file that the command line or the environment names; each has a default
 */
export function resolvePaths(options: { data?: string | undefined; config?: string | undefined }): Paths {
  const dataFolder = resolve(options.data ?? process.env.SPHINX_DATA ?? join(homedir(), '.sphinx'));
  return {
    dataFolder,
    settingsFile: resolve(options.config ?? process.env.SPHINX_CONFIG ?? join(dataFolder, 'sphinx.yaml')),
    knowledgeFolder: join(PROJECT_FOLDER, 'knowledge'),
    consoleFolder: join(PROJECT_FOLDER, 'apps', 'console', 'dist'),
  };
}
