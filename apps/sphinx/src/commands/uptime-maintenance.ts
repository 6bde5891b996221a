import { SphinxError } from '@sphinx/platform/errors';
import type { Maintenance, ServiceView } from '@sphinx/service-dependability-monitoring';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import { print, printJson } from '../terminal/output.ts';
import { maintenanceTable } from '../terminal/uptime-text.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';
import { NEEDED } from './uptime.ts';

const MS_PER_MINUTE = 60_000;

/** `sphinx uptime maintenance [add | cancel | restore]` */
export function maintenanceCommand(): Command {
  return defineCommand('maintenance', 'list times in which services may be down', 'sphinx uptime maintenance')
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const windows = await readAllPages<Maintenance>(client, '/uptime/maintenance?');
          const services = await readAllPages<ServiceView>(client, '/uptime/services?');
          const nameOf = (id: string) => services.find((service) => service.id === id)?.name ?? 'removed';
          if (json) printJson(windows);
          else print(windows.length === 0 ? 'No maintenance is planned.' : maintenanceTable(windows, nameOf));
        },
        NEEDED,
      ),
    )
    .addCommand(addCommand())
    .addCommand(switchCommand('cancel', 'cancel a window, or end one that is open', 'DELETE', ''))
    .addCommand(switchCommand('restore', 'put a window back that was cancelled', 'POST', '/restore'));
}

interface AddOptions extends CommonOptions {
  readonly from?: string;
  readonly minutes: string;
  readonly note?: string;
}

function addCommand(): Command {
  return defineCommand(
    'add',
    'state a time in which a service, or every service, may be down',
    'sphinx uptime maintenance add Archive --minutes 90 --note "new disks"\nsphinx uptime maintenance add --from 2026-12-06T22:00 --minutes 240',
  )
    .argument('[service]', 'name or id; every service where it is left out')
    .option('--from <time>', 'when it begins, for example 2026-12-06T22:00; now where it is left out')
    .requiredOption('--minutes <number>', 'how long it takes')
    .option('--note <words>', 'shown on the status page')
    .action((service: string | undefined, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options: AddOptions) => {
          const from = options.from === undefined ? Date.now() : Date.parse(options.from);
          if (Number.isNaN(from))
            throw new SphinxError('SPX_INVALID_INPUT', `${options.from} is no time such as 2026-12-06T22:00.`);
          const window = await client.send<Maintenance>('POST', '/uptime/maintenance', {
            service: service ?? null,
            from,
            until: from + Number(options.minutes) * MS_PER_MINUTE,
            ...(options.note === undefined ? {} : { note: options.note }),
          });
          tell(window, options);
        },
        NEEDED,
      ),
    );
}

function switchCommand(name: string, description: string, method: 'DELETE' | 'POST', ending: string): Command {
  return defineCommand(name, description, `sphinx uptime maintenance ${name} mnt_0f3a`)
    .argument('<window>', 'id, as "sphinx uptime maintenance" shows it')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options) => {
          const path = `/uptime/maintenance/${encodeURIComponent(id)}${ending}`;
          tell(await client.send<Maintenance>(method, path), options);
        },
        NEEDED,
      ),
    );
}

function tell(window: Maintenance, { json }: CommonOptions): void {
  if (json) printJson(window);
  else print(maintenanceTable([window], (id) => id));
}
