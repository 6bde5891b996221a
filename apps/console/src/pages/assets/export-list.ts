import { request } from '../../api/request.ts';
import { downloadCsv } from '../../components/csv.ts';
import { columnsOf } from './asset-columns.ts';
import { type AssetFilter, apiQueryOf } from './asset-filter.ts';
import type { AssetSummary } from './queries.ts';

/** The largest page that the API gives. */
const PAGE_SIZE = 500;

/** Saves every asset that fits the filter, with the columns that are shown. */
export async function downloadAssets(filter: AssetFilter): Promise<void> {
  const columns = columnsOf(filter.columns).filter(({ id }) => id !== 'verdict');
  const rows: string[][] = [];
  let cursor: string | null = null;
  do {
    const page: { items: readonly AssetSummary[]; nextCursor: string | null } = await request('GET', '/assets', {
      query: { ...apiQueryOf(filter), limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) },
    });
    rows.push(...page.items.map((asset) => columns.map(({ id }) => textOf(asset, id))));
    cursor = page.nextCursor;
  } while (cursor !== null);
  downloadCsv(
    'assets.csv',
    columns.map(({ title }) => title),
    rows,
  );
}

/** A cell as plain text. */
function textOf(asset: AssetSummary, column: string): string {
  switch (column) {
    case 'kind':
      return asset.kindTitle ?? '';
    case 'ip':
      return asset.ips.join(' ');
    case 'mac':
      return asset.macs.join(' ');
    case 'safetyClass':
      return asset.patientSafetyClass ?? '';
    case 'firstSeen':
    case 'lastSeen':
      return new Date(asset[column]).toISOString();
    case 'services':
      return String(asset.services);
    case 'name':
    case 'manufacturer':
    case 'model':
    case 'zone':
    case 'clinicalFunction':
    case 'owner':
    case 'location':
      return asset[column] ?? '';
    default:
      return '';
  }
}
