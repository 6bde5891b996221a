import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { findAssetId } from '../client/find-asset.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import type { ProbeRun } from '../terminal/probe-text.ts';
import { printable, renderTable } from '../terminal/table.ts';
import { withClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const SERVICE = ['active-probing'];

interface ProbeView {
  readonly id: string;
  readonly title: string;
  readonly caution: string;
  readonly packets: number;
  readonly sends: string;
}
interface PolicyView {
  readonly id: string;
  readonly title: string;
  readonly mode: string;
  readonly occasions: readonly string[];
  readonly hours?: { readonly from: string; readonly until: string };
  readonly packetsPerSecond: number;
}
interface ExchangeView {
  readonly time: number;
  readonly direction: string;
  readonly transport: string;
  readonly ip: string;
  readonly port: number;
  readonly probe: string;
  readonly what: string;
  readonly bytes: number;
}
interface ProbingState {
  readonly stop: { readonly by: string; readonly reason: string } | null;
}

/** `sphinx probes list | policy | approve | stop | resume | clear | runs | log` */
export function probesCommand(): Command {
  return defineCommand(
    'probes',
    'what can be asked of devices, who may be asked, what was sent; stop all of it',
    EXAMPLE,
  )
    .addCommand(listCommand())
    .addCommand(policyCommand())
    .addCommand(approveCommand())
    .addCommand(stopCommand())
    .addCommand(resumeCommand())
    .addCommand(clearCommand())
    .addCommand(runsCommand())
    .addCommand(logCommand());
}

const EXAMPLE = `sphinx probes list
sphinx probes stop "monitors lose their connection"`;

function listCommand(): Command {
  return listOf<ProbeView>('list', 'list the probes with what each sends', 'sphinx probes list', '/probes', [
    { title: 'Probe', value: ({ id }) => id },
    { title: 'Care', value: ({ caution }) => caution },
    { title: 'Packets', value: ({ packets }) => String(packets), align: 'right' as const },
    { title: 'Sends', value: ({ sends }) => sends },
  ]);
}

function policyCommand(): Command {
  return listOf<PolicyView>(
    'policy',
    'list which devices may be asked, when and how fast',
    'sphinx probes policy',
    '/probe-policies',
    [
      { title: 'Policy', value: ({ id }) => id },
      { title: 'For', value: ({ title }) => title },
      { title: 'May be probed', value: ({ mode }) => MODE_WORDS[mode] ?? mode },
      { title: 'Schedule', value: scheduleText },
      { title: 'Packets/s', value: ({ packetsPerSecond }) => String(packetsPerSecond) },
    ],
  );
}

const MODE_WORDS: Readonly<Record<string, string>> = {
  allowed: 'yes',
  'with-approval': 'after a person has agreed',
  'out-of-care-only': 'only on no patient, as a person states',
};

function scheduleText({ occasions, hours }: PolicyView): string {
  if (!occasions.includes('periodic')) return 'never';
  return hours === undefined ? 'at any time' : `${hours.from} to ${hours.until}`;
}

function listOf<Item>(
  name: string,
  title: string,
  example: string,
  path: string,
  columns: Parameters<typeof renderTable<Item>>[1],
): Command {
  return defineCommand(name, title, example).action((_options: CommonOptions, self: Command) =>
    withClient(self, SERVICE, async (client, options) => {
      const items = await readAllPages<Item>(client, path);
      if (options.json) printJson(items);
      else print(renderTable(items, columns, 140));
    }),
  );
}

interface ApproveOptions extends CommonOptions {
  readonly hours: string;
  readonly outOfCare?: boolean;
  readonly credentials?: readonly string[];
  readonly note: string;
}

function approveCommand(): Command {
  return defineCommand(
    'approve',
    'agree to probes of a device for some hours',
    'sphinx probes approve 10.20.3.31 --hours 2 --out-of-care',
  )
    .argument('<target>', 'address, or asset by id, MAC address or name')
    .requiredOption('--hours <number>', 'how long the agreement holds')
    .option('--out-of-care', 'state that the device is on no patient')
    .option('--credentials <id...>', 'default credentials that may be tried, at most three')
    .option('--note <text>', 'why', '')
    .action((target: string, _options: ApproveOptions, self: Command) =>
      withClient<ApproveOptions>(self, [...SERVICE, 'asset-inventory'], async (client, options) => {
        const approval = await client.send<{ id: string; until: number }>('POST', '/probe-approvals', {
          target: await findAssetId(client, target).catch(() => target),
          hours: Number(options.hours),
          isOutOfCare: options.outOfCare === true,
          credentials: options.credentials ?? [],
          note: options.note,
        });
        if (options.json) printJson(approval);
        else print(`Agreed until ${new Date(approval.until).toISOString()} (${approval.id}).`);
      }),
    );
}

function stopCommand(): Command {
  return defineCommand(
    'stop',
    'cut off every probe at once, and let none run until "resume"',
    'sphinx probes stop "alarm on ward 3"',
  )
    .argument('<reason>', 'why, for whoever looks later')
    .action((reason: string, _options: CommonOptions, self: Command) =>
      withClient(self, SERVICE, async (client, options) => {
        const state = await client.send<ProbingState>('POST', '/probing/stop', { reason });
        if (options.json) printJson(state);
        else print('Probing is stopped. It stays so after a restart; "sphinx probes resume" ends it.');
      }),
    );
}

function resumeCommand(): Command {
  return defineCommand('resume', 'let probes run again after "stop"', 'sphinx probes resume').action(
    (_options: CommonOptions, self: Command) =>
      withClient(self, SERVICE, async (client, options) => {
        const state = await client.send<ProbingState>('POST', '/probing/resume');
        if (options.json) printJson(state);
        else print('Probes may run again. What was cut off is not taken up by itself.');
      }),
  );
}

function clearCommand(): Command {
  return defineCommand(
    'clear',
    'let a device be probed again that had answered slower',
    'sphinx probes clear 10.20.3.31',
  )
    .argument('<target>', 'address or id of the asset')
    .action((target: string, _options: CommonOptions, self: Command) =>
      withClient(self, SERVICE, async (client, options) => {
        await client.send('DELETE', `/probing/marks/${encodeURIComponent(target)}`);
        if (options.json) printJson({ target });
        else print(`${target} may be probed again.`);
      }),
    );
}

function runsCommand(): Command {
  return defineCommand('runs', 'list runs and refusals, latest first', 'sphinx probes runs').action(
    (_options: CommonOptions, self: Command) =>
      withClient(self, SERVICE, async (client, options) => {
        const { items } = await client.send<{ items: ProbeRun[] }>('GET', '/probe-runs?limit=50');
        const { stop } = await client.send<ProbingState>('GET', '/probing');
        if (options.json) printJson({ stop, runs: items });
        else print(runsText(items, stop));
        if (stop !== null) process.exitCode = EXIT.negative;
      }),
  );
}

function runsText(runs: readonly ProbeRun[], stop: ProbingState['stop']): string {
  const head = stop === null ? [] : [`Probing is stopped by ${printable(stop.by)}: ${printable(stop.reason)}`];
  const table = renderTable(
    runs,
    [
      { title: 'Time', value: ({ startedAt }) => new Date(startedAt).toISOString() },
      { title: 'Address', value: ({ ip }) => ip },
      { title: 'State', value: ({ state }) => state },
      { title: 'Packets', value: ({ packets }) => String(packets), align: 'right' },
      { title: 'By', value: ({ by, occasion }) => by || occasion },
      { title: 'Reason', value: ({ reason }) => reason },
    ],
    100,
  );
  return [...head, table].join('\n');
}

function logCommand(): Command {
  return defineCommand(
    'log',
    'print every packet that was sent, and what came back',
    'sphinx probes log --ip 10.20.3.31 --json > sent.json',
  )
    .option('--ip <address>', 'of one device only')
    .option('--run <id>', 'of one run only')
    .action((_options: CommonOptions, self: Command) =>
      withClient<CommonOptions & { ip?: string; run?: string }>(self, SERVICE, async (client, options) => {
        const rows = await exchangesOf(client, options);
        if (options.json) printJson(rows);
        else print(renderTable(rows, LOG_COLUMNS, 60));
      }),
    );
}

function exchangesOf(
  client: ApiClient,
  { ip, run }: { readonly ip?: string; readonly run?: string },
): Promise<ExchangeView[]> {
  const query = new URLSearchParams({ ...(ip === undefined ? {} : { ip }), ...(run === undefined ? {} : { run }) });
  return readAllPages<ExchangeView>(client, `/probe-exchanges?${query}`);
}

const LOG_COLUMNS = [
  { title: 'Time', value: ({ time }: ExchangeView) => new Date(time).toISOString() },
  { title: 'Way', value: ({ direction }: ExchangeView) => direction },
  { title: 'Device', value: ({ ip, port, transport }: ExchangeView) => `${ip} ${transport}/${port}` },
  { title: 'Bytes', value: ({ bytes }: ExchangeView) => String(bytes), align: 'right' as const },
  { title: 'Probe', value: ({ probe }: ExchangeView) => probe },
  { title: 'What', value: ({ what }: ExchangeView) => printable(what) },
];
