import type { Command } from 'commander';
import { outcomeText } from '../terminal/feed-text.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { printable, renderTable } from '../terminal/table.ts';
import { withClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';
import { FEED_SERVICES, importPath } from './feeds.ts';

/** `sphinx knowledge [import | list | recognise]`: another name for an import into a feed, and the fingerprints of services. */
export function knowledgeCommand(): Command {
  return defineCommand('knowledge', 'fingerprints of services that were brought in by feeds', EXAMPLE)
    .addCommand(importCommand())
    .addCommand(listCommand())
    .addCommand(recogniseCommand());
}

const EXAMPLE = `sphinx knowledge import recog recog/xml
sphinx knowledge recognise ssh.banner "OpenSSH_9.2p1 Debian-2+deb12u3"`;

function importCommand(): Command {
  return defineCommand(
    'import',
    'the same as "sphinx feeds import PATH --feed FEED"; exit code 3 when nothing was taken',
    'sphinx knowledge import recog recog/xml',
  )
    .argument('<feed>', 'feed that it is for: recog')
    .argument('<path>', 'file or folder')
    .action((feed: string, path: string, _options: CommonOptions, self: Command) =>
      withClient(self, FEED_SERVICES, async (client, options) => {
        const feeds = await importPath(client, path, { feed });
        if (feeds.some(({ outcome }) => outcome === 'failed')) process.exitCode = EXIT.negative;
        if (options.json) printJson({ feeds });
        else print(feeds.map(outcomeText).join('\n'));
      }),
    );
}

interface DatabaseView {
  readonly file: string;
  readonly matches: string;
  readonly fingerprints: number;
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
}

function listCommand(): Command {
  const command = defineCommand(
    'list',
    'list the fingerprint databases that are loaded',
    'sphinx knowledge list recog',
  );
  return command
    .addArgument(command.createArgument('[format]', 'format of the databases').choices(['recog']))
    .action((_format: string | undefined, _options: CommonOptions, self: Command) =>
      withClient(self, FEED_SERVICES, async (client, options) => {
        const { databases } = await client.send<{ databases: readonly DatabaseView[] }>(
          'GET',
          '/fingerprint-databases',
        );
        if (options.json) printJson({ databases });
        else print(databasesText(databases));
      }),
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
    .action((what: string, text: string, _options: CommonOptions, self: Command) =>
      withClient(self, FEED_SERVICES, async (client, options) => {
        const query = new URLSearchParams({ what, text });
        const { found } = await client.send<{ found: readonly Recognised[] }>(
          'GET',
          `/fingerprint-databases/recognition?${query}`,
        );
        if (found.length === 0) process.exitCode = EXIT.negative;
        if (options.json) printJson(found);
        else print(found.length === 0 ? 'No fingerprint matches.' : found.map(describeMatch).join('\n\n'));
      }),
    );
}

interface Recognised {
  readonly file: string;
  readonly fingerprint: string;
  readonly values: Readonly<Record<string, string>>;
}

function describeMatch({ file, fingerprint, values }: Recognised): string {
  const lines = Object.entries(values).map(([name, value]) => `  ${printable(name)}: ${printable(value)}`);
  return [`${printable(fingerprint)} (${file})`, ...lines].join('\n');
}

function databasesText(databases: readonly DatabaseView[]): string {
  const rejected = databases.flatMap((database) => database.rejected.map((each) => ({ file: database.file, ...each })));
  const count = databases.reduce((sum, { fingerprints }) => sum + fingerprints, 0);
  const reasons = rejected.map(({ file, line, reason }) => `  ${printable(file)}:${line}: ${printable(reason)}`);
  return [
    ...(databases.length === 0 ? [] : [renderTable(databases, COLUMNS, 110), '']),
    ...(reasons.length === 0 ? [] : ['Left out:', ...reasons, '']),
    `${databases.length} databases, ${count} fingerprints; ${rejected.length} left out.`,
  ].join('\n');
}

const COLUMNS = [
  { title: 'Matches', value: ({ matches }: DatabaseView) => printable(matches) },
  { title: 'Fingerprints', value: ({ fingerprints }: DatabaseView) => String(fingerprints) },
  { title: 'File', value: ({ file }: DatabaseView) => printable(file) },
];
