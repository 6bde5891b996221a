import { SphinxError } from '@sphinx/platform/errors';
import type {
  CredentialItem,
  DecoyView,
  PersonaView,
  SampleItem,
  Session,
  SessionItem,
} from '@sphinx/service-honeypots';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import {
  credentialTable,
  decoyFaults,
  decoyTable,
  personaTable,
  sampleTable,
  sessionTable,
  sessionText,
} from '../terminal/decoy-text.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';
import { replayOnTerminal } from './honeypots-replay.ts';
import { tokensCommand } from './honeypots-tokens.ts';

const EXAMPLE = `sphinx services enable honeypots
sphinx honeypots add pacs-archive --address 10.20.7.40
sphinx honeypots sessions --visitor human`;

/** `sphinx honeypots [list | kinds | add | start | stop | adapt | remove | sessions | session | replay | credentials | samples | sample | tokens]` */
export function honeypotsCommand(): Command {
  return defineCommand('honeypots', 'decoys in the network, who came to them and what was done', EXAMPLE)
    .addCommand(listCommand())
    .addCommand(kindsCommand())
    .addCommand(addCommand())
    .addCommand(switchCommand('start', 'let a decoy listen again', true))
    .addCommand(switchCommand('stop', 'let a decoy listen no more', false))
    .addCommand(adaptCommand())
    .addCommand(removeCommand())
    .addCommand(sessionsCommand())
    .addCommand(sessionCommand())
    .addCommand(replayCommand())
    .addCommand(credentialsCommand())
    .addCommand(samplesCommand())
    .addCommand(sampleCommand())
    .addCommand(tokensCommand());
}

function listCommand(): Command {
  return defineCommand('list', 'list the decoys and where they listen', 'sphinx honeypots list').action(
    (_options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const decoys = await readAllPages<DecoyView>(client, '/decoys');
        if (json) printJson(decoys);
        else if (decoys.length === 0) print('There is no decoy. "sphinx honeypots kinds" shows what can be set up.');
        else print([decoyTable(decoys), ...decoys.flatMap(decoyFaults)].join('\n'));
      }),
  );
}

function kindsCommand(): Command {
  return defineCommand('kinds', 'list what decoys can pretend to be', 'sphinx honeypots kinds').action(
    (_options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const personas = await readAllPages<PersonaView>(client, '/decoy-personas');
        if (json) printJson(personas);
        else print(personaTable(personas));
      }),
  );
}

interface AddOptions extends CommonOptions {
  readonly address?: readonly string[];
  readonly name?: string;
  readonly port?: readonly string[];
  readonly portOffset?: string;
}

function addCommand(): Command {
  return defineCommand(
    'add',
    'set a decoy up and start it; exit code 3 when it listens nowhere',
    'sphinx honeypots add pacs-archive --address 10.20.7.40\nsphinx honeypots add linux-server --address 10.20.7.128/27 --port 22=2222',
  )
    .argument('<kind>', 'what it pretends to be, as "sphinx honeypots kinds" shows it')
    .option('--address <address...>', 'addresses and networks of this machine; all of it by default')
    .option('--name <name>', 'host name; after the custom of the house by default')
    .option('--port <usual=other...>', 'another port for one of its services, for example 104=11112')
    .option('--port-offset <number>', 'added to all ports, for programs that may not open low ones')
    .action((kind: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options: AddOptions) => {
        const decoy = await client.send<DecoyView>('POST', '/decoys', {
          persona: kind,
          ...(options.address === undefined ? {} : { addresses: options.address }),
          ...(options.name === undefined ? {} : { name: options.name }),
          ...(options.portOffset === undefined ? {} : { portOffset: Number(options.portOffset) }),
          ports: portsOf(options.port ?? []),
        });
        tell(decoy, options);
      }),
    );
}

/** @throws SphinxError SPX_INVALID_INPUT when one is not `usual=other` */
function portsOf(pairs: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, usual, other] = /^(\d{1,5})=(\d{1,5})$/.exec(pair) ?? [];
      if (usual === undefined)
        throw new SphinxError('SPX_INVALID_INPUT', `${pair} is no pair of ports such as 104=11112.`);
      return [usual, Number(other)];
    }),
  );
}

function tell(decoy: DecoyView, { json }: CommonOptions): void {
  if (json) printJson(decoy);
  else print([decoyTable([decoy]), ...decoyFaults(decoy)].join('\n'));
  if (decoy.state === 'failed') process.exitCode = EXIT.negative;
}

function switchCommand(name: string, description: string, isOn: boolean): Command {
  return defineCommand(name, description, `sphinx honeypots ${name} pacs1`)
    .argument('<decoy>', 'name or id')
    .action((decoy: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        tell(await client.send<DecoyView>('PATCH', `/decoys/${encodeURIComponent(decoy)}`, { isOn }), options);
      }),
    );
}

function adaptCommand(): Command {
  return defineCommand(
    'adapt',
    'let a decoy offer and announce what machines of its kind do here now; its name stays',
    'sphinx honeypots adapt pacs1',
  )
    .argument('<decoy>', 'name or id')
    .action((decoy: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        const adapted = await client.send<DecoyView>('POST', `/decoys/${encodeURIComponent(decoy)}/adaptations`);
        tell(adapted, options);
        if (!options.json) print(adapted.identity.reasons.map((reason) => `- ${reason}`).join('\n'));
      }),
    );
}

function removeCommand(): Command {
  return defineCommand('remove', 'remove a decoy; its sessions stay', 'sphinx honeypots remove pacs1')
    .argument('<decoy>', 'name or id')
    .action((decoy: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        await client.send('DELETE', `/decoys/${encodeURIComponent(decoy)}`);
        if (json) printJson({ removed: decoy });
        else print(`${decoy} is gone.`);
      }),
    );
}

interface SessionOptions extends CommonOptions {
  readonly ip?: string;
  readonly visitor?: string;
  readonly protocol?: string;
  readonly limit?: string;
}

function sessionsCommand(): Command {
  return defineCommand(
    'sessions',
    'list who came to decoys, newest first',
    'sphinx honeypots sessions --visitor human --json',
  )
    .option('--ip <address>', 'only of this visitor')
    .option('--visitor <kind>', 'scanner, brute-force, human, malware or unknown')
    .option('--protocol <name>', 'for example ssh or dicom')
    .option('--limit <number>', 'how many', '100')
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options: SessionOptions) => {
        const query = new URLSearchParams();
        for (const name of ['ip', 'visitor', 'protocol', 'limit'] as const) {
          const value = options[name];
          if (value !== undefined) query.set(name, value);
        }
        const { items } = await client.send<{ items: readonly SessionItem[] }>('GET', `/decoy-sessions?${query}`);
        if (options.json) printJson(items);
        else print(items.length === 0 ? 'Nobody came.' : sessionTable(items));
      }),
    );
}

const sessionOf = (client: ApiClient, id: string) =>
  client.send<Session>('GET', `/decoy-sessions/${encodeURIComponent(id)}`);

function sessionCommand(): Command {
  return defineCommand('session', 'show one visit step by step', 'sphinx honeypots session dse_0f3a')
    .argument('<id>', 'session, as "sphinx honeypots sessions" shows it')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const session = await sessionOf(client, id);
        if (json) printJson(session);
        else print(sessionText(session));
      }),
    );
}

interface ReplayOptions extends CommonOptions {
  readonly to?: string;
  readonly speed: string;
}

function replayCommand(): Command {
  return defineCommand(
    'replay',
    'show what the terminal of a visit showed, at its pace; without a terminal its steps',
    'sphinx honeypots replay dse_0f3a --speed 4\nsphinx honeypots replay dse_0f3a --to visit.cast',
  )
    .argument('<id>', 'session')
    .option('--speed <factor>', 'times as fast', '2')
    .option('--to <file>', 'write an asciicast file, as asciinema plays it, instead')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options: ReplayOptions) => {
        const path = `/decoy-sessions/${encodeURIComponent(id)}/replay`;
        if (options.to !== undefined) {
          await client.downloadTo(path, options.to);
          if (options.json) printJson({ file: options.to });
          else print(`${options.to} is written.`);
          return;
        }
        const lines = Buffer.from(await client.download(path))
          .toString('utf8')
          .trim()
          .split('\n')
          .slice(1);
        if (options.json) printJson(lines.map((line) => JSON.parse(line)));
        else if (lines.length === 0) print(sessionText(await sessionOf(client, id)));
        else await replayOnTerminal(lines, Number(options.speed));
      }),
    );
}

function credentialsCommand(): Command {
  return defineCommand(
    'credentials',
    'list users and passwords that were tried, most tried first',
    'sphinx honeypots credentials',
  ).action((_options: CommonOptions, self: Command) =>
    withRunningClient(self, async (client, { json }) => {
      const { items } = await client.send<{ items: readonly CredentialItem[] }>('GET', '/decoy-credentials?limit=200');
      if (json) printJson(items);
      else print(items.length === 0 ? 'Nobody tried to log on.' : credentialTable(items));
    }),
  );
}

function samplesCommand(): Command {
  return defineCommand('samples', 'list what was left behind in decoys', 'sphinx honeypots samples').action(
    (_options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const samples = await readAllPages<SampleItem>(client, '/decoy-samples');
        if (json) printJson(samples);
        else print(samples.length === 0 ? 'Nothing was left behind.' : sampleTable(samples));
      }),
  );
}

function sampleCommand(): Command {
  return defineCommand(
    'sample',
    'take a sample out of the quarantine; it may be hostile',
    'sphinx honeypots sample 9f86d081… sample.bin',
  )
    .argument('<sha256>', 'digest of the sample')
    .argument('<file>', 'new file, which only this account can read')
    .action((sha256: string, file: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        await client.downloadTo(`/decoy-samples/${encodeURIComponent(sha256)}`, file);
        if (json) printJson({ file });
        else print(`${file} is written. It may be hostile: open it where nothing can happen.`);
      }),
    );
}
