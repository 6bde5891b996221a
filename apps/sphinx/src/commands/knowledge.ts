import type { Command } from 'commander';
import type { RecogFile, RecogReading } from '../runtime/recog-databases.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { printable, renderTable } from '../terminal/table.ts';
import { type CommonOptions, defineCommand, pathsOf } from './command-line.ts';

/** `sphinx knowledge [import | list | recognise | undo | remove]` */
export function knowledgeCommand(): Command {
  return defineCommand('knowledge', 'fingerprint databases that were brought in', EXAMPLE)
    .addCommand(importCommand())
    .addCommand(listCommand())
    .addCommand(recogniseCommand())
    .addCommand(undoCommand())
    .addCommand(removeCommand());
}

const EXAMPLE = `sphinx knowledge import recog recog/xml
sphinx knowledge recognise ssh.banner "OpenSSH_9.2p1 Debian-2+deb12u3"`;

function importCommand(): Command {
  return formatCommand(
    'import',
    "take the fingerprint databases of a folder in Rapid7's recog format in place of those that are there",
    'sphinx knowledge import recog recog/xml',
  )
    .argument('<folder>', 'folder with .xml files')
    .action(async (_format: string, folder: string, _options: CommonOptions, self: Command) => {
      const { importRecogDatabases } = await import('../runtime/recog-databases.ts');
      tell(await importRecogDatabases(dataOf(self), folder), self);
    });
}

function listCommand(): Command {
  return formatCommand('list', 'list the databases that are loaded', 'sphinx knowledge list recog').action(
    async (_format: string, _options: CommonOptions, self: Command) => {
      const { loadRecogDatabases } = await import('../runtime/recog-databases.ts');
      tell(await loadRecogDatabases(dataOf(self)), self);
    },
  );
}

function recogniseCommand(): Command {
  return defineCommand(
    'recognise',
    'say what a text of a service tells, by the databases that are loaded; exit code 3 when nothing',
    'sphinx knowledge recognise http_header.server "Apache/2.4.57 (Debian)"',
  )
    .argument('<what>', 'what the text is, as in the first column of the list: ssh.banner, http_header.server')
    .argument('<text>', 'the text as the service sent it')
    .action(async (what: string, text: string, _options: CommonOptions, self: Command) => {
      const { isJson } = askedOf(self);
      const found = await recognise(dataOf(self), what, text);
      if (found.length === 0) process.exitCode = EXIT.negative;
      if (isJson) printJson(found);
      else print(found.length === 0 ? 'No fingerprint matches.' : found.map(describeMatch).join('\n\n'));
    });
}

function undoCommand(): Command {
  return formatCommand('undo', 'bring back what was there before', 'sphinx knowledge undo recog').action(
    async (_format: string, _options: CommonOptions, self: Command) => {
      const { loadRecogDatabases, undoRecogImport } = await import('../runtime/recog-databases.ts');
      await undoRecogImport(dataOf(self));
      tell(await loadRecogDatabases(dataOf(self)), self);
    },
  );
}

function removeCommand(): Command {
  return formatCommand('remove', 'take the databases out', 'sphinx knowledge remove recog').action(
    async (_format: string, _options: CommonOptions, self: Command) => {
      const { removeRecogDatabases } = await import('../runtime/recog-databases.ts');
      await removeRecogDatabases(dataOf(self));
      if (askedOf(self).isJson) printJson({ removed: true });
      else print('Removed. `sphinx knowledge undo recog` brings them back.');
    },
  );
}

function formatCommand(name: string, description: string, example: string): Command {
  const command = defineCommand(name, description, example);
  return command.addArgument(command.createArgument('<format>', 'format of the databases').choices(['recog']));
}

function dataOf(command: Command): string {
  return pathsOf(command.optsWithGlobals<CommonOptions>()).dataFolder;
}

function askedOf(command: Command): { readonly isJson: boolean } {
  return { isJson: command.optsWithGlobals<CommonOptions>().json === true };
}

interface Recognised {
  readonly file: string;
  readonly fingerprint: string;
  readonly values: Readonly<Record<string, string>>;
}

/** One answer of each database for that kind of text, the preferred database first. */
async function recognise(dataFolder: string, what: string, text: string): Promise<readonly Recognised[]> {
  const { loadRecogDatabases } = await import('../runtime/recog-databases.ts');
  const { FingerprintMatcher } = await import('@sphinx/vulnerabilities');
  const { files } = await loadRecogDatabases(dataFolder);
  return files
    .filter(({ database }) => database.matches === what)
    .sort((a, b) => b.database.preference - a.database.preference)
    .flatMap(({ file, database }) => {
      const match = new FingerprintMatcher(database).match(text);
      if (match === undefined) return [];
      return [{ file, fingerprint: match.fingerprint.description, values: Object.fromEntries(match.values) }];
    });
}

function describeMatch({ file, fingerprint, values }: Recognised): string {
  const lines = Object.entries(values).map(([name, value]) => `  ${printable(name)}: ${printable(value)}`);
  return [`${printable(fingerprint)} (${file})`, ...lines].join('\n');
}

function tell({ files, refused }: RecogReading, command: Command): void {
  const rejected = files.flatMap(({ file, database }) => database.rejected.map((each) => ({ file, ...each })));
  if (askedOf(command).isJson) {
    const databases = files.map(({ file, database: { matches, fingerprints } }) => ({
      file,
      matches,
      fingerprints: fingerprints.length,
    }));
    printJson({ databases, rejected, refused });
    return;
  }
  const count = files.reduce((sum, { database }) => sum + database.fingerprints.length, 0);
  const reasons = [
    ...refused.map(({ file, reason }) => `${printable(file)}: ${printable(reason)}`),
    ...rejected.map(({ file, line, reason }) => `${printable(file)}:${line}: ${printable(reason)}`),
  ];
  if (files.length > 0) print(`${renderTable(files, COLUMNS, 110)}\n`);
  if (reasons.length > 0) print(`Left out:\n${reasons.map((reason) => `  ${reason}`).join('\n')}\n`);
  print(`${files.length} databases, ${count} fingerprints; ${reasons.length} left out.`);
}

const COLUMNS = [
  { title: 'Matches', value: ({ database }: RecogFile) => printable(database.matches) },
  { title: 'Fingerprints', value: ({ database }: RecogFile) => String(database.fingerprints.length) },
  { title: 'File', value: ({ file }: RecogFile) => printable(file) },
];
