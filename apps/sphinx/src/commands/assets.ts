import type { Asset, Verdict, Verification } from '@sphinx/schema';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import { type ApiClient, ApiProblem } from '../client/api-client.ts';
import { findAssetId } from '../client/find-asset.ts';
import { type AssetSummary, assetTable, assetText } from '../terminal/asset-text.ts';
import { print, printJson } from '../terminal/output.ts';
import { withClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const SERVICES_NEEDED = ['asset-inventory', 'device-verification'];

interface ListOptions extends CommonOptions {
  readonly search?: string;
  readonly kind?: string;
  readonly zone?: string;
}

/** `sphinx assets` */
export function assetsCommand(): Command {
  return defineCommand(
    'assets',
    'list every asset with kind, maker, address and verdict',
    'sphinx assets --search pump',
  )
    .option('--search <text>', 'part of a name, address, maker or model')
    .option('--kind <kind>', 'only this kind, for example infusion-pump')
    .option('--zone <zone>', 'only this network zone')
    .action((_options: ListOptions, self: Command) =>
      withClient(self, SERVICES_NEEDED, async (client, options: ListOptions) => {
        const filters = new URLSearchParams();
        for (const name of ['search', 'kind', 'zone'] as const) {
          const value = options[name];
          if (value !== undefined) filters.set(name, value);
        }
        const assets = await readAllPages<AssetSummary>(client, `/assets?${filters}`);
        const verdicts = await readVerdicts(client);
        if (options.json) {
          printJson(assets.map((asset) => ({ ...asset, verdict: verdicts.get(asset.id) ?? null })));
          return;
        }
        if (assets.length > 0) print(assetTable(assets, verdicts));
        else if (filters.size > 0) print('No asset fits. Leave a filter out.');
        else print('No asset yet. Add traffic in the console, or read a capture: sphinx analyze FILE');
      }),
    );
}

/** `sphinx asset ID` */
export function assetCommand(): Command {
  return defineCommand('asset', 'show all that is known of an asset, and how', 'sphinx asset 10.20.0.31')
    .argument('<asset>', 'id, IP address, MAC address or name')
    .action((text: string, _options: CommonOptions, self: Command) =>
      withClient(self, SERVICES_NEEDED, async (client, options) => {
        const id = await findAssetId(client, text);
        const asset = await client.send<Asset>('GET', `/assets/${id}`);
        const verification = await latestVerification(client, id);
        if (options.json) printJson({ ...asset, verification: verification ?? null });
        else print(assetText(asset, verification));
      }),
    );
}

async function readVerdicts(client: ApiClient): Promise<Map<string, Verdict>> {
  try {
    const { items } = await client.send<{ items: { assetId: string; verdict: Verdict }[] }>(
      'GET',
      '/verifications/verdicts',
    );
    return new Map(items.map(({ assetId, verdict }) => [assetId, verdict]));
  } catch (error) {
    // The verification service may be switched off; assets are worth listing without verdicts.
    if (error instanceof ApiProblem && error.status === 404) return new Map();
    throw error;
  }
}

async function latestVerification(client: ApiClient, assetId: string): Promise<Verification | undefined> {
  try {
    return await client.send<Verification>('GET', `/verifications/latest/${assetId}`);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}
