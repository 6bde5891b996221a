import { SphinxError } from '@sphinx/platform/errors';
import type { DrillView } from '@sphinx/service-dependability-monitoring';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { drillTable } from '../terminal/uptime-text.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const NEEDED = ['dependability-monitoring'];
const MS_PER_MINUTE = 60_000;

/** `sphinx uptime drills [record | remove]` */
export function drillsCommand(): Command {
  return defineCommand(
    'drills',
    'list recoveries of a service, held against RTO and RPO',
    'sphinx uptime drills Archive',
  )
    .argument('<service>', 'name or id')
    .action((service: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const drills = await readAllPages<DrillView>(
            client,
            `/uptime/services/${encodeURIComponent(service)}/drills?`,
          );
          if (json) printJson(drills);
          else print(drills.length === 0 ? 'No recovery was tried.' : drillTable(drills));
        },
        NEEDED,
      ),
    );
}

interface RecordOptions extends CommonOptions {
  readonly minutes: string;
  readonly dataLoss?: string;
  readonly at?: string;
  readonly real?: boolean;
  readonly incomplete?: boolean;
  readonly note?: string;
}

/** `sphinx uptime drill`: what was tried is written down. */
export function drillCommand(): Command {
  return defineCommand(
    'drill',
    'record a recovery that was tried; exit code 3 when it missed an objective',
    'sphinx uptime drill Archive --minutes 45 --data-loss 10 --note "restored from Tuesday night"',
  )
    .argument('<service>', 'name or id')
    .requiredOption('--minutes <number>', 'until the service could be used again')
    .option('--data-loss <minutes>', 'age of the data that came back')
    .option('--at <time>', 'when it began, for example 2026-12-06T22:00; so long ago as it took where it is left out')
    .option('--real', 'it was an outage and no exercise')
    .option('--incomplete', 'not everything came back')
    .option('--note <words>', 'what was done')
    .action((service: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options: RecordOptions) => {
          const minutes = Number(options.minutes);
          const at = options.at === undefined ? Date.now() - minutes * MS_PER_MINUTE : Date.parse(options.at);
          if (Number.isNaN(at))
            throw new SphinxError('SPX_INVALID_INPUT', `${options.at ?? options.minutes} is no time or number.`);
          const drill = await client.send<DrillView>('POST', `/uptime/services/${encodeURIComponent(service)}/drills`, {
            kind: options.real === true ? 'real' : 'drill',
            at,
            recoveryMinutes: minutes,
            ...(options.dataLoss === undefined ? {} : { dataLossMinutes: Number(options.dataLoss) }),
            isComplete: options.incomplete !== true,
            ...(options.note === undefined ? {} : { note: options.note }),
          });
          if (options.json) printJson(drill);
          else print(drillTable([drill]));
          if (drill.meetsRecoveryTime === false || drill.meetsRecoveryPoint === false) process.exitCode = EXIT.negative;
        },
        NEEDED,
      ),
    );
}
