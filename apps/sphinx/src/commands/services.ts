import type { ServiceView } from '@sphinx/platform';
import type { Command } from 'commander';
import { print, printJson } from '../terminal/output.ts';
import { renderTable } from '../terminal/table.ts';
import { withClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

/** `sphinx services [enable|disable NAME]` */
export function servicesCommand(): Command {
  const command = defineCommand('services', 'list the services of the toolbox, switch one on or off', EXAMPLE).action(
    (_options: CommonOptions, self: Command) =>
      withClient(self, [], async (client, options) => {
        const { items } = await client.send<{ items: ServiceView[] }>('GET', '/services');
        if (options.json) printJson(items);
        else print(serviceTable(items));
      }),
  );
  command.addCommand(switchCommand('enable', true)).addCommand(switchCommand('disable', false));
  return command;
}

const EXAMPLE = `sphinx services
sphinx services disable device-verification`;

function switchCommand(verb: 'enable' | 'disable', isEnabled: boolean): Command {
  const title = `switch a service ${isEnabled ? 'on' : 'off'}; takes effect at once`;
  return defineCommand(verb, title, `sphinx services ${verb} device-verification`)
    .argument('<name>', 'service, as "sphinx services" lists it')
    .action((name: string, _options: CommonOptions, self: Command) =>
      withClient(self, [], async (client, options) => {
        // Switching one on starts it in this process for a moment, which proves that it can start.
        const service = await client.send<ServiceView>('PATCH', `/services/${encodeURIComponent(name)}`, { isEnabled });
        if (options.json) printJson(service);
        else print(`${service.title} is ${service.isEnabled ? 'on' : 'off'}.`);
      }),
    );
}

function serviceTable(services: readonly ServiceView[]): string {
  return renderTable(
    services,
    [
      { title: 'Service', value: ({ id }) => id },
      { title: 'On', value: ({ isEnabled, ...service }) => onText(isEnabled, service) },
      { title: 'State', value: ({ state, health }) => (state === 'running' ? health.state : state) },
      { title: 'Answers', value: ({ question }) => question },
    ],
    90,
  );
}

function onText(isEnabled: boolean, service: Pick<ServiceView, 'isEnabledByDefault'>): string {
  if (isEnabled) return 'yes';
  return service.isEnabledByDefault ? 'no' : 'no (default)';
}
