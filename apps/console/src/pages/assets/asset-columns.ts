/** A column of the list of assets. `sortKey` is what the API sorts by; without one the column has no order. */
interface AssetColumn {
  readonly id: string;
  readonly title: string;
  readonly widthPx: number;
  readonly sortKey?: string;
}

export const ASSET_COLUMNS = [
  { id: 'name', title: 'Name', widthPx: 320, sortKey: 'name' },
  { id: 'kind', title: 'Kind', widthPx: 170, sortKey: 'kind' },
  { id: 'verdict', title: 'Verdict', widthPx: 170 },
  { id: 'manufacturer', title: 'Manufacturer', widthPx: 150, sortKey: 'manufacturer' },
  { id: 'model', title: 'Model', widthPx: 160, sortKey: 'model' },
  { id: 'ip', title: 'IP address', widthPx: 150, sortKey: 'ip' },
  { id: 'mac', title: 'MAC address', widthPx: 160 },
  { id: 'zone', title: 'Zone', widthPx: 140, sortKey: 'zone' },
  { id: 'safetyClass', title: 'Patient safety', widthPx: 150, sortKey: 'patientSafetyClass' },
  { id: 'clinicalFunction', title: 'Clinical function', widthPx: 240 },
  { id: 'owner', title: 'Owner', widthPx: 150 },
  { id: 'location', title: 'Location', widthPx: 170 },
  { id: 'services', title: 'Services offered', widthPx: 130 },
  { id: 'firstSeen', title: 'First seen', widthPx: 150, sortKey: 'firstSeen' },
  { id: 'lastSeen', title: 'Last seen', widthPx: 150, sortKey: 'lastSeen' },
] as const satisfies readonly AssetColumn[];
export type AssetColumnId = (typeof ASSET_COLUMNS)[number]['id'];

export const DEFAULT_COLUMNS: readonly AssetColumnId[] = [
  'name',
  'kind',
  'verdict',
  'manufacturer',
  'ip',
  'zone',
  'safetyClass',
  'lastSeen',
];

/** The chosen columns in their usual order. The name is always there: it leads to the asset. */
export function columnsOf(ids: readonly string[]): readonly AssetColumn[] {
  return ASSET_COLUMNS.filter(({ id }) => id === 'name' || ids.includes(id)) as readonly AssetColumn[];
}
