import type { ProductIdentity } from '../advisory.ts';
import { plainName } from '../identity/plain-name.ts';
import { nameOfDevice } from './device-names.ts';
import { nameOfPurl, namesOfCpe } from './product-names.ts';
import type { ReadSoftware } from './read-software.ts';

/** A product as advisories name it, with its names read once. */
export interface ReadProduct {
  readonly names: readonly string[];
  /** Plain names of its makers. */
  readonly vendors: readonly string[];
  readonly cpes: readonly { readonly vendor: string; readonly product: string }[];
  readonly purls: readonly string[];
  /** A package of distributions, as they speak of it: their names in package URLs; undefined for what its maker speaks of. */
  readonly distributions: readonly string[] | undefined;
  /** Releases of distributions that it is for; empty where the source names none. */
  readonly releases: readonly string[];
}

const DISTRIBUTION = /^pkg:(?:rpm|deb|apk)\//;
const RELEASE = /(?:linux|fedora|debian|ubuntu)[ _:]+(?:linux[ _:]+)?(\d+)/i;

export function readProduct(product: ProductIdentity): ReadProduct {
  const cpes = product.cpes.flatMap((cpe) => namesOfCpe(cpe) ?? []);
  const isOwn = isOfDistribution(product);
  return {
    names: namesOfProduct(product),
    vendors: [plainName(product.vendor), ...cpes.map(({ vendor }) => vendor)].filter((one) => one !== ''),
    cpes,
    purls: product.purls.flatMap((purl) => nameOfPurl(purl) ?? []),
    distributions: isOwn ? product.purls.map((purl) => purl.split('/')[1] ?? '') : undefined,
    releases: isOwn ? product.platforms.flatMap((platform) => RELEASE.exec(platform)?.[1] ?? []) : [],
  };
}

/** As in `Windows 10 Version 22H2 for x64-based Systems`, `Windows Server 2019 (Server Core installation)`. */
const EDITION =
  /(?:\s+for\s+(?:x64|arm64|itanium)-based\s+systems|\s+for\s+32-bit\s+systems|\s+\(server core installation\))+/gi;

/** @returns whether it is a package of a distribution, as the distribution speaks of it */
export function isOfDistribution({ purls }: ProductIdentity): boolean {
  return purls.some((purl) => DISTRIBUTION.test(purl));
}

/** @returns plain names under which a product is looked up */
export function namesOfProduct(product: ProductIdentity): readonly string[] {
  const vendor = plainName(product.vendor);
  const name = plainName(product.name);
  const names = new Set([name, plainName(product.name.split('/').at(-1) ?? '')]);
  // `Microsoft Windows` of Microsoft is also called `Windows`.
  if (vendor !== '' && name.startsWith(vendor) && name.length > vendor.length + 1) names.add(name.slice(vendor.length));
  // The same updates are for every kind of processor, and for installations without windows.
  if (vendor === 'microsoft') names.add(plainName(product.name.replace(EDITION, '')));
  for (const cpe of product.cpes) names.add(namesOfCpe(cpe)?.product ?? '');
  for (const purl of product.purls) names.add(plainName(nameOfPurl(purl)?.split('/').at(-1) ?? ''));
  for (const { kind, text } of product.marks ?? [])
    if (kind === 'model' && !/[*?]/.test(text)) names.add(plainName(text));
  names.add(nameOfDevice(product.vendor, product.name));
  return [...names].filter((one) => one.length > 0);
}

/** @returns which names an item and a product share, as place in `IDENTITIES`; -1 where the product is another one */
export function identityOf(software: ReadSoftware, product: ReadProduct): number {
  if (product.distributions !== undefined && !isSameDistribution(software, product)) return -1;
  const { cpe, purl } = software;
  if (purl !== undefined && product.purls.includes(purl)) return 0;
  if (cpe && product.cpes.some((other) => other.product === cpe.product && other.vendor === cpe.vendor)) return 1;
  if (!product.names.some((name) => software.names.includes(name))) return -1;
  const own = software.vendors;
  if (own.length === 0 || product.vendors.length === 0) return 3;
  return own.some((one) => product.vendors.some((other) => one.startsWith(other) || other.startsWith(one))) ? 2 : -1;
}

function isSameDistribution({ ofDistribution }: ReadSoftware, { distributions, releases }: ReadProduct): boolean {
  const distribution = ofDistribution?.distribution;
  if (distribution === undefined || !distributions?.includes(distribution)) return false;
  return releases.length === 0 || ofDistribution?.release === '' || releases.includes(ofDistribution?.release ?? '');
}
