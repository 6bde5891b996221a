import { type NameBook, NO_NAMES_KNOWN } from '../identity/name-book.ts';
import { InstalledVersion } from '../versions/installed-version.ts';
import { nameOfDevice } from './device-names.ts';
import { type DistributionVersion, javaVersion, readDistributionVersion } from './distribution-version.ts';
import { nameOfPurl, namesOfCpe, namesOfPackage } from './product-names.ts';
import type { SoftwareItem } from './software.ts';

/** A software item with its names and versions read once. */
export interface ReadSoftware {
  readonly item: SoftwareItem;
  readonly names: readonly string[];
  /** Plain names of its maker, under all of which advisories may name it. */
  readonly vendors: readonly string[];
  readonly purl: string | undefined;
  readonly cpe: { readonly vendor: string; readonly product: string } | undefined;
  readonly ofDistribution: DistributionVersion | undefined;
  /** As the inventory has it: of a distribution's package that of the package. */
  readonly version: InstalledVersion;
  /** As its maker has it. */
  readonly upstream: InstalledVersion;
}

/** @param book names under which companies and products are known */
export function readSoftware(item: SoftwareItem, book: NameBook = NO_NAMES_KNOWN): ReadSoftware {
  const cpe = item.cpe === undefined ? undefined : namesOfCpe(item.cpe);
  const ofDistribution = readDistributionVersion(item.version);
  const names = [
    ...namesOfPackage(item.name),
    ...(cpe ? [cpe.product] : []),
    ...book.namesOfProduct(item.vendor, item.name),
    nameOfDevice(item.vendor, item.name),
  ];
  const vendors = [item.vendor, cpe?.vendor ?? ''].filter((one) => one !== '');
  const upstream = ofDistribution?.upstream ?? item.version;
  const makersVersion = names.includes('openjdk') ? javaVersion(upstream) : upstream;
  const version = new InstalledVersion(item.version);
  return {
    item,
    names: [...new Set(names)].filter((name) => name !== ''),
    vendors: [...new Set(vendors.flatMap((one) => book.namesOfVendor(one)))],
    purl: item.purl === undefined ? undefined : nameOfPurl(item.purl),
    cpe,
    ofDistribution,
    version,
    upstream: makersVersion === item.version ? version : new InstalledVersion(makersVersion),
  };
}
