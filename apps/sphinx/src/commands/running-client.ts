import type { Command } from 'commander';
import type { ApiClient } from '../client/api-client.ts';
import { openRunningClient } from '../client/open-client.ts';
import { type CommonOptions, pathsOf } from './command-line.ts';

/**
 * Does the work of a command with the API of the program that runs, and closes it.
 *
 * @throws SphinxError SPX_UNAVAILABLE when none runs
 */
export async function withRunningClient(
  command: Command,
  work: (client: ApiClient, options: CommonOptions) => Promise<void>,
): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions>();
  const client = await openRunningClient(pathsOf(options));
  try {
    await work(client, options);
  } finally {
    await client.close();
  }
}
