import { readFile, writeFile } from 'node:fs/promises';
import { SphinxError } from '@sphinx/platform/errors';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { formatTable, type LogFormatItem, type LogFormatProposal, proposalText } from '../terminal/log-text.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { withClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const SERVICES = ['log-collection'];
/** Sample lines are few; of a whole log the beginning is looked at. */
const SAMPLE_LINES = 200;
const LONGEST_SAMPLE = 400_000;

/** `sphinx logs formats [propose FILE]` */
export function formatsCommand(): Command {
  return defineCommand(
    'formats',
    'list the formats of logs that are read, or have one proposed for sample lines',
    'sphinx logs formats\nsphinx logs formats propose pump.log --id pump --output pump.yaml',
  )
    .action((_options: CommonOptions, self: Command) =>
      withClient(self, SERVICES, async (client, { json }) => {
        const formats = await readAllPages<LogFormatItem>(client, '/log-formats');
        if (json) printJson(formats);
        else print(formatTable(formats));
      }),
    )
    .addCommand(proposeCommand());
}

interface ProposeOptions extends CommonOptions {
  readonly id?: string;
  readonly title?: string;
  readonly kind?: string;
  readonly output?: string;
  readonly save?: boolean;
}

function proposeCommand(): Command {
  return defineCommand(
    'propose',
    'propose a format for sample lines; exit code 3 when it would not read all of them',
    'sphinx logs formats propose pump.log\nsphinx logs formats propose pump.log --id pump --title "Infusion pumps" --save',
  )
    .argument('<file>', `sample lines of one log; the first ${SAMPLE_LINES} are looked at`)
    .option('--id <id>', 'id of the format: small letters, digits and -')
    .option('--title <text>', 'name of the format')
    .option('--kind <kind>', 'what the log is about, such as clinical; guessed when absent')
    .option('--output <file>', 'writes the definition (YAML) to a new file')
    .option('--save', 'puts it into force at once')
    .action((file: string, _options: ProposeOptions, self: Command) =>
      withClient<ProposeOptions>(self, SERVICES, (client, options) => propose(client, file, options)),
    );
}

async function propose(client: ApiClient, file: string, options: ProposeOptions): Promise<void> {
  const { id, title, kind, output, save } = options;
  const lines = await readSample(file);
  const proposal = await client.send<LogFormatProposal>('POST', '/log-formats/propose', {
    lines,
    ...(id === undefined ? {} : { id }),
    ...(title === undefined ? {} : { title }),
    ...(kind === undefined ? {} : { kind }),
  });
  if (output !== undefined) await writeNew(output, proposal.definition);
  if (save === true) await client.send('POST', '/log-formats', { definition: proposal.definition });
  if (options.json) printJson(proposal);
  else {
    print(proposalText(proposal));
    if (output === undefined && save !== true) print(`\n${proposal.definition}`);
    if (output !== undefined) print(`\nWritten to ${output}.`);
    if (save === true) print(`\nThe format ${proposal.id} is in force.`);
  }
  if (proposal.lines.some(({ isRead }) => !isRead)) process.exitCode = EXIT.negative;
}

async function readSample(file: string): Promise<string> {
  try {
    const text = await readFile(file, 'utf8');
    return text.split(/\r?\n/, SAMPLE_LINES).join('\n').slice(0, LONGEST_SAMPLE);
  } catch (cause) {
    throw new SphinxError('SPX_NOT_FOUND', `${file} cannot be read. Is the name right?`, { cause });
  }
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    throw new SphinxError('SPX_INVALID_INPUT', `${file} cannot be written. Is there a file of this name?`, { cause });
  }
}
