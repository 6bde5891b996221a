import type { Command } from 'commander';
import type { ApiClient } from '../client/api-client.ts';
import { openClient, openRunningClient } from '../client/open-client.ts';
import { type CommonOptions, pathsOf } from './command-line.ts';

type Work<Options> = (client: ApiClient, options: Options) => Promise<void>;

/**
 * Does the work of a command with the API and closes it: of the program that runs, else of one that is opened for the
 * command.
 *
 * @param services that the command needs when the program does not run
 */
export async function withClient<Options extends CommonOptions>(
  command: Command,
  services: readonly string[],
  work: Work<Options>,
): Promise<void> {
  const options = command.optsWithGlobals<Options>();
  await closing(await openClient(pathsOf(options), services), (client) => work(client, options));
}

/**
 * Does the work of a command with the API of the program that runs, and closes it.
 *
 * @throws SphinxError SPX_UNAVAILABLE when none runs
 */
export async function withRunningClient<Options extends CommonOptions>(
  command: Command,
  work: Work<Options>,
): Promise<void> {
  const options = command.optsWithGlobals<Options>();
  await closing(await openRunningClient(pathsOf(options)), (client) => work(client, options));
}

async function closing(client: ApiClient, work: (client: ApiClient) => Promise<void>): Promise<void> {
  try {
    await work(client);
  } finally {
    await client.close();
  }
}
