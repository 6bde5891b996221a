import type { AffectedStatus, VersionBound, VersionInterval, VersionScheme, VersionStatus } from '../advisory.ts';
import { type JsonRecord, recordsOf, textOf } from '../reading/json-fields.ts';
import { compareVersions } from '../versions/compare-versions.ts';
import { readVersionWords } from './version-words.ts';

/**
 * Reads the versions of one product of a CVE record (CVE JSON 5.1 schema, `product.versions`).
 *
 * @param product an element of `affected`
 * @param scheme how its packages are ordered where a version names no order of its own
 * @returns in the order of the record: the first that contains a version decides
 */
export function readAffectedVersions(product: JsonRecord, scheme: VersionScheme): VersionStatus[] {
  const isAffectedOtherwise = product.defaultStatus === 'affected';
  const entries = recordsOf(product.versions);
  const read = (some: readonly JsonRecord[]) =>
    some.flatMap((entry) => {
      const own = schemeOf(textOf(entry.versionType), textOf(entry.version), scheme);
      return readEntry(entry, own, isAffectedOtherwise);
    });
  // Some write `8.4.0, less than 8.4.0` for all before 8.4.0, and in the same way from where on: the narrower decides first.
  const ends = entries
    .filter(isEndOnly)
    .sort((a, b) => compareVersions('generic', textOf(a.lessThan), textOf(b.lessThan)));
  return read([...entries.filter((entry) => !isEndOnly(entry)), ...ends]);
}

/** A range that ends where it begins would hold nothing. */
function isEndOnly({ version, lessThan }: JsonRecord): boolean {
  return textOf(version) !== '' && textOf(version) === textOf(lessThan);
}

/** @returns what the record says; `unknown` where it says nothing (the schema's default) */
export function statusOf(value: unknown): AffectedStatus {
  if (value === 'affected') return 'affected';
  return value === 'unaffected' ? 'not-affected' : 'unknown';
}

/** Types of versions that the schema recommends, and what sources write for them. */
const SCHEMES: Readonly<Record<string, VersionScheme>> = {
  deb: 'debian',
  dpkg: 'debian',
  maven: 'maven',
  nuget: 'nuget',
  python: 'pypi',
  pypi: 'pypi',
  rpm: 'rpm',
  semver: 'semver',
};

/** Commits have no order that a record tells. */
const COMMITS = new Set(['git', 'original_commit_for_fix']);
const NO_VERSION = /^(?:|0|\*|-|n\/?a|unspecified|unknown|none|all|any)$/i;
const SEMANTIC = /^v?\d+(?:\.\d+){0,2}(?:[-+][0-9A-Za-z.+-]+)?$/;

function schemeOf(type: string, version: string, scheme: VersionScheme): VersionScheme | 'commits' {
  const lower = type.toLowerCase();
  // Linux writes `6.8` for the release with the commit that mended it.
  if (COMMITS.has(lower) && !/^\d+\.\d+/.test(version)) return 'commits';
  return SCHEMES[lower] ?? scheme;
}

function readEntry(entry: JsonRecord, own: VersionScheme | 'commits', isAffectedOtherwise: boolean): VersionStatus[] {
  const status = statusOf(entry.status);
  const version = textOf(entry.version);
  const [less, lessOrEqual] = [textOf(entry.lessThan), textOf(entry.lessThanOrEqual)];
  const written = [version, less && `< ${less}`, lessOrEqual && `<= ${lessOrEqual}`].filter((part) => part).join(' ');
  if (own === 'commits') return [unclear(status, written)];
  if (less === '' && lessOrEqual === '') return readSingle(version, status, own);
  const to = upperBound(less, lessOrEqual);
  if (to === 'unclear') return [unclear(status, written)];
  const isOpen = NO_VERSION.test(version) || isEndOnly(entry);
  const from: VersionBound | undefined = isOpen ? undefined : { version, isInclusive: true };
  const steps = recordsOf(entry.changes, 200).map((change) => ({
    at: textOf(change.at),
    status: statusOf(change.status),
  }));
  if (from !== undefined && !/\d/.test(version)) return [unclear(status, written)];
  const scheme = fittingScheme(own, [from, to, ...steps.map(({ at }) => ({ version: at, isInclusive: true }))]);
  // What is unaffected from a version on, while all others are affected, was mended there.
  const first = status === 'not-affected' && isAffectedOtherwise && from !== undefined ? 'fixed' : status;
  return splitAtChanges({ ...(from && { from }), ...(to && { to }) }, first, steps, scheme);
}

function readSingle(version: string, status: AffectedStatus, own: VersionScheme): VersionStatus[] {
  if (/^(?:|-|n\/?a|unspecified|unknown)$/i.test(version)) return [unclear(status, version)];
  const intervals = readVersionWords(version);
  if (intervals === undefined) return [unclear(status, version)];
  const scheme = fittingScheme(
    own,
    intervals.flatMap(({ from, to }) => [from, to]),
  );
  return [{ range: { scheme, intervals }, status }];
}

/** @returns undefined for no bound; `6.1.*` ends before `6.2` */
function upperBound(less: string, lessOrEqual: string): VersionBound | undefined | 'unclear' {
  const text = less || lessOrEqual;
  if (/^(?:\*|unlimited|infinity)$/i.test(text)) return undefined;
  const wildcard = /^(.*?)(\d+)\.(?:\*|x)$/i.exec(text);
  if (wildcard) return { version: `${wildcard[1]}${Number(wildcard[2]) + 1}`, isInclusive: false };
  if (!/\d/.test(text) || / /.test(text)) return 'unclear';
  return { version: text, isInclusive: less === '' };
}

/** Sources call versions semantic that have four numbers or letters: those are ordered as vendors' are. */
function fittingScheme(scheme: VersionScheme, bounds: readonly (VersionBound | undefined)[]): VersionScheme {
  if (scheme !== 'semver') return scheme;
  return bounds.every((bound) => bound === undefined || SEMANTIC.test(bound.version)) ? 'semver' : 'generic';
}

function splitAtChanges(
  { from: begin, to: end }: VersionInterval,
  first: AffectedStatus,
  steps: readonly { readonly at: string; readonly status: AffectedStatus }[],
  scheme: VersionScheme,
): VersionStatus[] {
  const entries: VersionStatus[] = [];
  let from = begin;
  let status = first;
  const add = (to: VersionBound | undefined) =>
    entries.push({ range: { scheme, intervals: [{ ...(from && { from }), ...(to && { to }) }] }, status });
  const inOrder = [...steps].sort((a, b) => compareVersions(scheme, a.at, b.at));
  for (const step of inOrder.filter(({ at }) => /\d/.test(at))) {
    const isPastEnd = end !== undefined && compareVersions(scheme, step.at, end.version) >= 0;
    add(isPastEnd ? end : { version: step.at, isInclusive: false });
    from = { version: step.at, isInclusive: true };
    status = step.status === 'not-affected' && status === 'affected' ? 'fixed' : step.status;
    // Sources name the mended version as a change past the end: it and what follows is told by no other entry then.
    if (isPastEnd) return [...entries, { range: { scheme, intervals: [{ from }] }, status }];
  }
  add(end);
  return entries;
}

function unclear(status: AffectedStatus, written: string): VersionStatus {
  return { range: { scheme: 'generic', intervals: [], unclear: written || 'no version' }, status };
}
