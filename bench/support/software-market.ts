import type { Advisory, AffectedProduct } from '@sphinx/vulnerabilities';

/** Software that devices may have: products by number, those in most records first. */
export interface Market {
  productOf(number: number): { readonly vendor: string; readonly name: string };
  /** @returns a version that somebody may have installed */
  versionOf(number: number, random: () => number): string;
}

/** A product of a feed, and some of the versions that its records name. */
export type ObservedProduct = readonly [vendor: string, name: string, versions: readonly string[]];

const MOST_VERSIONS = 20;

/** Notes the products of records that go through. */
export function observeMarket(advisories: AsyncIterable<Advisory>) {
  const seen = new Map<string, { count: number; readonly product: ObservedProduct; readonly versions: string[] }>();
  const note = ({ product: { vendor, name }, versions }: AffectedProduct) => {
    const key = `${vendor}\n${name}`;
    const known = seen.get(key) ?? { count: 0, versions: [], product: [vendor, name, []] as const };
    seen.set(key, known);
    known.count += 1;
    for (const { range } of versions) {
      for (const { from, to } of range.intervals) {
        const version = to?.version ?? from?.version;
        if (version !== undefined && known.versions.length < MOST_VERSIONS) known.versions.push(version);
      }
    }
  };
  return {
    advisories: (async function* () {
      for await (const advisory of advisories) {
        for (const entry of advisory.affected) note(entry);
        yield advisory;
      }
    })(),
    products: (): readonly ObservedProduct[] =>
      [...seen.values()]
        .sort((a, b) => b.count - a.count)
        .map(({ product: [vendor, name], versions }) => [vendor, name, versions]),
  };
}

export function marketOf(products: readonly ObservedProduct[]): Market {
  const at = (number: number): ObservedProduct => products[number % products.length] ?? ['', 'nothing', []];
  return {
    productOf: (number) => {
      const [vendor, name] = at(number);
      return { vendor, name };
    },
    versionOf: (number, random) => {
      const [, , versions] = at(number);
      return versions[Math.floor(random() * versions.length)] ?? '';
    },
  };
}
