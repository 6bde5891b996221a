import type { Advisory, AffectedProduct, AffectedStatus, VersionRange } from '../advisory.ts';
import { type NameBook, NO_NAMES_KNOWN } from '../identity/name-book.ts';
import { plainName } from '../identity/plain-name.ts';
import { compareVersions, isReadableVersion } from '../versions/compare-versions.ts';
import { describeRange, isInRange } from '../versions/range.ts';
import { nameOfDevice } from './device-names.ts';
import { type DistributionVersion, javaVersion, readDistributionVersion } from './distribution-version.ts';
import { nameOfPurl, namesOfCpe, namesOfPackage } from './product-names.ts';
import type { SoftwareItem, SoftwareMatch } from './software.ts';

/** A software item with its names and versions read once. */
export interface ReadSoftware {
  readonly item: SoftwareItem;
  readonly names: readonly string[];
  /** Plain names of its maker, under all of which advisories may name it. */
  readonly vendors: readonly string[];
  readonly purl: string | undefined;
  readonly cpe: { readonly vendor: string; readonly product: string } | undefined;
  readonly ofDistribution: DistributionVersion | undefined;
  /** Version as its maker has it. */
  readonly upstream: string;
}

/** @param book names under which companies and products are known */
export function readSoftware(item: SoftwareItem, book: NameBook = NO_NAMES_KNOWN): ReadSoftware {
  const cpe = item.cpe === undefined ? undefined : namesOfCpe(item.cpe);
  const purl = item.purl === undefined ? undefined : nameOfPurl(item.purl);
  const ofDistribution = readDistributionVersion(item.version);
  const names = [
    ...namesOfPackage(item.name),
    ...(cpe ? [cpe.product] : []),
    ...book.namesOfProduct(item.vendor, item.name),
    nameOfDevice(item.vendor, item.name),
  ];
  const upstream = ofDistribution?.upstream ?? item.version;
  const isJava = names.includes('openjdk');
  return {
    item,
    names: [...new Set(names)].filter((name) => name !== ''),
    vendors: [
      ...new Set(
        [item.vendor, cpe?.vendor ?? ''].filter((one) => one !== '').flatMap((one) => book.namesOfVendor(one)),
      ),
    ],
    purl,
    cpe,
    ofDistribution,
    upstream: isJava ? javaVersion(upstream) : upstream,
  };
}

/** What an advisory says of a product, with its names read once. */
export interface ReadProduct {
  readonly entry: AffectedProduct;
  readonly names: readonly string[];
  /** Plain names of its makers. */
  readonly vendors: readonly string[];
  readonly cpes: readonly { readonly vendor: string; readonly product: string }[];
  readonly purls: readonly string[];
  /** A package of a distribution, as the distribution speaks of it. */
  readonly isOfDistribution: boolean;
}

export function readProduct(entry: AffectedProduct): ReadProduct {
  const { product } = entry;
  const cpes = product.cpes.flatMap((cpe) => namesOfCpe(cpe) ?? []);
  return {
    entry,
    names: namesOfProduct(entry),
    vendors: [plainName(product.vendor), ...cpes.map(({ vendor }) => vendor)].filter((one) => one !== ''),
    cpes,
    purls: product.purls.flatMap((purl) => nameOfPurl(purl) ?? []),
    isOfDistribution: product.purls.some((purl) => DISTRIBUTION.test(purl)),
  };
}

const DISTRIBUTION = /^pkg:(?:rpm|deb|apk)\//;

/** @returns plain names under which an affected product is looked up */
export function namesOfProduct({ product }: AffectedProduct): readonly string[] {
  const vendor = plainName(product.vendor);
  const name = plainName(product.name);
  const names = new Set([name, plainName(product.name.split('/').at(-1) ?? '')]);
  // `Microsoft Windows` of Microsoft is also called `Windows`.
  if (vendor !== '' && name.startsWith(vendor) && name.length > vendor.length + 1) names.add(name.slice(vendor.length));
  for (const cpe of product.cpes) names.add(namesOfCpe(cpe)?.product ?? '');
  for (const purl of product.purls) names.add(plainName(nameOfPurl(purl)?.split('/').at(-1) ?? ''));
  for (const { kind, text } of product.marks ?? [])
    if (kind === 'model' && !/[*?]/.test(text)) names.add(plainName(text));
  names.add(nameOfDevice(product.vendor, product.name));
  return [...names].filter((one) => one.length > 0);
}

/**
 * Tells whether an item is concerned by an advisory, from the products of the advisory that share a name with it. What a
 * distribution says of its own package decides before what the maker says of versions.
 *
 * @returns undefined where no entry is about the item
 */
export function judgeSoftware(
  software: ReadSoftware,
  advisory: Advisory,
  products: readonly ReadProduct[],
): SoftwareMatch | undefined {
  const judged = products.flatMap((product) => {
    const { entry, isOfDistribution: isOwn } = product;
    const identity = identityOf(software, product);
    if (identity === undefined || (isOwn && !isSameDistribution(software, entry))) return [];
    return [{ isOwn, identity, product: entry.product, ...judgeEntry(software, entry, isOwn) }];
  });
  const own = judged.filter(({ isOwn }) => isOwn);
  const [best] = (own.length > 0 ? own : judged).sort((a, b) => weight(b) - weight(a));
  if (best === undefined) return undefined;
  const { isOwn, ...match } = best;
  const mayBeMended = match.status === 'affected' && software.ofDistribution !== undefined && !isOwn;
  return { advisory, item: software.item, mayBeMended, ...match };
}

const IDENTITY_WEIGHT = { purl: 3, cpe: 3, 'vendor-and-name': 2, name: 1 } as const;
const STATUS_WEIGHT: Readonly<Record<AffectedStatus, number>> = {
  affected: 4,
  fixed: 3,
  'not-affected': 2,
  'under-investigation': 1,
  unknown: 0,
};

/** Affected by one entry is affected; a status says more than none; the better name breaks ties. */
function weight({ status, identity }: Pick<SoftwareMatch, 'status' | 'identity'>): number {
  return STATUS_WEIGHT[status] * 10 + IDENTITY_WEIGHT[identity];
}

function identityOf(software: ReadSoftware, product: ReadProduct): SoftwareMatch['identity'] | undefined {
  const { cpe, purl } = software;
  if (purl !== undefined && product.purls.includes(purl)) return 'purl';
  if (cpe && product.cpes.some((other) => other.product === cpe.product && other.vendor === cpe.vendor)) return 'cpe';
  if (!product.names.some((name) => software.names.includes(name))) return undefined;
  const own = software.vendors;
  if (own.length === 0 || product.vendors.length === 0) return 'name';
  const isSame = own.some((one) => product.vendors.some((other) => one.startsWith(other) || other.startsWith(one)));
  return isSame ? 'vendor-and-name' : undefined;
}

function isSameDistribution({ ofDistribution }: ReadSoftware, { product }: AffectedProduct): boolean {
  const distribution = ofDistribution?.distribution;
  if (ofDistribution === undefined || distribution === undefined) return false;
  if (!product.purls.some((purl) => purl.split('/')[1] === distribution)) return false;
  const releases = product.platforms.flatMap(
    (platform) => /(?:linux|fedora|debian|ubuntu)[ _:]+(?:linux[ _:]+)?(\d+)/i.exec(platform)?.[1] ?? [],
  );
  return releases.length === 0 || ofDistribution.release === '' || releases.includes(ofDistribution.release);
}

type Judgement = Pick<SoftwareMatch, 'status' | 'quality' | 'reason' | 'isUnlisted'>;

function judgeEntry(software: ReadSoftware, entry: AffectedProduct, isOwn: boolean): Judgement {
  const version = isOwn ? software.item.version : software.upstream;
  let unclear: Judgement | undefined;
  for (const { range, status } of entry.versions) {
    const verdict = isInRange(range, version);
    if (verdict.isIn === 'yes') {
      return { status, quality: isExact(range, version) ? 'exact-version' : 'range', reason: verdict.reason };
    }
    if (verdict.isIn === 'unknown') unclear ??= { status: 'unknown', quality: 'product', reason: verdict.reason };
  }
  if (unclear !== undefined) return unclear;
  if (entry.versions.length === 0) {
    return { status: entry.otherVersions, quality: 'product', reason: 'the source names no versions' };
  }
  if (entry.otherVersions !== 'unknown') {
    return { status: entry.otherVersions, quality: 'range', reason: `${version} is in no range that the source names` };
  }
  return judgeBeyond(entry, version);
}

function isExact({ intervals }: VersionRange, version: string): boolean {
  return intervals.some(({ from, to }) => from?.version === version && to?.version === version);
}

/** A range that ends before a version names it as the first without the weakness, though the source does not say so of it. */
function judgeBeyond(entry: AffectedProduct, version: string): Judgement {
  const affected = entry.versions.filter(({ status }) => status === 'affected');
  const isBeyond = affected.every(({ range }) =>
    range.intervals.every(
      ({ to }) =>
        to !== undefined &&
        isReadableVersion(range.scheme, version) &&
        compareVersions(range.scheme, version, to.version) >= (to.isInclusive ? 1 : 0),
    ),
  );
  const hasEnd = affected.some(({ range }) =>
    range.intervals.some(({ from, to }) => to !== undefined && from?.version !== to.version),
  );
  if (affected.length > 0 && isBeyond && hasEnd) {
    const ranges = affected.map(({ range }) => describeRange(range)).join(', or ');
    return { status: 'fixed', quality: 'range', reason: `${version} is newer than what is affected: ${ranges}` };
  }
  return { status: 'unknown', quality: 'product', reason: `the source says nothing of ${version}`, isUnlisted: true };
}
