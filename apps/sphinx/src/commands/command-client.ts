import { SphinxError } from '@sphinx/platform/errors';
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
  await closing(await openClient(pathsOf(options), services), services, (client) => work(client, options));
}

/**
 * Does the work of a command with the API of the program that runs, and closes it.
 *
 * @param services that the command needs: where one is switched off, the error says how to switch it on
 * @throws SphinxError SPX_UNAVAILABLE when no program runs, or a service that is needed is off
 */
export async function withRunningClient<Options extends CommonOptions>(
  command: Command,
  work: Work<Options>,
  services: readonly string[] = [],
): Promise<void> {
  const options = command.optsWithGlobals<Options>();
  await closing(await openRunningClient(pathsOf(options)), services, (client) => work(client, options));
}

async function closing(
  client: ApiClient,
  services: readonly string[],
  work: (client: ApiClient) => Promise<void>,
): Promise<void> {
  try {
    await work(client);
  } catch (error) {
    if (error instanceof SphinxError && error.code === 'SPX_NOT_FOUND') await requireServices(client, services, error);
    throw error;
  } finally {
    await client.close();
  }
}

/** A path that is not there may be one of a service that is off. */
async function requireServices(client: ApiClient, services: readonly string[], cause: SphinxError): Promise<void> {
  if (services.length === 0) return;
  const { items } = await client
    .send<{ items: readonly { id: string; title: string; isEnabled: boolean }[] }>('GET', '/services')
    .catch(() => ({ items: [] }));
  const off = items.find(({ id, isEnabled }) => services.includes(id) && !isEnabled);
  if (off === undefined) return;
  const message = `The service "${off.title}" is switched off. "sphinx services enable ${off.id}" switches it on.`;
  throw new SphinxError('SPX_UNAVAILABLE', message, { cause });
}
