import { SphinxError } from '@sphinx/platform/errors';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import { type LogRetention, retentionTable } from '../terminal/log-text.ts';
import { print, printJson } from '../terminal/output.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const SERVICES = ['log-collection'];
const MOST_DAYS = 3650;

interface RetentionOptions extends CommonOptions {
  readonly days?: string;
  readonly usual?: boolean;
}

/** `sphinx logs retention [KIND]` */
export function retentionCommand(): Command {
  return defineCommand(
    'retention',
    'tell how many days events of each kind are kept, or set it for one kind',
    'sphinx logs retention\nsphinx logs retention audit --days 730\nsphinx logs retention web --usual',
  )
    .argument('[kind]', 'kind of events, such as audit, web or network')
    .option('--days <number>', 'keep events of the kind for so many days')
    .option('--usual', 'keep them as the settings say again')
    .action((kind: string | undefined, _options: RetentionOptions, self: Command) =>
      withRunningClient<RetentionOptions>(
        self,
        async (client, options) => {
          const days = daysOf(kind, options);
          if (days !== undefined)
            await client.send('PUT', `/log-retention/${encodeURIComponent(kind ?? '')}`, { days });
          const all = await readAllPages<LogRetention>(client, '/log-retention');
          const shown = kind === undefined ? all : all.filter((each) => each.kind === kind);
          if (options.json) printJson(shown);
          else print(retentionTable(shown));
        },
        SERVICES,
      ),
    );
}

/** @returns days that are set; null for those of the settings; undefined where nothing is set */
function daysOf(kind: string | undefined, { days, usual }: RetentionOptions): number | null | undefined {
  if (days === undefined && usual !== true) return undefined;
  if (kind === undefined)
    throw new SphinxError('SPX_INVALID_INPUT', 'Say of which kind: sphinx logs retention audit …');
  if (days === undefined) return null;
  const number = Number(days);
  if (Number.isInteger(number) && number >= 1 && number <= MOST_DAYS) return number;
  throw new SphinxError('SPX_INVALID_INPUT', `--days is a number from 1 to ${MOST_DAYS}.`);
}
