import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { SphinxError } from '@sphinx/platform/errors';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { findAssetId } from '../client/find-asset.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import {
  type ImportView,
  type InstalledView,
  importsText,
  importText,
  installedText,
} from '../terminal/software-text.ts';
import { withClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const SERVICES_NEEDED = ['asset-inventory', 'vulnerability-assessment'];

interface ImportOptions extends CommonOptions {
  readonly asset?: string;
  readonly model?: string;
  readonly format?: string;
  readonly dryRun?: boolean;
}

/** `sphinx software [import | list | imports | undo]` */
export function softwareCommand(): Command {
  return defineCommand('software', 'what software devices have, from files of other programs and of makers', EXAMPLE)
    .addCommand(importCommand())
    .addCommand(listCommand())
    .addCommand(importsCommand())
    .addCommand(undoCommand());
}

const EXAMPLE = `sphinx software import ward3.nessus --dry-run
sphinx software list 10.20.0.31`;

function importCommand(): Command {
  return defineCommand(
    'import',
    'take in files of scanners, agents, package managers and makers; the format is told by the content; exit code 3 when one is refused',
    IMPORT_EXAMPLE,
  )
    .argument(
      '<files...>',
      'nmap, Nessus, Greenbone, Qualys, Trivy, Grype, dpkg, rpm, apk, CSV, osquery, Wazuh, MDS2, CycloneDX, SPDX …',
    )
    .option(
      '--asset <asset>',
      'id, address or name of the asset that the file is about, where it does not say so itself',
    )
    .option('--model <name>', 'the file is about a model: MANUFACTURER/MODEL or MANUFACTURER/MODEL/VERSION')
    .option('--format <format>', 'format, where the content does not tell')
    .option('--dry-run', 'only say what would change')
    .action((files: string[], _options: ImportOptions, self: Command) =>
      withClient(self, SERVICES_NEEDED, async (client, options: ImportOptions) => {
        const target = await targetOf(client, options);
        const taken: ImportView[] = [];
        for (const file of files) {
          const result = await importFile(client, file, target, options).catch((error: unknown) => {
            if (files.length === 1) throw error;
            process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
            process.exitCode = EXIT.negative;
            return undefined;
          });
          if (result === undefined) continue;
          taken.push(result);
          if (!options.json) print(importText(result, options.dryRun === true));
        }
        if (options.json) printJson(taken);
      }),
    );
}

const IMPORT_EXAMPLE = `sphinx software import ward3.nessus --dry-run
sphinx software import packages.txt --asset 10.20.0.31
sphinx software import pump.cdx.json --model "B. Braun/Infusomat Space/M030007"`;

async function importFile(
  client: ApiClient,
  file: string,
  target: Readonly<Record<string, string>>,
  { format, dryRun }: ImportOptions,
): Promise<ImportView> {
  const content = await readFile(file).catch((cause: unknown) => {
    throw new SphinxError('SPX_NOT_FOUND', `${file} cannot be read. Is the name right?`, { cause });
  });
  const query = new URLSearchParams({
    fileName: basename(file),
    ...target,
    ...(format === undefined ? {} : { format }),
  });
  return client.send<ImportView>('POST', `/software/imports${dryRun ? '/preview' : ''}?${query}`, content);
}

async function targetOf(client: ApiClient, { asset, model }: ImportOptions): Promise<Readonly<Record<string, string>>> {
  if (asset !== undefined && model !== undefined) {
    throw new SphinxError('SPX_INVALID_INPUT', 'Name an asset or a model, not both.');
  }
  if (asset !== undefined) return { assetId: await findAssetId(client, asset) };
  return model === undefined ? {} : readModel(model);
}

function readModel(text: string): Readonly<Record<string, string>> {
  const [manufacturer = '', model = '', version = '', ...more] = text.split('/').map((part) => part.trim());
  if (manufacturer === '' || model === '' || more.length > 0) {
    throw new SphinxError(
      'SPX_INVALID_INPUT',
      `"${text}" does not name a model. Write manufacturer, model and, where it matters, version with slashes: "B. Braun/Infusomat Space/M030007".`,
    );
  }
  return { manufacturer, model, ...(version === '' ? {} : { version }) };
}

interface ListOptions extends CommonOptions {
  readonly model?: string;
  readonly search?: string;
}

function listCommand(): Command {
  return defineCommand('list', 'list the software that imports name on an asset or a model', LIST_EXAMPLE)
    .argument('[asset]', 'id, IP address, MAC address or name')
    .option('--model <name>', 'software of a model: MANUFACTURER/MODEL or MANUFACTURER/MODEL/VERSION')
    .option('--search <text>', 'part of name, vendor or version')
    .action((asset: string | undefined, _options: ListOptions, self: Command) =>
      withClient(self, SERVICES_NEEDED, async (client, options: ListOptions) => {
        const target = await targetOf(client, { ...options, ...(asset === undefined ? {} : { asset }) });
        if (Object.keys(target).length === 0) {
          throw new SphinxError(
            'SPX_INVALID_INPUT',
            'Name an asset, or a model with --model. "sphinx software imports" lists files.',
          );
        }
        const search: Record<string, string> = options.search === undefined ? {} : { search: options.search };
        const query = new URLSearchParams({ ...target, ...search });
        const items = await readAllPages<InstalledView>(client, `/software?${query}`);
        if (options.json) printJson(items);
        else print(installedText(items));
      }),
    );
}

const LIST_EXAMPLE = `sphinx software list 10.20.0.31
sphinx software list --model "B. Braun/Infusomat Space" --search openssl`;

function importsCommand(): Command {
  return defineCommand('imports', 'list the files that were taken in', 'sphinx software imports').action(
    (_options: CommonOptions, self: Command) =>
      withClient(self, SERVICES_NEEDED, async (client, options) => {
        const imports = await readAllPages<ImportView>(client, '/software/imports?');
        if (options.json) printJson(imports);
        else print(importsText(imports));
      }),
  );
}

function undoCommand(): Command {
  return defineCommand(
    'undo',
    'take an import back; what it had replaced holds again',
    'sphinx software undo import_4f0c',
  )
    .argument('<import>', 'id, or its beginning, of an import')
    .action((text: string, _options: CommonOptions, self: Command) =>
      withClient(self, SERVICES_NEEDED, async (client, options) => {
        const imports = await readAllPages<ImportView>(client, '/software/imports?');
        const [found, second] = imports.filter(({ id }) => id.startsWith(text));
        if (found === undefined) {
          throw new SphinxError('SPX_NOT_FOUND', `No import is "${text}". "sphinx software imports" lists them.`);
        }
        if (second !== undefined) throw new SphinxError('SPX_CONFLICT', `Several imports begin with "${text}".`);
        await client.send('DELETE', `/software/imports/${found.id}`);
        if (options.json) printJson(found);
        else print(`${found.fileName} is taken back.`);
      }),
    );
}
