import type { VersionBound, VersionInterval, VersionRange, VersionScheme } from '../../advisory.ts';
import { compareVersions, normalVersion } from '../compare-versions.ts';

/** A sign and the version that it is about, as nearly all notations have them. */
export interface Constraint {
  readonly sign: '<' | '<=' | '>' | '>=' | '=' | '!=';
  readonly version: string;
}

export const ALL_VERSIONS: VersionInterval = {};

/** @returns the interval of one version */
export function exactly(version: string): VersionInterval {
  const bound = { version, isInclusive: true };
  return { from: bound, to: bound };
}

/** @returns from the first on, to before the second */
export function between(from: string, before: string): VersionInterval {
  return { from: { version: from, isInclusive: true }, to: { version: before, isInclusive: false } };
}

/** @returns a range of which nobody can tell what is in it */
export function unclearRange(scheme: VersionScheme, text: string): VersionRange {
  return { scheme, intervals: [], unclear: text };
}

/** @returns what all constraints hold of: at most one interval, but for versions that `!=` takes out */
export function intersectConstraints(scheme: VersionScheme, constraints: readonly Constraint[]): VersionInterval[] {
  const kept = constraints.filter(({ sign }) => sign !== '!=').map(toInterval);
  const whole = kept.reduce<VersionInterval | undefined>(
    (sum, each) => (sum === undefined ? undefined : intersect(scheme, sum, each)),
    ALL_VERSIONS,
  );
  const excluded = constraints.filter(({ sign }) => sign === '!=').map(({ version }) => version);
  return whole === undefined ? [] : without(scheme, [whole], excluded);
}

function toInterval({ sign, version }: Constraint): VersionInterval {
  const bound = { version, isInclusive: sign !== '<' && sign !== '>' };
  if (sign === '=') return exactly(version);
  return sign.startsWith('<') ? { to: bound } : { from: bound };
}

/** @returns undefined where no version is in both */
export function intersect(
  scheme: VersionScheme,
  first: VersionInterval,
  second: VersionInterval,
): VersionInterval | undefined {
  const from = tighter(scheme, first.from, second.from, 1);
  const to = tighter(scheme, first.to, second.to, -1);
  if (from !== undefined && to !== undefined) {
    const order = compare(scheme, from.version, to.version);
    if (order > 0 || (order === 0 && !(from.isInclusive && to.isInclusive))) return undefined;
  }
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** @param side 1 where the later bound is the tighter one, -1 where the earlier is */
function tighter(
  scheme: VersionScheme,
  first: VersionBound | undefined,
  second: VersionBound | undefined,
  side: 1 | -1,
): VersionBound | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const order = compare(scheme, first.version, second.version) * side;
  if (order === 0) return first.isInclusive ? second : first;
  return order > 0 ? first : second;
}

/** @returns the intervals with single versions taken out */
export function without(
  scheme: VersionScheme,
  intervals: readonly VersionInterval[],
  versions: readonly string[],
): VersionInterval[] {
  return versions.reduce<VersionInterval[]>(
    (left, version) =>
      left.flatMap((interval) => {
        const bound = { version, isInclusive: false };
        return [intersect(scheme, interval, { to: bound }), intersect(scheme, interval, { from: bound })].filter(
          (part): part is VersionInterval => part !== undefined,
        );
      }),
    [...intervals],
  );
}

export function compare(scheme: VersionScheme, first: string, second: string): number {
  return compareVersions(scheme, normalVersion(scheme, first), normalVersion(scheme, second));
}

/**
 * Adds one to a number of a version and drops what follows it.
 *
 * @param place which number, from 0
 * @returns `nextAt('1.2.3', 1)` is `1.3`
 */
export function nextAt(version: string, place: number): string {
  const numbers = version.split(/[.+-]/).slice(0, place + 1);
  while (numbers.length <= place) numbers.push('0');
  const last = /^\d{1,15}$/.test(numbers[place] ?? '') ? Number(numbers[place]) : 0;
  return [...numbers.slice(0, place), String(last + 1)].join('.');
}
