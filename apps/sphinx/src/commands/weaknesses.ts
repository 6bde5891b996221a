import { SphinxError } from '@sphinx/platform/errors';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { findAssetId } from '../client/find-asset.ts';
import { print, printJson } from '../terminal/output.ts';
import {
  type Finding,
  findingTable,
  type RankedWeakness,
  weaknessTable,
  weaknessText,
} from '../terminal/weakness-text.ts';
import { withClient, withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const SERVICES_NEEDED = ['asset-inventory', 'vulnerability-assessment'];
const STATUSES = ['open', 'in-progress', 'accepted-risk', 'compensated', 'false-positive', 'fixed'];
const DAY_MS = 86_400_000;

interface ListOptions extends CommonOptions {
  readonly search?: string;
  readonly decision?: string;
  readonly status?: string;
  readonly asset?: string;
  readonly ward?: string;
  readonly vendor?: string;
  readonly exploited?: boolean;
}

/** `sphinx weaknesses [list | show | status]` */
export function weaknessesCommand(): Command {
  return withFilters(
    defineCommand('weaknesses', 'list the weaknesses that matter most here, explain one, settle it', EXAMPLE),
  )
    .action((_options: ListOptions, self: Command) => withClient(self, SERVICES_NEEDED, list))
    .addCommand(
      withFilters(
        defineCommand('list', 'list the weaknesses that matter most here', 'sphinx weaknesses list --decision act'),
      ).action((_options: ListOptions, self: Command) => withClient(self, SERVICES_NEEDED, list)),
    )
    .addCommand(showCommand())
    .addCommand(statusCommand());
}

const EXAMPLE = `sphinx weaknesses
sphinx weaknesses --asset 10.20.0.31
sphinx weaknesses show CVE-2021-33886
sphinx weaknesses status CVE-2021-33886 in-progress --owner "Biomedical engineering"`;

function withFilters(command: Command): Command {
  return command
    .option('--search <text>', 'part of an id, a title, a device, a maker or a model')
    .option('--decision <decision>', 'track, track*, attend or act')
    .option('--status <status>', `${STATUSES.join(', ')}, or all; open and in progress by itself`)
    .option('--asset <asset>', 'of one device: id, IP address, MAC address or name')
    .option('--ward <ward>', 'of one ward')
    .option('--vendor <maker>', 'of devices of one maker')
    .option('--exploited', 'only those that are known to be exploited');
}

async function list(client: ApiClient, options: ListOptions): Promise<void> {
  const filters = new URLSearchParams();
  for (const name of ['search', 'decision', 'status', 'ward', 'vendor'] as const) {
    const value = options[name];
    if (value !== undefined) filters.set(name, value);
  }
  if (options.exploited === true) filters.set('knownExploited', 'true');
  if (options.asset !== undefined) filters.set('assetId', await findAssetId(client, options.asset));
  const weaknesses = await readAllPages<RankedWeakness>(client, `/weaknesses?${filters}`);
  if (options.json) printJson(weaknesses);
  else if (weaknesses.length > 0) print(weaknessTable(weaknesses));
  else if (filters.size > 0) print('No weakness fits. Leave a filter out.');
  else print('No weakness is known of the devices that were seen. "sphinx feeds" brings more advisories in.');
}

function showCommand(): Command {
  return defineCommand(
    'show',
    'explain a weakness: what it is, which devices have it and why',
    'sphinx weaknesses show CVE-2021-33886',
  )
    .argument('<weakness>', 'CVE, or what its source calls it')
    .action((weakness: string, _options: CommonOptions, self: Command) =>
      withClient(self, SERVICES_NEEDED, async (client, options) => {
        const detail = await client.send<Parameters<typeof weaknessText>[0]>(
          'GET',
          `/weaknesses/${encodeURIComponent(weakness)}`,
        );
        const filters = new URLSearchParams({ weakness, status: 'all' });
        const findings = await readAllPages<Finding>(client, `/findings?${filters}`);
        if (options.json) printJson({ ...detail, findings });
        else print([weaknessText(detail), ...(findings.length === 0 ? [] : [findingTable(findings)])].join('\n\n'));
      }),
    );
}

interface StatusOptions extends CommonOptions {
  readonly asset?: readonly string[];
  readonly owner?: string;
  readonly due?: string;
  readonly reason?: string;
  readonly control?: string;
  readonly until?: string;
}

function statusCommand(): Command {
  return defineCommand(
    'status',
    'say what is done about a weakness, on some devices or on all that have it; or undo it',
    STATUS_EXAMPLE,
  )
    .argument('<weakness>', 'CVE, or what its source calls it; after "undo": the number that a change gave')
    .argument('<status>', `${STATUSES.join(', ')}, or undo`)
    .option('--asset <asset...>', 'only on these devices: id, IP address, MAC address or name')
    .option('--owner <name>', 'who answers for it')
    .option('--due <day>', 'until when, for example 2026-12-31; by the policy where it is left out')
    .option('--reason <text>', 'why; asked for with false-positive and accepted-risk')
    .option('--control <text>', 'which control is in place; asked for with compensated')
    .option('--until <day>', 'when an accepted risk or a control is looked at again')
    .action((weakness: string, status: string, _options: StatusOptions, self: Command) =>
      withRunningClient(self, async (client, options: StatusOptions) => {
        const settled = await settle(client, weakness, status, options);
        if (options.json) printJson(settled);
        else if (status === 'undo') print(`Undone on ${settled.findings} devices.`);
        else print(`Set on ${settled.findings} devices. To undo it: sphinx weaknesses status ${settled.actionId} undo`);
      }),
    );
}

const STATUS_EXAMPLE = `sphinx weaknesses status CVE-2021-33886 in-progress --owner "Biomedical engineering"
sphinx weaknesses status CVE-2021-33886 accepted-risk --asset pump-7 --reason "Replaced in spring" --until 2026-06-30
sphinx weaknesses status CVE-2021-33886 false-positive --reason "That module is not in our build"`;

interface Settled {
  readonly actionId: string;
  readonly findings: number;
}

async function settle(client: ApiClient, weakness: string, status: string, options: StatusOptions): Promise<Settled> {
  if (status === 'undo') return client.send('POST', `/findings/actions/${encodeURIComponent(weakness)}/undo`);
  const { owner, due, reason, control, until } = options;
  const assetIds: string[] = [];
  for (const asset of options.asset ?? []) assetIds.push(await findAssetId(client, asset));
  const common = {
    weakness,
    ...(assetIds.length === 0 ? {} : { assetIds }),
    ...(owner === undefined ? {} : { owner }),
    ...(until === undefined ? {} : { expiresAt: endOfDay(until) }),
    ...(reason === undefined ? {} : { reason }),
  };
  if (status === 'accepted-risk') return client.send('POST', '/findings/accept', common);
  return client.send('POST', '/findings/settle', {
    ...common,
    status,
    ...(due === undefined ? {} : { dueAt: endOfDay(due) }),
    ...(control === undefined ? {} : { control }),
  });
}

/** @returns the last moment of a day, UTC */
function endOfDay(day: string): number {
  const start = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(day) : Number.NaN;
  if (Number.isNaN(start)) throw new SphinxError('SPX_INVALID_INPUT', `"${day}" is no day of the form 2026-12-31.`);
  return start + DAY_MS - 1;
}
