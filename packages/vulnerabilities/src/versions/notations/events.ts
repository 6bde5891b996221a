import type { AffectedStatus, VersionInterval, VersionRange, VersionScheme, VersionStatus } from '../../advisory.ts';
import { compare, exactly, unclearRange } from './intervals.ts';
import { schemeByName } from './schemes-by-name.ts';
import { readRangeText } from './words.ts';

/* Ranges as databases write them: events of OSV (ossf.github.io/osv-schema), versions of CVE JSON 5 (cve.org, CVE record format). */

/** One of them is there. */
export interface OsvEvent {
  readonly introduced?: string | undefined;
  readonly fixed?: string | undefined;
  readonly last_affected?: string | undefined;
  readonly limit?: string | undefined;
}

/**
 * Reads a range of OSV.
 *
 * @param type `SEMVER`, `ECOSYSTEM` or `GIT`, which tells commits and no versions
 * @param ecosystem `npm`, `Debian:12`
 */
export function readOsvRange(type: string, ecosystem: string, events: readonly OsvEvent[]): VersionRange {
  const scheme = type.toUpperCase() === 'SEMVER' ? 'semver' : schemeByName(ecosystem);
  if (type.toUpperCase() === 'GIT') return unclearRange(scheme, 'commits, no versions');
  const sorted = events.flatMap(toStep).toSorted((first, second) => orderSteps(scheme, first, second));
  const intervals: VersionInterval[] = [];
  let open: VersionInterval | undefined;
  for (const { version, kind } of sorted) {
    if (kind === 'introduced') open ??= version === '0' ? {} : { from: { version, isInclusive: true } };
    else if (open !== undefined && version !== '*') {
      intervals.push({ ...open, to: { version, isInclusive: kind === 'last' } });
      open = undefined;
    }
  }
  if (open !== undefined) intervals.push(open);
  return { scheme, intervals };
}

interface Step {
  readonly kind: 'introduced' | 'fixed' | 'last';
  readonly version: string;
}

function toStep({ introduced, fixed, last_affected: last, limit }: OsvEvent): Step[] {
  if (introduced !== undefined) return [{ kind: 'introduced', version: introduced }];
  if (last !== undefined) return [{ kind: 'last', version: last }];
  const version = fixed ?? limit;
  return version === undefined ? [] : [{ kind: 'fixed', version }];
}

/** `0` is before all versions, `*` after all. */
function orderSteps(scheme: VersionScheme, first: Step, second: Step): number {
  const rank = ({ kind, version }: Step) => {
    if (version === '*') return 1;
    return kind === 'introduced' && version === '0' ? -1 : 0;
  };
  return rank(first) - rank(second) || compare(scheme, first.version, second.version);
}

/** An element of `affected[].versions` of CVE JSON 5. */
export interface CveVersion {
  readonly version: string;
  readonly status: AffectedStatus;
  readonly lessThan?: string | undefined;
  readonly lessThanOrEqual?: string | undefined;
  readonly versionType?: string | undefined;
  readonly changes?: readonly { readonly at: string; readonly status: AffectedStatus }[] | undefined;
}

const NOT_TOLD = /^(?:|unspecified|unknown|n\/a|none|not specified|see references?)$/i;
const NO_BOUND = /^(?:|0|\*|-|unspecified|unknown|n\/a|all)$/i;

/**
 * Reads one element of CVE JSON 5.
 *
 * @returns a range with its status, and one for each change within it
 */
export function readCveVersion(entry: CveVersion): VersionStatus[] {
  const scheme = schemeByName(entry.versionType ?? 'custom');
  const before = entry.lessThan?.trim();
  const upTo = entry.lessThanOrEqual?.trim();
  const isRange = before !== undefined || upTo !== undefined;
  const { status } = entry;
  if (entry.versionType === 'git') return [{ status, range: unclearRange(scheme, commitWords(entry)) }];
  if (!isRange) return [{ status, range: readSingle(scheme, entry.version.trim()) }];
  const end = before ?? upTo ?? '';
  const to = NO_BOUND.test(end) ? undefined : endOf(end, before !== undefined);
  const lower = NO_BOUND.test(entry.version.trim()) ? undefined : entry.version.trim();
  return splitAtChanges(scheme, status, { from: lower, to }, entry.changes ?? []);
}

function commitWords({ version, lessThan, lessThanOrEqual }: CveVersion): string {
  return `commits from ${version} to ${lessThan ?? lessThanOrEqual ?? version}`;
}

function readSingle(scheme: VersionScheme, version: string): VersionRange {
  if (NOT_TOLD.test(version)) return unclearRange(scheme, version === '' ? 'no version' : version);
  const read = readRangeText(version, scheme);
  return read.unclear === undefined ? read : { scheme, intervals: [exactly(version)] };
}

/** `lessThanOrEqual: 2.*` is all of 2. */
function endOf(version: string, isBefore: boolean): VersionInterval['to'] {
  const wild = /^(.*?)(?:\.[*xX])+$/.exec(version)?.[1];
  if (wild === undefined) return { version, isInclusive: !isBefore };
  if (isBefore) return { version: wild, isInclusive: false };
  const numbers = wild.split('.');
  const last = Number(numbers.at(-1));
  return Number.isSafeInteger(last)
    ? { version: [...numbers.slice(0, -1), String(last + 1)].join('.'), isInclusive: false }
    : { version, isInclusive: true };
}

function splitAtChanges(
  scheme: VersionScheme,
  status: AffectedStatus,
  { from, to }: { from: string | undefined; to: VersionInterval['to'] },
  changes: NonNullable<CveVersion['changes']>,
): VersionStatus[] {
  const statuses: VersionStatus[] = [];
  let start = from;
  let current = status;
  const push = (end: VersionInterval['to']) => {
    const lower = start === undefined ? {} : { from: { version: start, isInclusive: true } };
    const interval: VersionInterval = { ...lower, ...(end === undefined ? {} : { to: end }) };
    statuses.push({ status: current, range: { scheme, intervals: [interval] } });
  };
  for (const change of changes.toSorted((first, second) => compare(scheme, first.at, second.at))) {
    push({ version: change.at, isInclusive: false });
    start = change.at;
    current = change.status;
  }
  push(to);
  return statuses;
}
