import { SphinxError } from '@sphinx/platform/errors';
import type {
  CheckDefinition,
  CheckRequest,
  ProposalView,
  ServiceView,
  StateSpan,
} from '@sphinx/service-dependability-monitoring';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { checkTable, proposalTable, serviceText, uptimeTable } from '../terminal/uptime-text.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';
import { drillCommand, drillsCommand } from './uptime-drills.ts';
import { maintenanceCommand } from './uptime-maintenance.ts';

const EXAMPLE = `sphinx uptime
sphinx uptime add "Picture archive" --host 10.20.0.30 --check dicom-echo:11112 --set calledTitle=ARCHIVE
sphinx uptime show "Picture archive"`;
/** The service that has to be on. */
export const NEEDED = ['dependability-monitoring'];

/** `sphinx uptime [show | add | watch | remove | pause | resume | check | report | checks | proposals | drills | drill | maintenance]` */
export function uptimeCommand(): Command {
  return defineCommand('uptime', 'services that care depends on: up or down; exit code 3 when one is down', EXAMPLE)
    .action((_options: CommonOptions, self: Command) => withRunningClient(self, listServices, NEEDED))
    .addCommand(showCommand())
    .addCommand(addCommand())
    .addCommand(watchCommand())
    .addCommand(removeCommand())
    .addCommand(switchCommand('pause', 'send its checks no more until it is resumed', true))
    .addCommand(switchCommand('resume', 'send its checks again', false))
    .addCommand(checkCommand())
    .addCommand(reportCommand())
    .addCommand(checksCommand())
    .addCommand(proposalsCommand())
    .addCommand(drillsCommand())
    .addCommand(drillCommand())
    .addCommand(maintenanceCommand());
}

async function listServices(client: ApiClient, { json }: CommonOptions): Promise<void> {
  const services = await readAllPages<ServiceView>(client, '/uptime/services?');
  if (json) printJson(services);
  else if (services.length === 0) print('No service is watched. "sphinx uptime proposals" shows what is in use.');
  else print(uptimeTable(services));
  if (services.some(({ state }) => state === 'down')) process.exitCode = EXIT.negative;
}

const pathOf = (service: string) => `/uptime/services/${encodeURIComponent(service)}`;

function showCommand(): Command {
  return defineCommand('show', 'show a service with its checks, error budget and history', 'sphinx uptime show Archive')
    .argument('<service>', 'name or id')
    .action((service: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const view = await client.send<ServiceView>('GET', pathOf(service));
          const { items } = await client.send<{ items: StateSpan[] }>('GET', `${pathOf(service)}/history?limit=10`);
          if (json) printJson({ ...view, history: items });
          else print(serviceText(view, items));
        },
        NEEDED,
      ),
    );
}

interface AddOptions extends CommonOptions {
  readonly host?: string;
  readonly check?: readonly string[];
  readonly set?: readonly string[];
  readonly secretFile?: string;
  readonly care?: string;
  readonly every?: string;
  readonly objective?: string;
  readonly agree?: string;
  readonly statusPage?: boolean;
}

function addCommand(): Command {
  return defineCommand(
    'add',
    'watch a service: its checks are sent regularly from now on',
    'sphinx uptime add Archive --host 10.20.0.30 --check dicom-echo:11112 --set calledTitle=ARCHIVE\nsphinx uptime add "Backup of the HIS" --check backup-freshness --set maximumAgeHours=26',
  )
    .argument('<name>', 'what people call it')
    .option('--host <host>', 'name or address')
    .option(
      '--check <kind...>',
      'as "sphinx uptime checks" shows them, with a port where it is another: dicom-echo:11112; its traffic alone is watched where it is left out',
    )
    .option('--set <parameter=value...>', 'parameters of the checks that have them')
    .option('--secret-file <file>', 'file with the password, community or token of the checks that have one')
    .option('--care <words>', 'what care depends on it')
    .option('--every <seconds>', 'seconds between two checks')
    .option('--objective <percent>', 'availability that it must have, over 30 days')
    .option('--agree <words>', 'why regular checks do no harm, where the policy asks for it (probes:approve)')
    .option('--status-page', 'show it on the status page for staff')
    .action((name: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options: AddOptions) => {
          const definitions = await readAllPages<CheckDefinition>(client, '/uptime/checks?');
          const service = await client.send<ServiceView>('POST', '/uptime/services', {
            name,
            host: options.host ?? null,
            checks: await checksOf(options, definitions),
            ...(options.care === undefined ? {} : { care: options.care }),
            ...(options.agree === undefined ? {} : { agreement: options.agree }),
            ...(options.objective === undefined
              ? {}
              : { objective: { availabilityPercent: Number(options.objective) } }),
            isOnStatusPage: options.statusPage === true,
          });
          tell(service, options);
        },
        NEEDED,
      ),
    );
}

/** @throws SphinxError SPX_INVALID_INPUT for what is no check or no parameter of any of them */
async function checksOf(
  options: AddOptions,
  definitions: readonly CheckDefinition[],
): Promise<readonly CheckRequest[]> {
  const values = Object.fromEntries((options.set ?? []).map(pairOf));
  const secret = options.secretFile === undefined ? undefined : await readSecret(options.secretFile);
  const chosen = (options.check ?? []).map((text) => {
    const [, kind = '', port] = /^([a-z0-9-]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
    const definition = definitions.find(({ id }) => id === kind);
    if (definition === undefined)
      throw new SphinxError('SPX_INVALID_INPUT', `There is no check "${text}". "sphinx uptime checks" lists them.`);
    return { definition, port };
  });
  for (const name of Object.keys(values)) {
    if (chosen.every(({ definition }) => definition.parameters.every((each) => each.name !== name)))
      throw new SphinxError('SPX_INVALID_INPUT', `None of the checks has a parameter "${name}".`);
  }
  return chosen.map(({ definition, port }) => ({
    kind: definition.id,
    ...(port === undefined ? {} : { port: Number(port) }),
    parameters: Object.fromEntries(
      definition.parameters.flatMap(({ name }) => (values[name] === undefined ? [] : [[name, values[name]]])),
    ),
    ...(secret === undefined || definition.secret === undefined ? {} : { secret }),
    ...(options.every === undefined ? {} : { intervalSeconds: Number(options.every) }),
    isEssential: true,
  }));
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new SphinxError('SPX_INVALID_INPUT', `${text} is no parameter such as calledTitle=ARCHIVE.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

async function readSecret(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw new SphinxError('SPX_INVALID_INPUT', `${path} cannot be read.`, { cause });
  }
}

function tell(service: ServiceView, { json }: CommonOptions): void {
  if (json) printJson(service);
  else print(uptimeTable([service]));
}

function watchCommand(): Command {
  return defineCommand('watch', 'watch a service as it is proposed', 'sphinx uptime watch 10.20.0.30')
    .argument('<proposal>', 'name or host, as "sphinx uptime proposals" shows it')
    .option('--agree <words>', 'why regular checks do no harm, where the policy asks for it (probes:approve)')
    .action((wanted: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options: CommonOptions & { agree?: string }) => {
          const proposals = await readAllPages<ProposalView>(client, '/uptime/proposals?');
          const proposal = proposals.find(({ id, name, host }) => [id, name, host].includes(wanted));
          if (proposal === undefined)
            throw new SphinxError(
              'SPX_NOT_FOUND',
              `"${wanted}" is not proposed. "sphinx uptime add" watches it all the same.`,
            );
          const { name, host, care, checks } = proposal;
          const agreement = options.agree === undefined ? {} : { agreement: options.agree };
          tell(
            await client.send<ServiceView>('POST', '/uptime/services', { name, host, care, checks, ...agreement }),
            options,
          );
        },
        NEEDED,
      ),
    );
}

function removeCommand(): Command {
  return defineCommand('remove', 'watch a service no longer, and forget its history', 'sphinx uptime remove Archive')
    .argument('<service>', 'name or id')
    .action((service: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          await client.send('DELETE', pathOf(service));
          if (json) printJson({ removed: service });
          else print(`${service} is watched no longer.`);
        },
        NEEDED,
      ),
    );
}

function switchCommand(name: string, description: string, isPaused: boolean): Command {
  return defineCommand(name, description, `sphinx uptime ${name} Archive`)
    .argument('<service>', 'name or id')
    .action((service: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options) =>
          tell(await client.send<ServiceView>('PATCH', pathOf(service), { isPaused }), options),
        NEEDED,
      ),
    );
}

function checkCommand(): Command {
  return defineCommand(
    'check',
    'send the checks of a service now; exit code 3 when it is down',
    'sphinx uptime check Archive',
  )
    .argument('<service>', 'name or id')
    .action((service: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const view = await client.send<ServiceView>('POST', `${pathOf(service)}/check`);
          if (json) printJson(view);
          else print(serviceText(view, []));
          if (view.state === 'down') process.exitCode = EXIT.negative;
        },
        NEEDED,
      ),
    );
}

function reportCommand(): Command {
  return defineCommand(
    'report',
    'report a run of a backup, from the script that made it',
    'sphinx uptime report "Backup of the HIS" --bytes 81604378624\nsphinx uptime report "Backup of the HIS" --failed --note "target full"',
  )
    .argument('<service>', 'name or id')
    .option('--failed', 'it did not succeed')
    .option('--bytes <number>', 'how large it is')
    .option('--note <words>', 'what happened')
    .action((service: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options: CommonOptions & { failed?: boolean; bytes?: string; note?: string }) => {
          const report = {
            succeeded: options.failed !== true,
            ...(options.bytes === undefined ? {} : { bytes: Number(options.bytes) }),
            ...(options.note === undefined ? {} : { note: options.note }),
          };
          await client.send('POST', `${pathOf(service)}/reports`, report);
          if (options.json) printJson(report);
          else print('It is noted.');
        },
        NEEDED,
      ),
    );
}

function checksCommand(): Command {
  return defineCommand('checks', 'list what can be checked, and the parameters', 'sphinx uptime checks').action(
    (_options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const checks = await readAllPages<CheckDefinition>(client, '/uptime/checks?');
          if (json) printJson(checks);
          else print(checkTable(checks));
        },
        NEEDED,
      ),
  );
}

function proposalsCommand(): Command {
  return defineCommand('proposals', 'list services in use that nobody watches', 'sphinx uptime proposals').action(
    (_options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const proposals = await readAllPages<ProposalView>(client, '/uptime/proposals?');
          if (json) printJson(proposals);
          else print(proposals.length === 0 ? 'No service in use is unwatched.' : proposalTable(proposals));
        },
        NEEDED,
      ),
  );
}
