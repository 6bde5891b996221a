const VERDICTS = ['matched', 'clean', 'unscanned'] as const;
const ACTIVITIES = ['upload', 'download'] as const;
const SORTED = ['time', 'size', 'name', 'type'] as const;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** How far back files are looked for. */
export const SPANS = [
  { value: 'hour', label: 'Last hour', lengthMs: HOUR_MS },
  { value: 'day', label: 'Last 24 hours', lengthMs: 24 * HOUR_MS },
  { value: 'week', label: 'Last 7 days', lengthMs: 168 * HOUR_MS },
] as const;

/** What of the files is shown, and how. All of it lives in the address of the page. */
export interface FileFilter {
  readonly search: string;
  readonly category: string | null;
  readonly type: string | null;
  readonly protocol: string | null;
  readonly verdict: (typeof VERDICTS)[number] | null;
  readonly activity: (typeof ACTIVITIES)[number] | null;
  readonly span: (typeof SPANS)[number]['value'] | null;
  readonly isMismatch: boolean;
  readonly isKept: boolean;
  /** Name of a YARA rule that matched. */
  readonly rule: string | null;
  readonly sha256: string | null;
  readonly flow: string | null;
  /** A sortable column, with a leading minus for descending order. */
  readonly sort: string;
}

export const NEWEST_FIRST = '-time';

export const NO_FILTER: FileFilter = {
  ...{ search: '', category: null, type: null, protocol: null, verdict: null, activity: null, span: null },
  ...{ isMismatch: false, isKept: false, rule: null, sha256: null, flow: null, sort: NEWEST_FIRST },
};

/** Reads the filter from the address; what it does not understand it leaves out. */
export function readFilter(parameters: URLSearchParams): FileFilter {
  const of = (name: string) => parameters.get(name);
  const sha256 = of('sha256');
  return {
    search: of('search') ?? '',
    category: of('category'),
    type: of('type'),
    protocol: of('protocol'),
    verdict: VERDICTS.find((one) => one === of('verdict')) ?? null,
    activity: ACTIVITIES.find((one) => one === of('activity')) ?? null,
    span: SPANS.find(({ value }) => value === of('seen'))?.value ?? null,
    isMismatch: of('mismatch') === 'true',
    isKept: of('kept') === 'true',
    rule: of('rule'),
    sha256: sha256 !== null && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : null,
    flow: of('inFlow'),
    sort: SORTED.flatMap((column) => [column, `-${column}`]).find((one) => one === of('sort')) ?? NEWEST_FIRST,
  };
}

/** Changes the filter in the address, and nothing else there; defaults are left out, so that links stay short. */
export function changeFilter(parameters: URLSearchParams, change: Partial<FileFilter>): URLSearchParams {
  const { span, isMismatch, isKept, flow, sort, ...plain } = { ...readFilter(parameters), ...change };
  const next = new URLSearchParams(parameters);
  const values = {
    ...plain,
    seen: span,
    mismatch: isMismatch ? 'true' : null,
    kept: isKept ? 'true' : null,
    inFlow: flow,
    sort: sort === NEWEST_FIRST ? null : sort,
  };
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
  }
  return next;
}

/**
 * The same question as the API understands it.
 *
 * @param now milliseconds since the Unix epoch; taken to the minute, so that the question stays the same for a while
 */
export function apiQueryOf(filter: FileFilter, now: number): Readonly<Record<string, string | number>> {
  const { search, span, isMismatch, isKept, sort, ...plain } = filter;
  const length = SPANS.find(({ value }) => value === span)?.lengthMs;
  return {
    ...Object.fromEntries(Object.entries(plain).filter((entry): entry is [string, string] => entry[1] !== null)),
    ...(search === '' ? {} : { search }),
    ...(length === undefined ? {} : { from: Math.floor(now / MINUTE_MS) * MINUTE_MS - length }),
    ...(isMismatch ? { isMismatch: 'true' } : {}),
    ...(isKept ? { isKept: 'true' } : {}),
    sort,
  };
}

/** Whether anything narrows the list, so that "nothing found" can be told from "nothing there". */
export function isNarrowed(filter: FileFilter): boolean {
  return Object.keys(apiQueryOf(filter, 0)).length > 1;
}

/** The order after a click on a column head: ascending, then descending, then ascending again. */
export function nextSort(sort: string, column: string): string {
  return sort === column ? `-${column}` : column;
}
