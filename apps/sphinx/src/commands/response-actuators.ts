import { SphinxError } from '@sphinx/platform/errors';
import type { ActuatorKindView, ActuatorView } from '@sphinx/service-response-recovery';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { actuatorTable, kindText } from '../terminal/response-text.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';
import { pairOf } from './pair-of.ts';

const NEEDED = ['response-recovery'];

/** `sphinx response actuators [kinds | add | set | remove | enable | disable | check]` */
export function actuatorsCommand(): Command {
  return defineCommand('actuators', 'list the means to act', 'sphinx response actuators')
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const actuators = await readAllPages<ActuatorView>(client, '/response/actuators?');
          if (json) printJson(actuators);
          else if (actuators.length === 0)
            print(
              'None is set up: every action is a task for a person. "sphinx response actuators kinds" lists what there is.',
            );
          else print(actuatorTable(actuators));
        },
        NEEDED,
      ),
    )
    .addCommand(kindsCommand())
    .addCommand(addCommand())
    .addCommand(setCommand())
    .addCommand(removeCommand())
    .addCommand(switchCommand('enable', 'use an actuator again', true))
    .addCommand(switchCommand('disable', 'use an actuator no more; its actions become tasks of people', false))
    .addCommand(checkCommand());
}

function kindsCommand(): Command {
  return defineCommand(
    'kinds',
    'list kinds of actuators with their settings',
    'sphinx response actuators kinds',
  ).action((_options: CommonOptions, self: Command) =>
    withRunningClient(
      self,
      async (client, { json }) => {
        const kinds = await readAllPages<ActuatorKindView>(client, '/response/actuator-kinds?');
        if (json) printJson(kinds);
        else print(kindText(kinds));
      },
      NEEDED,
    ),
  );
}

interface SettingOptions extends CommonOptions {
  readonly name?: string;
  readonly set?: readonly string[];
  readonly secretFile?: readonly string[];
  readonly network?: readonly string[];
  readonly device?: readonly string[];
  readonly priority?: string;
}

function withSettings(command: Command): Command {
  return command
    .option(
      '--set <setting=value...>',
      'settings, as "sphinx response actuators kinds" lists them; JSON where it is no text',
    )
    .option('--secret-file <name=file...>', 'files with the values that settings name; sealed, never shown again')
    .option('--network <cidr...>', 'networks that it serves; everything where neither is named')
    .option('--device <asset...>', 'ids of assets that it serves')
    .option('--priority <number>', 'of several that could do it, the lowest does');
}

function addCommand(): Command {
  return withSettings(
    defineCommand(
      'add',
      'set an actuator up; nothing is sent to it',
      'sphinx response actuators add nftables --name core-firewall --network 10.20.0.0/16\nsphinx response actuators add ldap --name directory --set url=ldaps://dc1.example --secret-file password=/root/ldap-password',
    ),
  )
    .argument('<kind>', 'as "sphinx response actuators kinds" shows it')
    .requiredOption('--name <name>', 'what people call it: small letters, digits, hyphens')
    .action((type: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options: SettingOptions) => {
          const body = { id: options.name, type, ...(await changeOf(options)) };
          tell([await client.send<ActuatorView>('POST', '/response/actuators', body)], options);
        },
        NEEDED,
      ),
    );
}

function setCommand(): Command {
  return withSettings(
    defineCommand(
      'set',
      'change settings, scope or secrets of an actuator',
      'sphinx response actuators set core-firewall --network 10.20.0.0/16 10.30.0.0/16',
    ),
  )
    .argument('<actuator>', 'name')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options: SettingOptions) => {
          const change = await changeOf(options);
          const known = (await readAllPages<ActuatorView>(client, '/response/actuators?')).find(
            (each) => each.id === id,
          );
          const settings =
            change.settings === undefined ? {} : { settings: { ...known?.settings, ...change.settings } };
          tell([await client.send<ActuatorView>('PATCH', pathOf(id), { ...change, ...settings })], options);
        },
        NEEDED,
      ),
    );
}

async function changeOf({ set, secretFile, network, device, priority }: SettingOptions) {
  const secrets = await Promise.all((secretFile ?? []).map(async (text) => readSecret(pairOf(text))));
  return {
    ...(set === undefined ? {} : { settings: Object.fromEntries(set.map((text) => typedValue(pairOf(text)))) }),
    ...(network === undefined && device === undefined
      ? {}
      : { scope: { networks: network ?? [], devices: device ?? [] } }),
    ...(priority === undefined ? {} : { priority: Number(priority) }),
    secrets: Object.fromEntries(secrets),
  };
}

/** A number, a list or true is meant as such; everything else is text. */
function typedValue([name, text]: [string, string]): [string, unknown] {
  if (!/^(?:true|false|-?\d+(?:\.\d+)?|[[{].*)$/s.test(text)) return [name, text];
  try {
    return [name, JSON.parse(text)];
  } catch {
    return [name, text];
  }
}

async function readSecret([name, path]: [string, string]): Promise<[string, string]> {
  const { readFile } = await import('node:fs/promises');
  try {
    return [name, (await readFile(path, 'utf8')).replace(/\r?\n$/, '')];
  } catch (cause) {
    throw new SphinxError('SPX_INVALID_INPUT', `${path} cannot be read.`, { cause });
  }
}

const pathOf = (id: string) => `/response/actuators/${encodeURIComponent(id)}`;

function tell(actuators: readonly ActuatorView[], { json }: CommonOptions): void {
  if (json) printJson(actuators[0]);
  else print(actuatorTable(actuators));
}

function removeCommand(): Command {
  return defineCommand(
    'remove',
    'take an actuator away; what it did stays as it is',
    'sphinx response actuators remove core-firewall',
  )
    .argument('<actuator>', 'name')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          await client.send('DELETE', pathOf(id));
          if (json) printJson({ removed: id });
          else print(`${id} is there no longer.`);
        },
        NEEDED,
      ),
    );
}

function switchCommand(name: string, description: string, isEnabled: boolean): Command {
  return defineCommand(name, description, `sphinx response actuators ${name} core-firewall`)
    .argument('<actuator>', 'name')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options) => tell([await client.send<ActuatorView>('PATCH', pathOf(id), { isEnabled })], options),
        NEEDED,
      ),
    );
}

function checkCommand(): Command {
  return defineCommand(
    'check',
    'ask whether it answers and lets SPHINX in; exit code 3 when not',
    'sphinx response actuators check core-firewall',
  )
    .argument('<actuator>', 'name')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options) => {
          const actuator = await client.send<ActuatorView>('POST', `${pathOf(id)}/check`);
          tell([actuator], options);
          if (actuator.check?.isReady !== true) process.exitCode = EXIT.negative;
        },
        NEEDED,
      ),
    );
}
