import type { VersionScheme } from '../advisory.ts';

/** A name of a product apart from the version in it, as `AffectedProduct` keeps the two. */
export interface SplitName {
  readonly name: string;
  /** Undefined where the name tells none. */
  readonly version: string | undefined;
}

/** Place of the version among the components of a CPE 2.3 formatted string (NISTIR 7695 §6.2). */
const CPE_VERSION = 5;

/** @param cpe formatted string of CPE 2.3; a URI of CPE 2.2 stays as it is, without version */
export function splitCpe(cpe: string): SplitName {
  if (!cpe.startsWith('cpe:2.3:')) return { name: cpe, version: undefined };
  const parts = cpe.split(/(?<!\\):/);
  const version = parts[CPE_VERSION];
  parts[CPE_VERSION] = '*';
  const isTold = version !== undefined && version !== '*' && version !== '-';
  return { name: parts.join(':'), version: isTold ? version.replace(/\\(.)/g, '$1') : undefined };
}

/** @returns the package URL without version, qualifiers and subpath staying (ECMA-427) */
export function splitPurl(purl: string): SplitName {
  const [, main = purl, rest = ''] = /^([^?#]*)(.*)$/s.exec(purl) ?? [];
  const at = main.lastIndexOf('@');
  if (at <= main.lastIndexOf('/')) return { name: purl, version: undefined };
  return { name: main.slice(0, at) + rest, version: decode(main.slice(at + 1)) };
}

/** Types of packages whose versions have an order of their own. */
const SCHEMES: Readonly<Record<string, VersionScheme>> = {
  apk: 'alpine',
  cargo: 'semver',
  composer: 'packagist',
  cran: 'cran',
  deb: 'debian',
  gem: 'rubygems',
  golang: 'semver',
  hackage: 'hackage',
  hex: 'semver',
  maven: 'maven',
  npm: 'semver',
  nuget: 'nuget',
  pub: 'pub',
  pypi: 'pypi',
  rpm: 'rpm',
  swift: 'semver',
};

/** @returns how versions of the packages of a type are ordered; `generic` where the type has no order of its own */
export function schemeOfPurl(purl: string): VersionScheme {
  return SCHEMES[/^pkg:\/*([^/]+)/i.exec(purl)?.[1]?.toLowerCase() ?? ''] ?? 'generic';
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
