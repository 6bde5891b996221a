import type { SettingView } from '@sphinx/platform';
import { SphinxError } from '@sphinx/platform/errors';
import type { Command } from 'commander';
import type { ApiClient } from '../client/api-client.ts';
import { print, printJson } from '../terminal/output.ts';
import { renderTable } from '../terminal/table.ts';
import { withClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

/** `sphinx config [get KEY | set KEY VALUE | unset KEY]` */
export function configCommand(): Command {
  const command = defineCommand('config', 'show every setting with where it comes from, or change one', EXAMPLE).action(
    (_options: CommonOptions, self: Command) =>
      withClient(self, [], async (client, options) => {
        const settings = await readSettings(client);
        if (options.json) printJson(settings);
        else print(settingTable(settings));
      }),
  );
  command.addCommand(getCommand()).addCommand(setCommand()).addCommand(unsetCommand());
  return command;
}

const EXAMPLE = `sphinx config
sphinx config get server.port
sphinx config set retention.telemetryDays 14
sphinx config unset retention.telemetryDays`;

function getCommand(): Command {
  return defineCommand('get', 'show one setting', 'sphinx config get server.port')
    .argument('<key>', 'dotted name, as "sphinx config" lists it')
    .action((key: string, _options: CommonOptions, self: Command) =>
      withClient(self, [], async (client, options) => {
        const setting = findSetting(await readSettings(client), key);
        if (options.json) printJson(setting);
        else print(`${setting.title}\n${setting.description}\n\n${settingTable([setting])}`);
      }),
    );
}

function setCommand(): Command {
  return defineCommand('set', 'change a setting, as the console does', 'sphinx config set server.port 9443')
    .argument('<key>', 'dotted name')
    .argument('<value>', 'new value; lists and objects as JSON or YAML')
    .action((key: string, value: string, _options: CommonOptions, self: Command) =>
      withClient(self, [], async (client, options) => {
        const { parse } = await import('yaml');
        await change(client, options, key, parse(value));
      }),
    );
}

function unsetCommand(): Command {
  return defineCommand('unset', 'take a change back', 'sphinx config unset server.port')
    .argument('<key>', 'dotted name')
    .action((key: string, _options: CommonOptions, self: Command) =>
      withClient(self, [], (client, options) => change(client, options, key, null)),
    );
}

async function change(client: ApiClient, options: CommonOptions, key: string, value: unknown): Promise<void> {
  const { settings } = await client.send<{ settings: SettingView[] }>('PATCH', '/settings', { [key]: value });
  const setting = findSetting(settings, key);
  if (options.json) printJson(setting);
  else print(settingTable([setting]));
}

async function readSettings(client: ApiClient): Promise<SettingView[]> {
  return (await client.send<{ settings: SettingView[] }>('GET', '/settings')).settings;
}

function findSetting(settings: readonly SettingView[], key: string): SettingView {
  const setting = settings.find((candidate) => candidate.key === key);
  if (setting === undefined) {
    throw new SphinxError('SPX_NOT_FOUND', `There is no setting "${key}". "sphinx config" lists them.`);
  }
  return setting;
}

function settingTable(settings: readonly SettingView[]): string {
  return renderTable(
    settings,
    [
      { title: 'Setting', value: ({ key }) => key },
      { title: 'Value', value: ({ value }) => JSON.stringify(value) ?? '' },
      { title: 'From', value: ({ source }) => source },
      { title: 'Environment variable', value: ({ environmentVariable }) => environmentVariable },
    ],
    64,
  );
}
