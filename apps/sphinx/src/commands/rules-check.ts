import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SphinxError } from '@sphinx/platform/errors';
import type { LoadedRules, RuleFile } from '@sphinx/rules';
import type { Command } from 'commander';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { renderTable } from '../terminal/table.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

/** `sphinx rules check FILE…` */
export function checkRulesCommand(): Command {
  return defineCommand(
    'check',
    'load rule files and say which rules are not loaded, and why; exit code 3 if any',
    EXAMPLE,
  )
    .argument('<file...>', 'rule file, archive of rule files (.tar.gz) or folder')
    .action(async (paths: string[], _options: CommonOptions, self: Command) => {
      const options = self.optsWithGlobals<CommonOptions>();
      const files = (await Promise.all(paths.map(readRuleFiles))).flat();
      const loaded = await checkRules(files);
      if (options.json) printJson({ loaded: loaded.rules.length, rejected: loaded.rejected });
      else print(describe(loaded));
      if (loaded.rejected.length > 0) process.exitCode = EXIT.negative;
    });
}

const EXAMPLE = `sphinx rules check local.rules
sphinx rules check emerging.rules.tar.gz --json`;

async function checkRules(files: readonly RuleFile[]): Promise<LoadedRules> {
  const { defaultResources, findBeside, loadRules, parseClassification } = await import('@sphinx/rules');
  const resources = defaultResources({
    classes: parseClassification(findBeside(files, 'classification.config') ?? ''),
    readFile: (path) => findBeside(files, path),
  });
  return loadRules(
    files.filter(({ name }) => name.endsWith('.rules')),
    resources,
  );
}

async function readRuleFiles(path: string): Promise<readonly RuleFile[]> {
  const { unpackRuleFiles } = await import('@sphinx/rules');
  const isFolder = await stat(path).then((entry) => entry.isDirectory(), missing(path));
  if (!isFolder) return unpackRuleFiles(path, await readFile(path));
  const names = (await readdir(path, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const files = await Promise.all(
    names.map(async ({ parentPath, name }) => {
      const file = join(parentPath, name);
      return unpackRuleFiles(file, await readFile(file));
    }),
  );
  return files.flat();
}

function missing(path: string): (cause: unknown) => never {
  return (cause) => {
    throw new SphinxError('SPX_NOT_FOUND', `${path} cannot be read. Is the name right?`, { cause });
  };
}

function describe({ rules, rejected }: LoadedRules): string {
  const summary = `${rules.length} rules loaded, ${rejected.length} rejected`;
  if (rejected.length === 0) return summary;
  const columns = [
    { title: 'File', value: (each: LoadedRules['rejected'][number]) => `${each.file}:${each.line}` },
    { title: 'Rule', value: (each: LoadedRules['rejected'][number]) => String(each.sid ?? '') },
    { title: 'Rejected because', value: (each: LoadedRules['rejected'][number]) => each.reason },
  ];
  return `${renderTable(rejected, columns, 110)}\n\n${summary}`;
}
