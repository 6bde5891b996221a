import { SphinxError } from '@sphinx/platform/errors';
import type { AssetSummary } from '../terminal/asset-text.ts';
import { readAllPages } from './all-pages.ts';
import { type ApiClient, ApiProblem } from './api-client.ts';

/**
 * The asset that a person means by its id, an IP or MAC address or a name.
 *
 * @throws SphinxError SPX_NOT_FOUND, SPX_CONFLICT when several fit
 */
export async function findAssetId(client: ApiClient, text: string): Promise<string> {
  try {
    const { id } = await client.send<{ id: string }>('GET', `/assets/${encodeURIComponent(text)}`);
    return id;
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 404) throw error;
  }
  const found = await readAllPages<AssetSummary>(client, `/assets?search=${encodeURIComponent(text)}`);
  const wanted = text.toLowerCase();
  const exact = found.filter((asset) =>
    [asset.name, ...asset.ips, ...asset.macs, ...asset.hostnames].some((value) => value.toLowerCase() === wanted),
  );
  const [first, second] = exact;
  if (first === undefined) {
    throw new SphinxError('SPX_NOT_FOUND', `No asset is "${text}". "sphinx assets" lists those that there are.`);
  }
  if (second !== undefined) {
    const ids = exact.map(({ id }) => id).join(', ');
    throw new SphinxError('SPX_CONFLICT', `Several assets are "${text}": ${ids}. Name one by its id.`);
  }
  return first.id;
}
