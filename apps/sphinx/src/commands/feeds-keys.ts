import { readFile } from 'node:fs/promises';
import { SphinxError } from '@sphinx/platform/errors';
import type { Command } from 'commander';
import { print, printJson } from '../terminal/output.ts';
import { printable, renderTable } from '../terminal/table.ts';
import { withClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const SERVICES = ['vulnerability-assessment'];

interface BundleKey {
  readonly title: string;
  readonly isOwn: boolean;
  readonly key: { readonly keyid: string };
}

/** `sphinx feeds [key | keys | trust | distrust]`: whose bundles are taken. */
export function bundleKeyCommands(): readonly Command[] {
  return [keyCommand(), keysCommand(), trustCommand(), distrustCommand()];
}

function keyCommand(): Command {
  return defineCommand(
    'key',
    'print the public key that signs bundles here, for the SPHINX that is to take them',
    'sphinx feeds key > office.key.json',
  ).action((_options: CommonOptions, self: Command) =>
    withClient(self, SERVICES, async (client) => {
      const { keys } = await client.send<{ keys: readonly BundleKey[] }>('GET', '/feed-bundle-keys');
      printJson(keys.find(({ isOwn }) => isOwn)?.key);
    }),
  );
}

function keysCommand(): Command {
  return defineCommand('keys', 'list the keys whose bundles are taken', 'sphinx feeds keys').action(
    (_options: CommonOptions, self: Command) =>
      withClient(self, SERVICES, async (client, options) => {
        const { keys } = await client.send<{ keys: readonly BundleKey[] }>('GET', '/feed-bundle-keys');
        if (options.json) printJson(keys);
        else print(renderTable(keys, COLUMNS, 80));
      }),
  );
}

function trustCommand(): Command {
  return defineCommand('trust', 'take bundles that another SPHINX signed', 'sphinx feeds trust office.key.json')
    .argument('<file>', 'what "sphinx feeds key" printed there')
    .option('--title <text>', 'whose key it is')
    .action((file: string, _options: CommonOptions, self: Command) =>
      withClient(self, SERVICES, async (client, options: CommonOptions & { readonly title?: string }) => {
        const key = readKey(await readFile(file, 'utf8'), file);
        const title = options.title ?? file;
        await client.send('PUT', `/feed-bundle-keys/${encodeURIComponent(key.keyid)}`, { title, key });
        if (options.json) printJson({ keyid: key.keyid, title });
        else print(`Bundles signed by ${key.keyid} are taken. Compare this id with that of the other SPHINX.`);
      }),
    );
}

function distrustCommand(): Command {
  return defineCommand('distrust', 'take no bundles of a key any more', 'sphinx feeds distrust 3f5a')
    .argument('<keyid>', 'key, as "sphinx feeds keys" shows it, or its beginning')
    .action((beginning: string, _options: CommonOptions, self: Command) =>
      withClient(self, SERVICES, async (client, options) => {
        const { keys } = await client.send<{ keys: readonly BundleKey[] }>('GET', '/feed-bundle-keys');
        const fitting = keys.filter(({ key, isOwn }) => !isOwn && key.keyid.startsWith(beginning));
        const [first] = fitting;
        if (first === undefined || fitting.length > 1) {
          throw new SphinxError('SPX_NOT_FOUND', `${fitting.length} trusted keys begin with ${beginning}: name one.`);
        }
        await client.send('DELETE', `/feed-bundle-keys/${first.key.keyid}`);
        if (options.json) printJson({ keyid: first.key.keyid });
        else print(`Bundles signed by ${first.key.keyid} are no longer taken. What they brought stays.`);
      }),
    );
}

function readKey(text: string, file: string): { readonly keyid: string } {
  try {
    const key = JSON.parse(text) as { readonly keyid?: unknown };
    if (typeof key.keyid === 'string') return { ...key, keyid: key.keyid };
  } catch {
    // Said below.
  }
  throw new SphinxError('SPX_INVALID_INPUT', `${file} is no key: "sphinx feeds key" prints one.`);
}

const COLUMNS = [
  { title: 'Key', value: ({ key }: BundleKey) => key.keyid },
  { title: 'Whose', value: ({ title }: BundleKey) => printable(title) },
];
