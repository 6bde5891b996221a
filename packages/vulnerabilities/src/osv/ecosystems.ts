import type { VersionScheme } from '../advisory.ts';

interface Ecosystem {
  readonly scheme: VersionScheme;
  /** Type of its package URLs with namespace, for example `deb/debian`; undefined where names do not map. */
  readonly purl?: string;
}

/** Ecosystems by the name before a colon (OSV schema, "Defined ecosystems"), with the order of their versions. */
const ECOSYSTEMS: Readonly<Record<string, Ecosystem>> = {
  AlmaLinux: { scheme: 'rpm', purl: 'rpm/almalinux' },
  Alpaquita: { scheme: 'alpine', purl: 'apk/alpaquita' },
  Alpine: { scheme: 'alpine', purl: 'apk/alpine' },
  Bitnami: { scheme: 'semver', purl: 'bitnami' },
  CRAN: { scheme: 'cran', purl: 'cran' },
  Chainguard: { scheme: 'alpine', purl: 'apk/chainguard' },
  Debian: { scheme: 'debian', purl: 'deb/debian' },
  Go: { scheme: 'semver', purl: 'golang' },
  Hackage: { scheme: 'hackage', purl: 'hackage' },
  Hex: { scheme: 'semver', purl: 'hex' },
  Mageia: { scheme: 'rpm', purl: 'rpm/mageia' },
  Maven: { scheme: 'maven', purl: 'maven' },
  MinimOS: { scheme: 'alpine', purl: 'apk/minimos' },
  NuGet: { scheme: 'nuget', purl: 'nuget' },
  Packagist: { scheme: 'packagist', purl: 'composer' },
  Pub: { scheme: 'pub', purl: 'pub' },
  PyPI: { scheme: 'pypi', purl: 'pypi' },
  'Red Hat': { scheme: 'rpm', purl: 'rpm/redhat' },
  'Rocky Linux': { scheme: 'rpm', purl: 'rpm/rocky-linux' },
  RubyGems: { scheme: 'rubygems', purl: 'gem' },
  SUSE: { scheme: 'rpm', purl: 'rpm/suse' },
  SwiftURL: { scheme: 'semver' },
  Ubuntu: { scheme: 'debian', purl: 'deb/ubuntu' },
  Wolfi: { scheme: 'alpine', purl: 'apk/wolfi' },
  'crates.io': { scheme: 'semver', purl: 'cargo' },
  npm: { scheme: 'semver', purl: 'npm' },
  openEuler: { scheme: 'rpm', purl: 'rpm/openeuler' },
  openSUSE: { scheme: 'rpm', purl: 'rpm/opensuse' },
};

/**
 * @param ecosystem as OSV names it, with its release after a colon: `Debian:12`
 * @returns order of versions, package URL without version, and the release as people say it
 */
export function describePackage(ecosystem: string, name: string) {
  const colon = ecosystem.indexOf(':');
  const family = colon < 0 ? ecosystem : ecosystem.slice(0, colon);
  const release = colon < 0 ? '' : ecosystem.slice(colon + 1);
  const known = Object.hasOwn(ECOSYSTEMS, family) ? ECOSYSTEMS[family] : undefined;
  return {
    scheme: known?.scheme ?? ('generic' as const),
    purl: known?.purl === undefined ? undefined : `pkg:${known.purl}/${pathOf(known.purl, name)}`,
    platform: release === '' ? undefined : `${family} ${release.replaceAll(':', ' ')}`,
  };
}

/** Each type of package URL writes names in its own way (ECMA-427, "Known types"). */
function pathOf(type: string, name: string): string {
  const written =
    type === 'pypi' ? name.toLowerCase().replaceAll('_', '-') : type === 'maven' ? name.replace(':', '/') : name;
  return written.split('/').map(encodeURIComponent).join('/').replaceAll('%3A', ':');
}
