import { SphinxError } from '@sphinx/platform/errors';
import type { ChokePointItem, PathItem, WhatIfReport } from '@sphinx/service-risk-assessment';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { findAssetId } from '../client/find-asset.ts';
import { print, printJson } from '../terminal/output.ts';
import { chokeTable, pathText, whatIfText } from '../terminal/path-text.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const SERVICES_NEEDED = ['risk-assessment'];
const EXAMPLE = `sphinx attack-paths --group backups
sphinx attack-paths choke-points
sphinx attack-paths what-if --patch dc-1 --part pacs`;

/** `sphinx attack-paths [choke-points | what-if]` */
export function attackPathsCommand(): Command {
  return defineCommand('attack-paths', 'how somebody would get from outside to what matters', EXAMPLE)
    .option('--group <group>', 'only to life-sustaining, therapy, records, backups or directories')
    .option('--limit <count>', 'how many at most', '10')
    .action((_options: CommonOptions, self: Command) =>
      run(self, async (client, isJson) => {
        const query = new URLSearchParams(self.opts<{ group?: string; limit: string }>() as Record<string, string>);
        for (const name of ['json', 'data', 'config']) query.delete(name);
        const { items } = await client.send<{ items: readonly PathItem[] }>('GET', `/attack-paths?${query}`);
        if (isJson) printJson(items);
        else print(items.length === 0 ? 'No way to anything that matters is known.' : pathText(items));
      }),
    )
    .addCommand(chokePointsCommand())
    .addCommand(whatIfCommand());
}

function run(self: Command, work: (client: ApiClient, isJson: boolean) => Promise<void>): Promise<void> {
  return withRunningClient(self, (client, { json = false }) => work(client, json), SERVICES_NEEDED);
}

function chokePointsCommand(): Command {
  return defineCommand('choke-points', 'list what many ways lead through', 'sphinx attack-paths choke-points').action(
    (_options: CommonOptions, self: Command) =>
      run(self, async (client, isJson) => {
        const points = await readAllPages<ChokePointItem>(client, '/attack-paths/choke-points?');
        if (isJson) printJson(points);
        else print(points.length === 0 ? 'There is no choke point.' : chokeTable(points));
      }),
  );
}

function whatIfCommand(): Command {
  const several = 'names, addresses or ids';
  return defineCommand(
    'what-if',
    'tell what a change would leave of the ways',
    'sphinx attack-paths what-if --off ws-12',
  )
    .option('--patch <asset...>', `as if no weakness were known of them: ${several}`)
    .option('--part <asset...>', `only conversations that were seen are left to them: ${several}`)
    .option('--off <asset...>', `not there: ${several}`)
    .action((_options: CommonOptions, self: Command) =>
      run(self, async (client, isJson) => {
        const { patch = [], part = [], off = [] } = self.opts<Partial<Record<'patch' | 'part' | 'off', string[]>>>();
        if (patch.length + part.length + off.length === 0) {
          throw new SphinxError('SPX_INVALID_INPUT', 'Say what would be different: --patch, --part or --off.');
        }
        const ids = (names: readonly string[]) => Promise.all(names.map((name) => findAssetId(client, name)));
        const body = { patched: await ids(patch), parted: await ids(part), off: await ids(off) };
        const report = await client.send<WhatIfReport>('POST', '/attack-paths/what-if', body);
        if (isJson) printJson(report);
        else print(whatIfText(report));
      }),
    );
}
