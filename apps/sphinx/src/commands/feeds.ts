import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { SphinxError } from '@sphinx/platform/errors';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { waitForJob } from '../client/wait-for-job.ts';
import { type FeedOutcome, type FeedView, feedTable, feedText, outcomeText } from '../terminal/feed-text.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { printable } from '../terminal/table.ts';
import { withClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';
import { bundleKeyCommands } from './feeds-keys.ts';

export const FEED_SERVICES = ['vulnerability-assessment'];

/** `sphinx feeds [list | status | pull | import | enable | disable | undo | clear | add | remove | key | trust | distrust]` */
export function feedsCommand(): Command {
  const command = defineCommand('feeds', 'where knowledge of weaknesses comes from: addresses, files, bundles', EXAMPLE)
    .addCommand(listCommand())
    .addCommand(statusCommand())
    .addCommand(pullCommand())
    .addCommand(importCommand())
    .addCommand(enableCommand())
    .addCommand(disableCommand())
    .addCommand(changeCommand('undo', 'bring the content of a feed before the last change back', 'POST', '/undo'))
    .addCommand(
      changeCommand('clear', 'take all that a feed gave out of use; undo brings it back', 'DELETE', '/content'),
    )
    .addCommand(addCommand())
    .addCommand(changeCommand('remove', 'remove a feed of your own with all that it gave', 'DELETE', ''));
  for (const each of bundleKeyCommands()) command.addCommand(each);
  return command;
}

const EXAMPLE = `sphinx feeds enable cisa-kev
sphinx feeds pull --to monday.zip
sphinx feeds import monday.zip`;

function listCommand(): Command {
  return defineCommand('list', 'list every feed with its age and what it has', 'sphinx feeds list').action(
    (_options: CommonOptions, self: Command) =>
      withClient(self, FEED_SERVICES, async (client, options) => {
        const feeds = await readAllPages<FeedView>(client, '/feeds');
        if (options.json) printJson(feeds);
        else print(feedTable(feeds, Date.now()));
      }),
  );
}

function statusCommand(): Command {
  return defineCommand(
    'status',
    'show feeds that are on or have something, with what went wrong; exit code 3 when one failed or is old',
    'sphinx feeds status\nsphinx feeds status cisa-kev',
  )
    .argument('[id...]', 'feeds; all that are on or have something by default')
    .action((ids: string[], _options: CommonOptions, self: Command) =>
      withClient(self, FEED_SERVICES, async (client, options) => {
        const feeds =
          ids.length > 0
            ? await Promise.all(ids.map((id) => client.send<FeedView>('GET', `/feeds/${encodeURIComponent(id)}`)))
            : (await readAllPages<FeedView>(client, '/feeds')).filter(
                (feed) => feed.isEnabled || feed.current !== null,
              );
        if (options.json) printJson(feeds);
        else if (feeds.length === 0) print('No feed is on, and none has anything. "sphinx feeds list" shows them.');
        else print(feeds.map((feed) => feedText(feed, Date.now())).join('\n\n'));
        if (feeds.some(({ health }) => health === 'failed' || health === 'stale')) process.exitCode = EXIT.negative;
      }),
    );
}

function pullCommand(): Command {
  return defineCommand(
    'pull',
    'fetch what is new, and write it into one signed file with --to; exit code 3 when a feed failed',
    'sphinx feeds pull\nsphinx feeds pull cisa-kev epss --to monday.zip',
  )
    .argument('[id...]', 'feeds; all that are switched on by default')
    .option('--to <bundle>', 'new file for a SPHINX without the internet')
    .action((ids: string[], _options: CommonOptions, self: Command) =>
      withClient(self, FEED_SERVICES, async (client, options: CommonOptions & { readonly to?: string }) => {
        const { to } = options;
        if (to !== undefined && (await exists(to))) {
          throw new SphinxError('SPX_CONFLICT', `${to} is there already. Name a new file.`);
        }
        const { feeds } = await runJob(client, 'POST', '/feeds/pull', { ids });
        const bundle = to === undefined ? undefined : await writeBundle(client, ids, to);
        tell(options, { feeds, ...(bundle === undefined ? {} : { bundle }) }, feeds, bundleText(to, bundle));
      }),
    );
}

function importCommand(): Command {
  return defineCommand(
    'import',
    'take a file, a folder or a signed bundle; exit code 3 when nothing of a feed was taken',
    'sphinx feeds import monday.zip\nsphinx feeds import known_exploited_vulnerabilities.json\nsphinx feeds import recog/xml --feed recog',
  )
    .argument('<path>', 'file, .zip or .gz of files, folder, or bundle')
    .option('--feed <id>', 'feed that it is for; its content tells by default')
    .option('--replace', 'take it in place of all that the feed has, instead of adding it')
    .option('--older', 'take a bundle that is older than what is here')
    .action((path: string, _options: CommonOptions, self: Command) =>
      withClient(self, FEED_SERVICES, async (client, options: ImportOptions) => {
        const feeds = await importPath(client, path, options);
        tell(options, { feeds }, feeds);
      }),
    );
}

export interface ImportOptions extends CommonOptions {
  readonly feed?: string;
  readonly replace?: boolean;
  readonly older?: boolean;
}

/** Sends a file, or a folder as an archive. */
export async function importPath(
  client: ApiClient,
  path: string,
  options: ImportOptions,
): Promise<readonly FeedOutcome[]> {
  const entry = await stat(path).catch(() => undefined);
  if (entry === undefined)
    throw new SphinxError('SPX_NOT_FOUND', `There is no file or folder ${path}. Is the name right?`);
  const query = new URLSearchParams({ name: basename(resolve(path)) });
  if (options.feed !== undefined) query.set('feed', options.feed);
  if (options.replace === true) query.set('replace', 'true');
  if (options.older === true) query.set('older', 'true');
  const temporary = entry.isDirectory() ? await mkdtemp(join(tmpdir(), 'sphinx-import-')) : undefined;
  try {
    const file = temporary === undefined ? path : await packFolder(path, join(temporary, 'folder.zip'));
    const { job } = await client.upload<{ job: string }>(`/feeds/import?${query}`, file);
    return (await waitForJob<{ feeds: readonly FeedOutcome[] }>(client, job)).feeds;
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}

async function packFolder(folder: string, archive: string): Promise<string> {
  const [{ readdir }, { writeZip }] = await Promise.all([
    import('node:fs/promises'),
    import('@sphinx/platform/archive'),
  ]);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  if (paths.length === 0) throw new SphinxError('SPX_INVALID_INPUT', `${folder} holds no file.`);
  const base = resolve(folder);
  const files = paths.sort().map((path) => ({
    name: resolve(path)
      .slice(base.length + 1)
      .replaceAll('\\', '/'),
    path,
  }));
  await writeZip(archive, files);
  return archive;
}

function enableCommand(): Command {
  return defineCommand(
    'enable',
    'fetch a feed by itself from now on',
    'sphinx feeds enable cisa-kev\nsphinx feeds enable nvd --api-key-file nvd.key',
  )
    .argument('<id>', 'feed, as "sphinx feeds list" shows it')
    .option('--url <url>', 'a mirror that is asked instead of the publisher; empty for the publisher')
    .option('--api-key-file <file>', "file with a key of the publisher's API, which is kept sealed")
    .action((id: string, _options: CommonOptions, self: Command) =>
      withClient(self, FEED_SERVICES, async (client, options: EnableOptions) => {
        const { url, apiKeyFile } = options;
        const feed = await client.send<FeedView>('PATCH', `/feeds/${encodeURIComponent(id)}`, {
          isEnabled: true,
          ...(url === undefined ? {} : { url: url === '' ? null : url }),
          ...(apiKeyFile === undefined ? {} : { apiKey: (await readFile(apiKeyFile, 'utf8')).trim() }),
        });
        const text = `${printable(feed.title)} is on: ${printable(feed.url ?? '')}, every ${feed.intervalHours} hours. "sphinx feeds pull" fetches it now.`;
        if (options.json) printJson(feed);
        else print(text);
      }),
    );
}

interface EnableOptions extends CommonOptions {
  readonly url?: string;
  readonly apiKeyFile?: string;
}

function disableCommand(): Command {
  return defineCommand('disable', 'fetch a feed no more; what it has stays', 'sphinx feeds disable epss')
    .argument('<id>', 'feed, as "sphinx feeds list" shows it')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withClient(self, FEED_SERVICES, async (client, options) => {
        const feed = await client.send<FeedView>('PATCH', `/feeds/${encodeURIComponent(id)}`, { isEnabled: false });
        if (options.json) printJson(feed);
        else print(`${printable(feed.title)} is off.`);
      }),
    );
}

function addCommand(): Command {
  return defineCommand('add', 'add a feed of your own', 'sphinx feeds add maker-csaf.yaml')
    .argument('<file>', 'definition, as in knowledge/feeds')
    .action((file: string, _options: CommonOptions, self: Command) =>
      withClient(self, FEED_SERVICES, async (client, options) => {
        const feed = await client.send<FeedView>('POST', '/feeds', { definition: await readFile(file, 'utf8') });
        if (options.json) printJson(feed);
        else print(`${printable(feed.title)} is there, and off. "sphinx feeds enable ${feed.id}" switches it on.`);
      }),
    );
}

function changeCommand(name: string, description: string, method: string, suffix: string): Command {
  return defineCommand(name, description, `sphinx feeds ${name} ${name === 'remove' ? 'maker-csaf' : 'cisa-kev'}`)
    .argument('<id>', 'feed, as "sphinx feeds list" shows it')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withClient(self, FEED_SERVICES, async (client, options) => {
        const { feeds } = await runJob(client, method, `/feeds/${encodeURIComponent(id)}${suffix}`);
        tell(options, { feeds }, feeds);
      }),
    );
}

async function runJob(client: ApiClient, method: string, path: string, body?: object) {
  const { job } = await client.send<{ job: string }>(method, path, body);
  return waitForJob<{ readonly feeds: readonly FeedOutcome[] }>(client, job);
}

interface WrittenBundle {
  readonly bundleId: string;
  readonly feeds: readonly string[];
}

async function writeBundle(client: ApiClient, ids: readonly string[], to: string): Promise<WrittenBundle> {
  const { job } = await client.send<{ job: string }>('POST', '/feed-bundles', { ids });
  const bundle = await waitForJob<WrittenBundle>(client, job);
  await client.downloadTo(`/feed-bundles/${encodeURIComponent(bundle.bundleId)}`, to);
  return bundle;
}

function bundleText(to: string | undefined, bundle: WrittenBundle | undefined): string {
  return to === undefined || bundle === undefined ? '' : `\n${to} holds ${bundle.feeds.join(', ')}.`;
}

function tell({ json }: CommonOptions, value: object, feeds: readonly FeedOutcome[], more = ''): void {
  if (feeds.some(({ outcome }) => outcome === 'failed')) process.exitCode = EXIT.negative;
  if (json) printJson(value);
  else print(`${feeds.map(outcomeText).join('\n')}${more}`);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
