import { ASSET_COLUMNS, type AssetColumnId, DEFAULT_COLUMNS } from './asset-columns.ts';

/** What of the inventory is shown, and how. All of it lives in the address of the page. */
export interface AssetFilter {
  readonly search: string;
  readonly kind: string | null;
  readonly zone: string | null;
  readonly manufacturer: string | null;
  readonly safetyClass: string | null;
  readonly isNew: boolean;
  readonly hasConflicts: boolean;
  /** A sortable column, with a leading minus for descending order. */
  readonly sort: string;
  readonly columns: readonly AssetColumnId[];
}

export const DEFAULT_SORT = 'name';

/** Reads the filter from the address; what it does not know it leaves out. */
export function readFilter(parameters: URLSearchParams): AssetFilter {
  const sort = parameters.get('sort') ?? DEFAULT_SORT;
  const columns = (parameters.get('columns') ?? '')
    .split(',')
    .flatMap((id) => ASSET_COLUMNS.find((one) => one.id === id)?.id ?? []);
  return {
    search: parameters.get('search') ?? '',
    kind: parameters.get('kind'),
    zone: parameters.get('zone'),
    manufacturer: parameters.get('manufacturer'),
    safetyClass: parameters.get('class'),
    isNew: parameters.get('new') === 'true',
    hasConflicts: parameters.get('conflicts') === 'true',
    sort: isSortable(sort) ? sort : DEFAULT_SORT,
    columns: columns.length === 0 ? DEFAULT_COLUMNS : columns,
  };
}

/** Writes the filter as it stands in the address; defaults are left out, so that links stay short. */
export function writeFilter(filter: AssetFilter): URLSearchParams {
  const parameters = new URLSearchParams();
  if (filter.search !== '') parameters.set('search', filter.search);
  if (filter.kind !== null) parameters.set('kind', filter.kind);
  if (filter.zone !== null) parameters.set('zone', filter.zone);
  if (filter.manufacturer !== null) parameters.set('manufacturer', filter.manufacturer);
  if (filter.safetyClass !== null) parameters.set('class', filter.safetyClass);
  if (filter.isNew) parameters.set('new', 'true');
  if (filter.hasConflicts) parameters.set('conflicts', 'true');
  if (filter.sort !== DEFAULT_SORT) parameters.set('sort', filter.sort);
  if (filter.columns.join() !== DEFAULT_COLUMNS.join()) parameters.set('columns', filter.columns.join());
  return parameters;
}

/** The same question as the API understands it. */
export function apiQueryOf(filter: AssetFilter): Readonly<Record<string, string>> {
  return {
    ...(filter.search === '' ? {} : { search: filter.search }),
    ...(filter.kind === null ? {} : { kind: filter.kind }),
    ...(filter.zone === null ? {} : { zone: filter.zone }),
    ...(filter.manufacturer === null ? {} : { manufacturer: filter.manufacturer }),
    ...(filter.safetyClass === null ? {} : { patientSafetyClass: filter.safetyClass }),
    ...(filter.isNew ? { isNew: 'true' } : {}),
    ...(filter.hasConflicts ? { hasConflicts: 'true' } : {}),
    sort: filter.sort,
  };
}

/** Whether anything narrows the list, so that "nothing found" can be told from "nothing there". */
export function isNarrowed({ sort: _sort, ...query }: Pick<AssetFilter, keyof AssetFilter>): boolean {
  return Object.keys(apiQueryOf({ ...query, sort: DEFAULT_SORT })).length > 1;
}

/** The order after a click on a column head: ascending, then descending, then ascending again. */
export function nextSort(sort: string, column: string): string {
  return sort === column ? `-${column}` : column;
}

function isSortable(sort: string): boolean {
  const id = sort.replace(/^-/, '');
  return ASSET_COLUMNS.some((column) => 'sortKey' in column && column.sortKey === id);
}
