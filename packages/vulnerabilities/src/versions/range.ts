import type { VersionBound, VersionInterval, VersionRange, VersionScheme } from '../advisory.ts';
import { isReadableVersion, normalVersion, versionComparer } from './compare-versions.ts';
import type { Comparison } from './version-order.ts';

/** Whether a version is in a range; `unknown` where nobody can tell, which is neither affected nor clean. */
export interface RangeVerdict {
  readonly isIn: 'yes' | 'no' | 'unknown';
  /** Why, in a sentence without full stop. */
  readonly reason: string;
}

/** What inventories write where they do not know. */
const NO_VERSION = /^(?:|unknown|unspecified|undefined|n\/?a|none|any|null|\?+|\*|-)$/i;

/**
 * Tells whether a version is in a range.
 *
 * @param version as the inventory has it; undefined or `unknown` where it is not known
 * @returns `unknown` for an unknown version, for one that the scheme cannot read, and for a range in words that were not
 *   understood; a version that is written exactly as a bound needs not be readable
 */
export function isInRange(range: VersionRange, version: string | undefined): RangeVerdict {
  const text = version?.trim() ?? '';
  if (NO_VERSION.test(text)) return { isIn: 'unknown', reason: 'the version is not known' };
  if (range.unclear !== undefined) {
    return { isIn: 'unknown', reason: `the source gives the range in words: "${range.unclear}"` };
  }
  let unknown: RangeVerdict | undefined;
  const isReadable = isReadableVersion(range.scheme, text);
  const compareTo = versionComparer(range.scheme, normalVersion(range.scheme, text));
  for (const interval of range.intervals) {
    const verdict = isInInterval(range.scheme, interval, text, isReadable, compareTo);
    if (verdict.isIn === 'yes') return verdict;
    if (verdict.isIn === 'unknown') unknown ??= verdict;
  }
  return unknown ?? { isIn: 'no', reason: `${text} is not in ${describeRange(range)}` };
}

function isInInterval(
  scheme: VersionScheme,
  interval: VersionInterval,
  version: string,
  isReadable: boolean,
  compareTo: (other: string) => Comparison,
): RangeVerdict {
  const { from, to } = interval;
  const words = describeInterval(interval);
  for (const bound of [from, to]) {
    if (bound === undefined || bound.version === version) continue;
    if (!isReadable) return { isIn: 'unknown', reason: `"${version}" is no version that can be ordered (${scheme})` };
    if (!isReadableVersion(scheme, bound.version)) {
      return { isIn: 'unknown', reason: `the bound "${bound.version}" is no version that can be ordered (${scheme})` };
    }
  }
  const isIn = isAbove(from, version, scheme, compareTo) && isBelow(to, version, scheme, compareTo);
  return { isIn: isIn ? 'yes' : 'no', reason: `${version} is ${isIn ? '' : 'not '}in ${words}` };
}

type Comparer = (other: string) => Comparison;

function isAbove(
  bound: VersionBound | undefined,
  version: string,
  scheme: VersionScheme,
  compareTo: Comparer,
): boolean {
  if (bound === undefined) return true;
  const order = orderTo(bound, version, scheme, compareTo);
  return bound.isInclusive ? order >= 0 : order > 0;
}

function isBelow(
  bound: VersionBound | undefined,
  version: string,
  scheme: VersionScheme,
  compareTo: Comparer,
): boolean {
  if (bound === undefined) return true;
  const order = orderTo(bound, version, scheme, compareTo);
  return bound.isInclusive ? order <= 0 : order < 0;
}

function orderTo(bound: VersionBound, version: string, scheme: VersionScheme, compareTo: Comparer): Comparison {
  return bound.version === version ? 0 : compareTo(normalVersion(scheme, bound.version));
}

/** @returns the range for people: `from 2.0 to before 2.1, or exactly 3.0` */
export function describeRange(range: VersionRange): string {
  if (range.unclear !== undefined) return `"${range.unclear}"`;
  return range.intervals.length === 0 ? 'no version' : range.intervals.map(describeInterval).join(', or ');
}

function describeInterval({ from, to }: VersionInterval): string {
  if (from === undefined && to === undefined) return 'all versions';
  if (from !== undefined && from.version === to?.version) return `exactly ${from.version}`;
  const lower = from === undefined ? '' : `${from.isInclusive ? 'from' : 'after'} ${from.version}`;
  const upper = to === undefined ? '' : `${to.isInclusive ? 'up to and with' : 'before'} ${to.version}`;
  return [lower, upper].filter((part) => part !== '').join(', ');
}
