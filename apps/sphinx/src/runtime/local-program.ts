import { createLogger, systemClock } from '@sphinx/platform';
import { type ApiClient, createInProcessClient } from '../client/api-client.ts';
import { openEngines } from './engines.ts';
import type { Paths } from './paths.ts';
import { openProgram } from './program.ts';
import { loadConfiguration } from './settings.ts';

/**
 * Opens the data folder in this process, for one command.
 *
 * @param services the only ones that are started
 * @param onProgress fraction 0 to 1 and what is being done
 */
export async function openLocalProgram(
  paths: Paths,
  services: readonly string[],
  onProgress: (fraction: number, message: string) => void,
): Promise<ApiClient> {
  const logger = createLogger({ level: 'error' });
  onProgress(0, 'settings');
  const configuration = await loadConfiguration(paths, process.env);
  onProgress(0.1, 'database');
  const engines = await openEngines({ paths, configuration, clock: systemClock, logger });
  onProgress(0.5, services.length === 0 ? 'program' : services.join(', '));
  const { dataFolder } = paths;
  const program = await openProgram({ paths, engines, configuration, logger, dataFolder, only: services });
  const token = program.access.issueLocalSecret('command line on this machine');
  return createInProcessClient(
    (request) => program.api.fetch(request),
    token,
    () => program.close(),
  );
}
