import type { VersionInterval, VersionRange, VersionScheme } from '../advisory.ts';
import { compareRead, type ReadVersion, readVersion } from './compare-versions.ts';
import { InstalledVersion } from './installed-version.ts';

/** Whether a version is in a range; `unknown` where nobody can tell, which is neither affected nor clean. */
export interface RangeVerdict {
  readonly isIn: 'yes' | 'no' | 'unknown';
  /** Why, in a sentence without full stop. */
  readonly reason: string;
}

/**
 * Where a version is to an interval. Of what cannot be ordered nobody can tell, unless it is written exactly as a bound is.
 */
export type Placement = 'in' | 'out' | 'version-unreadable' | 'from-unreadable' | 'to-unreadable';

/** An interval whose bounds are read. */
export interface ReadInterval {
  readonly from: ReadVersion | undefined;
  readonly isFromInclusive: boolean;
  readonly to: ReadVersion | undefined;
  readonly isToInclusive: boolean;
}

/**
 * Tells whether a version is in a range.
 *
 * @param version as the inventory has it; undefined or `unknown` where it is not known
 * @returns `unknown` for an unknown version, for one that the scheme cannot read, and for a range in words that were not
 *   understood; a version that is written exactly as a bound needs not be readable
 */
export function isInRange(range: VersionRange, version: string | undefined): RangeVerdict {
  const { text, isKnown } = new InstalledVersion(version ?? '');
  if (!isKnown) return { isIn: 'unknown', reason: 'the version is not known' };
  if (range.unclear !== undefined) {
    return { isIn: 'unknown', reason: `the source gives the range in words: "${range.unclear}"` };
  }
  let unknown: RangeVerdict | undefined;
  const read = readVersion(range.scheme, text);
  for (const interval of range.intervals) {
    const placement = placeInInterval(range.scheme, read, readInterval(range.scheme, interval));
    if (placement === 'in') return { isIn: 'yes', reason: `${text} is in ${describeInterval(interval)}` };
    if (placement !== 'out')
      unknown ??= { isIn: 'unknown', reason: whyUnreadable(placement, range.scheme, text, interval) };
  }
  return unknown ?? { isIn: 'no', reason: `${text} is not in ${describeRange(range)}` };
}

/** Compares a version with an interval of its scheme. */
export function placeInInterval(scheme: VersionScheme, version: ReadVersion, interval: ReadInterval): Placement {
  const { from, isFromInclusive, to, isToInclusive } = interval;
  const isFrom = from === undefined || from.text === version.text;
  const isTo = to === undefined || to.text === version.text;
  if (!version.isReadable && !(isFrom && isTo)) return 'version-unreadable';
  if (!isFrom && !from.isReadable) return 'from-unreadable';
  if (!isTo && !to.isReadable) return 'to-unreadable';
  if (from !== undefined && compareRead(scheme, version, from) < (isFromInclusive ? 0 : 1)) return 'out';
  if (to !== undefined && compareRead(scheme, version, to) > (isToInclusive ? 0 : -1)) return 'out';
  return 'in';
}

function readInterval(scheme: VersionScheme, { from, to }: VersionInterval): ReadInterval {
  return {
    from: from && readVersion(scheme, from.version),
    isFromInclusive: from?.isInclusive === true,
    to: to && readVersion(scheme, to.version),
    isToInclusive: to?.isInclusive === true,
  };
}

function whyUnreadable(
  placement: Exclude<Placement, 'in' | 'out'>,
  scheme: VersionScheme,
  version: string,
  { from, to }: VersionInterval,
): string {
  if (placement === 'version-unreadable') return `"${version}" is no version that can be ordered (${scheme})`;
  const bound = placement === 'from-unreadable' ? from : to;
  return `the bound "${bound?.version}" is no version that can be ordered (${scheme})`;
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
