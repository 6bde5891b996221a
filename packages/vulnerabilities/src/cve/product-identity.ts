import type { ProductIdentity, VersionScheme } from '../advisory.ts';
import { type JsonRecord, textOf, textsOf } from '../reading/json-fields.ts';

/** @see readProductIdentity */
export interface ReadProduct {
  readonly product: ProductIdentity;
  /** How its versions are ordered where they do not say so themselves. */
  readonly scheme: VersionScheme;
}

/**
 * Reads the names of a product of a CVE record (CVE JSON 5.1 schema, `product`).
 *
 * @returns undefined where it has none: sources write `n/a` for what they do not tell
 */
export function readProductIdentity(product: JsonRecord): ReadProduct | undefined {
  const vendor = named(product.vendor);
  const title = named(product.product);
  const packageName = named(product.packageName);
  const registry = registryOf(textOf(product.collectionURL));
  const cpes = textsOf(product.cpes).map(withoutVersion);
  const purl = packageName && registry ? purlOf(registry, packageName) : '';
  const platforms = [...textsOf(product.platforms), ...textsOf(product.modules).map((module) => `module ${module}`)];
  // A distribution names the package apart, and itself as the product: the package is what weaknesses are in.
  const isDistribution = packageName !== '' && registry?.isDistribution === true;
  if (isDistribution && title !== '') platforms.unshift(title);
  const name = isDistribution ? packageName : title || packageName;
  if (name === '' && cpes.length === 0 && purl === '') return undefined;
  return {
    product: {
      vendor,
      name,
      cpes: isDistribution ? [] : [...new Set(cpes)],
      purls: purl === '' ? [] : [purl],
      platforms: [...new Set(isDistribution ? [...platforms, ...cpes] : platforms)],
    },
    scheme: registry?.scheme ?? 'generic',
  };
}

interface Registry {
  readonly host: RegExp;
  readonly type: string;
  readonly scheme: VersionScheme;
  readonly namespace?: string;
  readonly isDistribution?: boolean;
}

/** Collections that records name in `collectionURL`, and the type of their packages (ECMA-427, purl types). */
const REGISTRIES: readonly Registry[] = [
  { host: /(^|\.)npmjs\.(org|com)$/, type: 'npm', scheme: 'semver' },
  { host: /(^|\.)pypi\.(org|python\.org)$/, type: 'pypi', scheme: 'pypi' },
  {
    host: /^(repo1?|central|search)\.maven\.(apache\.)?org$|^(central\.sonatype\.com|mvnrepository\.com)$/,
    type: 'maven',
    scheme: 'maven',
  },
  { host: /(^|\.)packagist\.org$/, type: 'composer', scheme: 'packagist' },
  { host: /(^|\.)crates\.io$/, type: 'cargo', scheme: 'semver' },
  { host: /(^|\.)rubygems\.org$/, type: 'gem', scheme: 'rubygems' },
  { host: /(^|\.)nuget\.org$/, type: 'nuget', scheme: 'nuget' },
  { host: /^(pkg\.go\.dev|proxy\.golang\.org|go\.dev)$/, type: 'golang', scheme: 'semver' },
  { host: /^hackage\.haskell\.org$/, type: 'hackage', scheme: 'hackage' },
  { host: /^(pub\.dev|pub\.dartlang\.org)$/, type: 'pub', scheme: 'pub' },
  { host: /^cran\.r-project\.org$/, type: 'cran', scheme: 'cran' },
  { host: /^(hex\.pm|repo\.hex\.pm)$/, type: 'hex', scheme: 'semver' },
  { host: /^access\.redhat\.com$/, type: 'rpm', scheme: 'rpm', namespace: 'redhat', isDistribution: true },
  { host: /^packages\.fedoraproject\.org$/, type: 'rpm', scheme: 'rpm', namespace: 'fedora', isDistribution: true },
  {
    host: /^(packages|security-tracker|tracker)\.debian\.org$/,
    type: 'deb',
    scheme: 'debian',
    namespace: 'debian',
    isDistribution: true,
  },
  {
    host: /^(packages\.ubuntu\.com|launchpad\.net)$/,
    type: 'deb',
    scheme: 'debian',
    namespace: 'ubuntu',
    isDistribution: true,
  },
];

function registryOf(url: string): Registry | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  return REGISTRIES.find(({ host }) => host.test(hostname));
}

function purlOf({ type, namespace }: Registry, name: string): string {
  const parts = (type === 'maven' ? name.replace(':', '/') : name).split('/');
  const path = (namespace === undefined ? parts : [namespace, ...parts]).map((part) => encodeURIComponent(part));
  const lower = type === 'pypi' ? path.map((part) => part.toLowerCase().replaceAll('_', '-')) : path;
  return `pkg:${type}/${lower.join('/')}`;
}

function named(value: unknown): string {
  const text = textOf(value);
  return /^(?:n\/?a|-|unknown|unspecified|none|\[unknown\])$/i.test(text) ? '' : text;
}

const VERSION = 5;
const UPDATE = 6;

/** @returns the formatted string of CPE 2.3 with any version and update; versions are told apart */
function withoutVersion(cpe: string): string {
  if (!cpe.startsWith('cpe:2.3:')) return cpe;
  const parts = cpe.split(/(?<!\\):/);
  for (const at of [VERSION, UPDATE]) if (parts[at] !== undefined) parts[at] = '*';
  return parts.join(':');
}
