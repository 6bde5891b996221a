import type { Advisory } from '../advisory.ts';
import { type NameBook, NO_NAMES_KNOWN } from '../identity/name-book.ts';
import { judgeSoftware, type ReadProduct, type ReadSoftware, readProduct, readSoftware } from './judge-software.ts';
import type { SoftwareItem, SoftwareMatch } from './software.ts';

/** Advisories by the names of their products: one item is compared with those few that share a name with it. */
export class AdvisoryIndex {
  readonly #byName = new Map<string, Map<Advisory, ReadProduct[]>>();

  readonly #book: NameBook;

  /** @param advisories those that are withdrawn are left out @param book names under which companies and products are known */
  constructor(advisories: Iterable<Advisory> = [], book: NameBook = NO_NAMES_KNOWN) {
    this.#book = book;
    for (const advisory of advisories) this.add(advisory);
  }

  add(advisory: Advisory): void {
    if (advisory.isWithdrawn) return;
    for (const product of advisory.affected.map(readProduct)) {
      for (const name of product.names) {
        const ofName = this.#byName.get(name) ?? new Map<Advisory, ReadProduct[]>();
        this.#byName.set(name, ofName);
        const products = ofName.get(advisory);
        if (products === undefined) ofName.set(advisory, [product]);
        else products.push(product);
      }
    }
  }

  /** @returns one match for each advisory that is about the item, whatever it says of it */
  match(item: SoftwareItem): readonly SoftwareMatch[] {
    const software = readSoftware(item, this.#book);
    const products = new Map<Advisory, Set<ReadProduct>>();
    for (const name of software.names) {
      for (const [advisory, ofName] of this.#byName.get(name) ?? []) {
        const known = products.get(advisory);
        if (known === undefined) products.set(advisory, new Set(ofName));
        else for (const product of ofName) known.add(product);
      }
    }
    return [...products].flatMap(([advisory, some]) => judgeSoftware(software, advisory, [...some]) ?? []);
  }
}

/** Software by its names: one advisory is compared with those items that share a name with its products. */
export class SoftwareIndex {
  readonly #byName = new Map<string, Set<ReadSoftware>>();
  readonly #read = new Map<SoftwareItem, ReadSoftware>();

  readonly #book: NameBook;

  /** @param book names under which companies and products are known */
  constructor(items: Iterable<SoftwareItem> = [], book: NameBook = NO_NAMES_KNOWN) {
    this.#book = book;
    for (const item of items) this.add(item);
  }

  add(item: SoftwareItem): void {
    const software = readSoftware(item, this.#book);
    this.#read.set(item, software);
    for (const name of software.names) {
      const ofName = this.#byName.get(name);
      if (ofName === undefined) this.#byName.set(name, new Set([software]));
      else ofName.add(software);
    }
  }

  /** @param item the object that was added */
  remove(item: SoftwareItem): void {
    const software = this.#read.get(item);
    this.#read.delete(item);
    if (software === undefined) return;
    for (const name of software.names) {
      const ofName = this.#byName.get(name);
      ofName?.delete(software);
      if (ofName?.size === 0) this.#byName.delete(name);
    }
  }

  /** Plain names under which the items are found. */
  names(): IterableIterator<string> {
    return this.#byName.keys();
  }

  /** @returns one match for each item that the advisory is about, whatever it says of it; none for one that is withdrawn */
  match(advisory: Advisory): readonly SoftwareMatch[] {
    return this.matchProducts(advisory, advisory.affected.map(readProduct));
  }

  /** @param read the products of the advisory */
  matchProducts(advisory: Advisory, read: readonly ReadProduct[]): readonly SoftwareMatch[] {
    if (advisory.isWithdrawn) return [];
    const products = new Map<ReadSoftware, Set<ReadProduct>>();
    for (const product of read) {
      for (const name of product.names) {
        for (const software of this.#byName.get(name) ?? []) {
          const known = products.get(software);
          if (known === undefined) products.set(software, new Set([product]));
          else known.add(product);
        }
      }
    }
    return [...products].flatMap(([software, some]) => judgeSoftware(software, advisory, [...some]) ?? []);
  }
}
