import { SphinxError } from '@sphinx/platform/errors';
import { readLocalEndpoint } from '../runtime/local-endpoint.ts';
import type { Paths } from '../runtime/paths.ts';
import { type ApiClient, createHttpsClient } from './api-client.ts';

/**
 * The API for one command: of the program that runs on the data folder, else of one that is opened for the command.
 *
 * @param services that the command needs when the program does not run; traffic is not touched unless named
 */
export async function openClient(paths: Paths, services: readonly string[]): Promise<ApiClient> {
  const endpoint = await readLocalEndpoint(paths.dataFolder);
  if (endpoint !== undefined) return createHttpsClient(endpoint);
  // The whole program is loaded where it is needed only: asking a running one takes a fraction of a second.
  const [{ openLocalProgram }, { createProgress }] = await Promise.all([
    import('../runtime/local-program.ts'),
    import('../terminal/progress.ts'),
  ]);
  const progress = createProgress('Opening the data folder');
  return openLocalProgram(paths, services, progress.update).finally(() => progress.done());
}

/**
 * The API of the program that runs on the data folder.
 *
 * @throws SphinxError SPX_UNAVAILABLE when none runs
 */
export async function openRunningClient(paths: Paths): Promise<ApiClient> {
  const endpoint = await readLocalEndpoint(paths.dataFolder);
  if (endpoint !== undefined) return createHttpsClient(endpoint);
  throw new SphinxError(
    'SPX_UNAVAILABLE',
    `No SPHINX runs on ${paths.dataFolder}. Start it with "sphinx start", or name another data folder with --data.`,
  );
}
