import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SphinxError } from '@sphinx/platform/errors';
import type { PlaybookDetail, PlaybookItem } from '@sphinx/service-decision-support';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { playbookTable, playbookText } from '../terminal/playbook-text.ts';
import { withClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const EXAMPLE = `sphinx playbooks
sphinx playbooks show ransomware
sphinx playbooks check own/*.json`;
const SERVICES = ['decision-support'];

interface ListOptions extends CommonOptions {
  readonly search?: string;
  readonly for?: string;
}

/** `sphinx playbooks [list | show | check | export | import | remove]` */
export function playbooksCommand(): Command {
  return withFilters(defineCommand('playbooks', 'what to do in which situation: playbooks of CACAO 2.0', EXAMPLE))
    .action((_options: ListOptions, self: Command) => withClient(self, SERVICES, list))
    .addCommand(
      withFilters(
        defineCommand('list', 'list playbooks, most urgent first', 'sphinx playbooks list --search pump'),
      ).action((_options: ListOptions, self: Command) => withClient(self, SERVICES, list)),
    )
    .addCommand(showCommand())
    .addCommand(checkCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand())
    .addCommand(removeCommand());
}

function withFilters(command: Command): Command {
  return command
    .option('--search <text>', 'part of a name, a description or a key')
    .option('--for <subject>', 'those for an incident, or for a weakness');
}

async function list(client: ApiClient, options: ListOptions): Promise<void> {
  const query = new URLSearchParams();
  if (options.search !== undefined) query.set('search', options.search);
  if (options.for !== undefined) query.set('subject', options.for);
  const playbooks = await readAllPages<PlaybookItem>(client, `/playbooks?${query}`);
  if (options.json) printJson(playbooks);
  else print(playbooks.length === 0 ? 'No playbook fits. Leave a filter out.' : playbookTable(playbooks));
}

function showCommand(): Command {
  return defineCommand('show', 'tell a playbook from top to bottom', 'sphinx playbooks show device-tampering')
    .argument('<playbook>', 'its key or its id')
    .action((name: string, _options: CommonOptions, self: Command) =>
      withClient(self, SERVICES, async (client, { json }) => {
        const id = await findPlaybook(client, name);
        const detail = await client.send<PlaybookDetail>('GET', `/playbooks/${id}`);
        if (json) printJson(detail);
        else print(playbookText(detail));
      }),
    );
}

function checkCommand(): Command {
  return defineCommand(
    'check',
    'say what is wrong in files of CACAO 2.0; exit code 3 when one has an error',
    'sphinx playbooks check own.json',
    { hasDataFolder: false },
  )
    .argument('<file...>', 'playbooks as JSON')
    .action(async (paths: string[], _options: CommonOptions, self: Command) => {
      const { readPlaybook } = await import('@sphinx/playbooks');
      const files = [];
      for (const path of paths) {
        const { playbook, problems } = readPlaybook(await readText(path));
        files.push({ path, isWhole: playbook !== undefined, name: playbook?.name ?? null, problems });
      }
      if (self.optsWithGlobals<CommonOptions>().json) printJson(files);
      else {
        for (const { path, isWhole, name, problems } of files) {
          print(`${path}: ${isWhole ? `can be carried out: ${name ?? ''}` : 'cannot be carried out'}`);
          for (const { level, path: place, message } of problems)
            print(`  ${level}: ${place === '' ? '' : `${place}: `}${message}`);
        }
      }
      if (files.some(({ isWhole }) => !isWhole)) process.exitCode = EXIT.negative;
    });
}

function exportCommand(): Command {
  return defineCommand(
    'export',
    'write playbooks as files of CACAO 2.0',
    'sphinx playbooks export ransomware --to out\nsphinx playbooks export --all --to out',
  )
    .argument('[playbook...]', 'keys or ids')
    .option('--all', 'every playbook in use')
    .option('--to <folder>', 'folder for the files', '.')
    .action((names: string[], _options: CommonOptions, self: Command) =>
      withClient(self, SERVICES, async (client, { json }) => {
        const { all, to } = self.opts<{ all?: boolean; to: string }>();
        const playbooks = await readAllPages<PlaybookItem>(client, '/playbooks?');
        const chosen = all === true ? playbooks : names.map((name) => pick(playbooks, name));
        if (chosen.length === 0) throw new SphinxError('SPX_INVALID_INPUT', 'Name a playbook, or give --all.');
        await mkdir(to, { recursive: true });
        const files: string[] = [];
        for (const { id, key } of chosen) {
          const file = join(to, `${key.replace(/[^a-z0-9-]+/gi, '-').slice(0, 80)}.json`);
          await writeFile(file, await client.download(`/playbooks/${encodeURIComponent(id)}/export`));
          files.push(file);
        }
        if (json) printJson({ files });
        else print(files.map((file) => `Written: ${file}`).join('\n'));
      }),
    );
}

function importCommand(): Command {
  return defineCommand('import', 'take playbooks of CACAO 2.0 in', 'sphinx playbooks import own.json')
    .argument('<file...>', 'playbooks as JSON; one with a known id replaces it')
    .action((paths: string[], _options: CommonOptions, self: Command) =>
      withClient(self, SERVICES, async (client, { json }) => {
        const taken = [];
        for (const path of paths) {
          const content = await readText(path);
          taken.push(await client.send<{ playbook: PlaybookItem }>('POST', '/playbooks', { content }));
        }
        if (json) printJson(taken);
        else print(taken.map(({ playbook: { name, key } }) => `Taken in: ${name} (${key})`).join('\n'));
      }),
    );
}

function removeCommand(): Command {
  return defineCommand('remove', 'remove a playbook that was brought in', 'sphinx playbooks remove own')
    .argument('<playbook>', 'its key or its id')
    .action((name: string, _options: CommonOptions, self: Command) =>
      withClient(self, SERVICES, async (client) => {
        await client.send('DELETE', `/playbooks/${await findPlaybook(client, name)}`);
        print('Removed.');
      }),
    );
}

async function findPlaybook(client: ApiClient, name: string): Promise<string> {
  return encodeURIComponent(pick(await readAllPages<PlaybookItem>(client, '/playbooks?'), name).id);
}

/** @throws SphinxError SPX_NOT_FOUND */
function pick(playbooks: readonly PlaybookItem[], name: string): PlaybookItem {
  const found = playbooks.find(({ id, key }) => id === name || key === name);
  if (found !== undefined) return found;
  throw new SphinxError('SPX_NOT_FOUND', `There is no playbook "${name}". "sphinx playbooks" lists them.`);
}

/** @throws SphinxError SPX_INVALID_INPUT */
async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SphinxError('SPX_INVALID_INPUT', `${path} cannot be read: ${reason}`, { cause });
  }
}
