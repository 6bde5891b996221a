import type { VersionScheme } from '../advisory.ts';
import { ALPINE } from './schemes/alpine.ts';
import { DEBIAN } from './schemes/debian.ts';
import { GENERIC } from './schemes/generic.ts';
import { MAVEN } from './schemes/maven.ts';
import { NUGET } from './schemes/nuget.ts';
import { CRAN, HACKAGE } from './schemes/number-lists.ts';
import { PACKAGIST } from './schemes/packagist.ts';
import { PUB } from './schemes/pub.ts';
import { PYPI } from './schemes/pypi.ts';
import { RPM } from './schemes/rpm.ts';
import { RUBYGEMS } from './schemes/rubygems.ts';
import { SEMVER } from './schemes/semver.ts';
import type { Comparison, VersionOrder } from './version-order.ts';

/** Longer texts are no versions; what is beyond has no part in the order, so that hostile input costs little. */
const LONGEST = 1024;

const ORDERS: Readonly<Record<VersionScheme, VersionOrder<unknown>>> = {
  alpine: erased(ALPINE),
  cran: erased(CRAN),
  debian: erased(DEBIAN),
  generic: erased(GENERIC),
  hackage: erased(HACKAGE),
  maven: erased(MAVEN),
  nuget: erased(NUGET),
  packagist: erased(PACKAGIST),
  pub: erased(PUB),
  pypi: erased(PYPI),
  rpm: erased(RPM),
  rubygems: erased(RUBYGEMS),
  semver: erased(SEMVER),
};

/** All schemes, in alphabetical order. */
export const VERSION_SCHEMES = Object.keys(ORDERS) as readonly VersionScheme[];

/**
 * Orders two versions of a scheme. Takes any text: what is malformed has a defined place too, mostly before all versions.
 *
 * @returns -1 when the first is older, 0 when neither is newer, 1 when the first is newer
 */
export function compareVersions(scheme: VersionScheme, first: string, second: string): Comparison {
  if (first === second) return 0;
  const { parse, compare } = ORDERS[scheme];
  return compare(parse(cut(first)), parse(cut(second)));
}

/** A version that was read once, since it is compared with many. */
export interface ReadVersion {
  /** As it was written. */
  readonly text: string;
  readonly isReadable: boolean;
  /** Of its scheme: only versions of one scheme can be compared. */
  readonly key: unknown;
  /** Orders versions of one scheme that have a place; NaN for one that has none. */
  readonly place: number;
}

/** Reads a version, in the form in which those that users take for the same are the same. Takes any text. */
export function readVersion(scheme: VersionScheme, text: string): ReadVersion {
  const { parse, place } = ORDERS[scheme];
  const key = parse(cut(normalVersion(scheme, text)));
  const isReadable = isReadableVersion(scheme, text);
  return { text, isReadable, key, place: (isReadable ? place?.(key) : undefined) ?? Number.NaN };
}

/** @returns the order of two versions that were read in a scheme, as `compareVersions` gives that of their texts */
export function compareRead(scheme: VersionScheme, first: ReadVersion, second: ReadVersion): Comparison {
  return first.text === second.text ? 0 : ORDERS[scheme].compare(first.key, second.key);
}

/** @returns whether the text is a version as the scheme defines it; only then does its order mean anything */
export function isReadableVersion(scheme: VersionScheme, version: string): boolean {
  return version.length <= LONGEST && ORDERS[scheme].isReadable(version);
}

/**
 * @returns the version in the form in which those that users take for the same are the same: Composer's `1.0` and `1.0.0`.
 *   Ranges compare that form
 */
export function normalVersion(scheme: VersionScheme, version: string): string {
  return ORDERS[scheme].normalize?.(version) ?? version;
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : text.slice(0, LONGEST);
}

function erased<Key>(order: VersionOrder<Key>): VersionOrder<unknown> {
  return order as VersionOrder<unknown>;
}
