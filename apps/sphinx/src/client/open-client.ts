import { createLogger, systemClock } from '@sphinx/platform';
import { openEngines } from '../runtime/engines.ts';
import { readLocalEndpoint } from '../runtime/local-endpoint.ts';
import type { Paths } from '../runtime/paths.ts';
import { openProgram } from '../runtime/program.ts';
import { loadConfiguration } from '../runtime/settings.ts';
import { type ApiClient, createHttpsClient, createInProcessClient } from './api-client.ts';

/**
 * The API for one command: of the program that runs on the data folder, else of one that is opened for the command.
 *
 * @param services that the command needs when the program does not run; traffic is not touched unless named
 */
export async function openClient(paths: Paths, services: readonly string[]): Promise<ApiClient> {
  const endpoint = await readLocalEndpoint(paths.dataFolder);
  if (endpoint !== undefined) return createHttpsClient(endpoint);
  const logger = createLogger({ level: 'error' });
  const configuration = await loadConfiguration(paths, process.env);
  const engines = await openEngines({ paths, configuration, clock: systemClock, logger });
  const { dataFolder } = paths;
  const program = await openProgram({ paths, engines, configuration, logger, dataFolder, only: services });
  const token = program.access.issueLocalSecret('command line on this machine');
  return createInProcessClient(
    (request) => program.api.fetch(request),
    token,
    () => program.close(),
  );
}
