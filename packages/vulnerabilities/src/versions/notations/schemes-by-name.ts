import type { VersionScheme } from '../../advisory.ts';

/* How sources name ecosystems: types of package URLs and of VERS, ecosystems of OSV, version types of CVE JSON 5. */

const SCHEMES: Readonly<Record<string, VersionScheme>> = {
  alpine: 'alpine',
  apk: 'alpine',
  chainguard: 'alpine',
  ebuild: 'alpine',
  gentoo: 'alpine',
  wolfi: 'alpine',
  bioconductor: 'cran',
  cran: 'cran',
  deb: 'debian',
  debian: 'debian',
  dpkg: 'debian',
  ubuntu: 'debian',
  hackage: 'hackage',
  ghc: 'hackage',
  maven: 'maven',
  nuget: 'nuget',
  composer: 'packagist',
  packagist: 'packagist',
  pub: 'pub',
  pypi: 'pypi',
  python: 'pypi',
  almalinux: 'rpm',
  azure: 'rpm',
  mageia: 'rpm',
  openeuler: 'rpm',
  opensuse: 'rpm',
  'red hat': 'rpm',
  redhat: 'rpm',
  'rocky linux': 'rpm',
  rpm: 'rpm',
  suse: 'rpm',
  gem: 'rubygems',
  rubygems: 'rubygems',
  bitnami: 'semver',
  cargo: 'semver',
  'crates.io': 'semver',
  go: 'semver',
  golang: 'semver',
  hex: 'semver',
  npm: 'semver',
  semver: 'semver',
  swift: 'semver',
  swifturl: 'semver',
};

/**
 * @param name `deb`, `Debian:12`, `crates.io`, `custom`; capitals do not matter, nor what follows a colon
 * @returns `generic` where the name is of no published scheme
 */
export function schemeByName(name: string): VersionScheme {
  const key = name.toLowerCase().split(':')[0]?.trim() ?? '';
  return Object.hasOwn(SCHEMES, key) ? (SCHEMES[key] ?? 'generic') : 'generic';
}
