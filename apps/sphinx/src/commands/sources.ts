import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SphinxError } from '@sphinx/platform/errors';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { findSource, type SourceView } from '../client/find-source.ts';
import { type AddressOptions, isSourceAddress, parseSourceAddress } from '../client/source-address.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { printable, renderTable } from '../terminal/table.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

interface AddOptions extends CommonOptions, AddressOptions {
  readonly interface?: string;
  readonly title?: string;
}

interface WaitOptions extends CommonOptions {
  readonly wait: boolean;
}

const POLL_INTERVAL_MS = 100;
/** A capture program that may not capture, or finds no such interface, has ended by then. */
const LIVE_START_MS = 1500;

/** `sphinx sources [list | add | start | stop | remove]` */
export function sourcesCommand(): Command {
  return defineCommand(
    'sources',
    'list the traffic sources of the running SPHINX, add, start, stop or remove one',
    EXAMPLE,
  )
    .action((_options: CommonOptions, self: Command) => withRunningClient(self, listSources))
    .addCommand(
      defineCommand('list', 'list the traffic sources with their state', 'sphinx sources list --json').action(
        (_options: CommonOptions, self: Command) => withRunningClient(self, listSources),
      ),
    )
    .addCommand(addCommand())
    .addCommand(startCommand())
    .addCommand(stopCommand())
    .addCommand(removeCommand());
}

const EXAMPLE = `sphinx sources
sphinx sources add ward.pcapng
sphinx sources add --interface eth1
sphinx sources stop eth1`;

function addCommand(): Command {
  return defineCommand(
    'add',
    'add a file, a folder, an interface, a listener or another machine, and start it',
    ADD_EXAMPLE,
  )
    .argument(
      '[path]',
      'capture, EVE, Zeek log, IPFIX file or cloud flow log (also gzipped); folder whose files are read as they appear; ' +
        'or flows://:PORT, records://:PORT, pcap://HOST:PORT, pcap-server://:PORT, rpcap://USER@HOST/NIC, ssh://USER@HOST/NIC',
    )
    .option('--interface <name>', 'network interface, instead of a path')
    .option('--title <text>', 'how lists call it')
    .option('--key <file>', 'private key for ssh://')
    .option('--host-key <file>', 'public key of the other machine for ssh://; absent: the first one is believed')
    .option('--sudo', 'call tcpdump through sudo on the other machine')
    .option('--password-file <file>', 'file with the password for rpcap://')
    .option('--no-wait', 'do not wait until a file is read')
    .action((path: string | undefined, _options: AddOptions, self: Command) =>
      withRunningClient(self, async (client, options: AddOptions & WaitOptions) => {
        const request = { ...(await describeSource(path, options)), ...titleOf(options) };
        const source = await client.send<SourceView>('POST', '/sources', request);
        await report(await follow(client, source, options), options);
      }),
    );
}

const ADD_EXAMPLE = `sphinx sources add monday.pcap.gz
sphinx sources add /var/captures --title "Mirror port of the data centre"
sphinx sources add --interface eth1
sphinx sources add flows://:2055
sphinx sources add ssh://monitor@ward-gateway/eth1 --key monitor-key --sudo`;

function startCommand(): Command {
  return defineCommand('start', 'start a source; a file is read from its beginning', 'sphinx sources start eth1')
    .argument('<source>', 'id, title, path or interface')
    .option('--no-wait', 'do not wait until a file is read')
    .action((text: string, _options: WaitOptions, self: Command) =>
      withRunningClient(self, async (client, options: WaitOptions) => {
        const { id } = await findSource(client, text);
        const source = await client.send<SourceView>('POST', `/sources/${id}/start`);
        await report(await follow(client, source, options), options);
      }),
    );
}

function stopCommand(): Command {
  return defineCommand('stop', 'stop a source; what was read stays', 'sphinx sources stop eth1')
    .argument('<source>', 'id, title, path or interface')
    .action((text: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        const { id } = await findSource(client, text);
        await report(await client.send<SourceView>('POST', `/sources/${id}/stop`), options);
      }),
    );
}

function removeCommand(): Command {
  const title = 'stop a source and take back everything that only it has shown';
  return defineCommand('remove', title, 'sphinx sources remove monday.pcap.gz')
    .argument('<source>', 'id, title, path or interface')
    .action((text: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        const source = await findSource(client, text);
        await client.send('DELETE', `/sources/${source.id}`);
        if (options.json) printJson(source);
        else print(`${printable(source.title)} is removed, with everything that only it has shown.`);
      }),
    );
}

async function listSources(client: ApiClient, options: CommonOptions): Promise<void> {
  const sources = await readAllPages<SourceView>(client, '/sources');
  if (options.json) printJson(sources);
  else if (sources.length > 0) print(renderTable(sources, COLUMNS, 90));
  else print('No traffic source yet. Add one: sphinx sources add FILE, or sphinx sources add --interface NAME');
}

const COLUMNS = [
  { title: 'Source', value: ({ title }: SourceView) => title },
  { title: 'Kind', value: ({ kind }: SourceView) => kind },
  { title: 'State', value: ({ state, fraction }: SourceView) => stateText(state, fraction) },
  { title: 'Packets', value: ({ packets }: SourceView) => packets.toLocaleString('en'), align: 'right' as const },
  { title: 'Lost', value: ({ lost }: SourceView) => lost.toLocaleString('en'), align: 'right' as const },
  { title: 'Message', value: ({ message }: SourceView) => message },
  { title: 'Id', value: ({ id }: SourceView) => id },
];

function stateText(state: SourceView['state'], fraction: number | null): string {
  return state === 'running' && fraction !== null ? `running, ${Math.floor(fraction * 100)} %` : state;
}

async function describeSource(path: string | undefined, options: AddOptions): Promise<object> {
  const { interface: interfaceName } = options;
  if ((path === undefined) === (interfaceName === undefined)) {
    throw new SphinxError('SPX_INVALID_INPUT', 'Name a file, a folder, or an interface with --interface NAME.');
  }
  if (path === undefined) return { kind: 'interface', interface: interfaceName };
  if (isSourceAddress(path)) return parseSourceAddress(path, options);
  const absolute = resolve(path);
  const found = await stat(absolute).catch(() => undefined);
  if (found === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no file or folder ${absolute}.`);
  return { kind: found.isDirectory() ? 'folder' : 'file', path: absolute };
}

function titleOf({ title }: AddOptions): object {
  return title === undefined ? {} : { title };
}

/** Waits until a file is read, and a moment for a live source to fail. */
async function follow(client: ApiClient, source: SourceView, { wait }: WaitOptions): Promise<SourceView> {
  const isFile = source.kind === 'file' || source.kind === 'sample';
  if (isFile && !wait) return source;
  const { createProgress } = await import('../terminal/progress.ts');
  const progress = createProgress(isFile ? 'Reading' : 'Starting');
  const giveUpAt = isFile ? Number.POSITIVE_INFINITY : performance.now() + LIVE_START_MS;
  try {
    let current = source;
    while (current.state === 'running' && performance.now() < giveUpAt) {
      await delay(POLL_INTERVAL_MS);
      current = await findSource(client, source.id);
      progress.update(current.fraction ?? 1, `${current.packets.toLocaleString('en')} packets`);
    }
    return current;
  } finally {
    progress.done();
  }
}

async function report(source: SourceView, options: CommonOptions): Promise<void> {
  if (options.json) printJson(source);
  else print(`${printable(source.title)}: ${stateText(source.state, source.fraction)}. ${sentence(source)}`.trimEnd());
  if (source.state === 'failed') process.exitCode = EXIT.failure;
}

function sentence({ packets, message }: SourceView): string {
  return [packets > 0 ? `${packets.toLocaleString('en')} packets.` : '', printable(message)].filter(Boolean).join(' ');
}
