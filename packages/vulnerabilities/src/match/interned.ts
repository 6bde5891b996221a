import type { ProductIdentity, VersionScheme } from '../advisory.ts';
import { type ReadVersion, readVersion, VERSION_SCHEMES } from '../versions/compare-versions.ts';
import { type ReadProduct, readProduct } from './read-product.ts';

// Advisories name the same products and versions again and again: each is kept once, as text, and read when something in the
// house is compared with it.

/** What stays read; beyond that all is read anew when it is asked for. */
const MOST_READ = 50_000;

/** Products by number. */
export class ProductNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];
  #read = new Map<number, ReadProduct>();

  get size(): number {
    return this.#texts.length;
  }

  /** @returns the number of a product; a new one is `size` of before */
  numberOf({ vendor, name, cpes, purls, platforms, marks }: ProductIdentity): number {
    const text = JSON.stringify([vendor, name, cpes, purls, platforms, ...(marks === undefined ? [] : [marks])]);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#texts.length;
    this.#texts.push(text);
    this.#numbers.set(text, number);
    return number;
  }

  read(number: number): ReadProduct {
    const known = this.#read.get(number);
    if (known !== undefined) return known;
    if (this.#read.size >= MOST_READ) this.#read = new Map();
    const product = readProduct(parseProduct(this.#texts[number] ?? ''));
    this.#read.set(number, product);
    return product;
  }
}

/** Its own text: nothing else is parsed. */
function parseProduct(text: string): ProductIdentity {
  const [vendor, name, cpes, purls, platforms, marks] = JSON.parse(text) as [
    string,
    string,
    readonly string[],
    readonly string[],
    readonly string[],
    ProductIdentity['marks'],
  ];
  return { vendor, name, cpes, purls, platforms, ...(marks === undefined ? {} : { marks }) };
}

/** Versions by number, those of different schemes apart. */
export class VersionNumbers {
  readonly #numbers = VERSION_SCHEMES.map(() => new Map<string, number>());
  readonly #texts: string[] = [];
  /** Places among versions of the scheme; -1 until somebody asks. */
  #places = new Float64Array(256).fill(-1);
  #read = new Map<number, ReadVersion>();

  /** @param scheme place in `VERSION_SCHEMES` */
  numberOf(scheme: number, text: string): number {
    const numbers = this.#numbers[scheme] as Map<string, number>;
    const known = numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#texts.length;
    this.#texts.push(text);
    numbers.set(text, number);
    if (number >= this.#places.length) {
      const places = new Float64Array(Math.ceil(number * 1.5)).fill(-1);
      places.set(this.#places);
      this.#places = places;
    }
    return number;
  }

  /** @param scheme place in `VERSION_SCHEMES` @returns -1 for a version that has no number */
  find(scheme: number, text: string): number {
    return this.#numbers[scheme]?.get(text) ?? -1;
  }

  /** @param scheme the one for which the number was given @returns the place of a version; NaN for one that has none */
  placeOf(scheme: VersionScheme, number: number): number {
    const known = this.#places[number] ?? -1;
    if (known !== -1) return known;
    const { place } = readVersion(scheme, this.#texts[number] ?? '');
    this.#places[number] = place;
    return place;
  }

  /** @param scheme the one for which the number was given */
  read(scheme: VersionScheme, number: number): ReadVersion {
    const known = this.#read.get(number);
    if (known !== undefined) return known;
    if (this.#read.size >= MOST_READ) this.#read = new Map();
    const read = readVersion(scheme, this.#texts[number] ?? '');
    this.#read.set(number, read);
    return read;
  }
}
