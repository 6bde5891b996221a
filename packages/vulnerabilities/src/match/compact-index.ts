import type { Advisory } from '../advisory.ts';
import { type NameBook, NO_NAMES_KNOWN } from '../identity/name-book.ts';
import {
  judgeSoftware,
  namesOfProduct,
  type ReadProduct,
  type ReadSoftware,
  readProduct,
  readSoftware,
} from './judge-software.ts';
import type { SoftwareIndex } from './match-index.ts';
import { packAdvisory, unpackAdvisory } from './packed-advisory.ts';
import type { SoftwareItem, SoftwareMatch } from './software.ts';

// Hundreds of thousands of advisories: each is kept as the bytes of its lean form, and read when a name leads to it.
// Guarded by `npm run bench -- vulnerabilities`.

const SLAB_BYTES = 8 * 1024 * 1024;
/** Advisories that stay read, those that many items share above all. */
const MOST_READ = 40_000;

interface ReadAdvisory {
  readonly advisory: Advisory;
  readonly products: readonly ReadProduct[];
}

/** What became of the index when an advisory was put into it. */
export interface Addition {
  /** Of the advisory from now on; numbers are never given twice. */
  readonly number: number;
  /** False where the same advisory was there already. */
  readonly isChanged: boolean;
}

/** Advisories by the names of their products, in little memory. An advisory has a key of the caller's choice. */
export class CompactAdvisoryIndex {
  readonly #book: NameBook;
  readonly #numbers = new Map<string, number>();
  readonly #byName = new Map<string, number[]>();
  readonly #slabs: Buffer[] = [];
  #filled = SLAB_BYTES;
  /** Slab, first byte and length of each. */
  readonly #places: number[] = [];
  readonly #keys: string[] = [];
  readonly #isGone = new Set<number>();
  #read = new Map<number, ReadAdvisory>();
  #readBefore = new Map<number, ReadAdvisory>();

  /** @param book names under which companies and products are known */
  constructor(book: NameBook = NO_NAMES_KNOWN) {
    this.#book = book;
  }

  /** Advisories in it. */
  get size(): number {
    return this.#numbers.size;
  }

  /** Bytes that advisories take, without their names. */
  get bytes(): number {
    return this.#slabs.length * SLAB_BYTES;
  }

  /** Puts an advisory in, in place of the one with that key. */
  add(key: string, advisory: Advisory): Addition {
    const bytes = Buffer.from(packAdvisory(advisory));
    const before = this.#numbers.get(key);
    if (before !== undefined) {
      if (this.#bytesOf(before).equals(bytes)) return { number: before, isChanged: false };
      this.#isGone.add(before);
    }
    const number = this.#keep(bytes);
    this.#numbers.set(key, number);
    this.#keys[number] = key;
    if (!advisory.isWithdrawn) this.#name(number, advisory);
    return { number, isChanged: true };
  }

  /** @returns false where there is none with that key */
  remove(key: string): boolean {
    const number = this.#numbers.get(key);
    if (number === undefined) return false;
    this.#numbers.delete(key);
    this.#isGone.add(number);
    return true;
  }

  numberOf(key: string): number | undefined {
    return this.#numbers.get(key);
  }

  keys(): IterableIterator<string> {
    return this.#numbers.keys();
  }

  /** @returns the advisory without description, references and texts of remedies; undefined where there is none */
  get(key: string): Advisory | undefined {
    const number = this.#numbers.get(key);
    return number === undefined ? undefined : this.#open(number).advisory;
  }

  /** @returns whether another index holds the very same advisory under a key */
  hasSame(key: string, other: CompactAdvisoryIndex): boolean {
    const [here, there] = [this.#numbers.get(key), other.#numbers.get(key)];
    return here !== undefined && there !== undefined && this.#bytesOf(here).equals(other.#bytesOf(there));
  }

  /** @returns one match for each advisory that is about the item, whatever it says of it */
  match(item: SoftwareItem): readonly SoftwareMatch[] {
    return this.matchKeys(item).map(([, match]) => match);
  }

  /** @returns the same with the key of each advisory */
  matchKeys(item: SoftwareItem): readonly (readonly [key: string, match: SoftwareMatch])[] {
    const software = readSoftware(item, this.#book);
    const numbers = new Set<number>();
    for (const name of software.names) for (const number of this.#byName.get(name) ?? []) numbers.add(number);
    const matches: (readonly [string, SoftwareMatch])[] = [];
    for (const number of numbers) {
      if (this.#isGone.has(number)) continue;
      const match = this.#judge(software, number);
      if (match !== undefined) matches.push([this.#keys[number] ?? '', match]);
    }
    return matches;
  }

  /** @returns undefined where the advisory with that key is not about the item */
  matchKey(key: string, item: SoftwareItem): SoftwareMatch | undefined {
    const number = this.#numbers.get(key);
    return number === undefined ? undefined : this.#judge(readSoftware(item, this.#book), number);
  }

  /** @returns keys of the advisories that share a name of a product with a list of software: nothing else can match */
  keysSharing(list: SoftwareIndex): ReadonlySet<string> {
    const keys = new Set<string>();
    for (const name of list.names()) {
      for (const number of this.#byName.get(name) ?? [])
        if (!this.#isGone.has(number)) keys.add(this.#keys[number] ?? '');
    }
    return keys;
  }

  /** @returns one match for each item of a list that the advisory with a key is about */
  matchList(key: string, list: SoftwareIndex): readonly SoftwareMatch[] {
    const number = this.#numbers.get(key);
    if (number === undefined) return [];
    const { advisory, products } = this.#open(number);
    return list.matchProducts(advisory, products);
  }

  #judge(software: ReadSoftware, number: number): SoftwareMatch | undefined {
    const { advisory, products } = this.#open(number);
    if (advisory.isWithdrawn) return undefined;
    const sharing = products.filter(({ names }) => names.some((name) => software.names.includes(name)));
    return judgeSoftware(software, advisory, sharing);
  }

  #keep(bytes: Buffer): number {
    if (this.#filled + bytes.length > SLAB_BYTES) {
      this.#slabs.push(Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, bytes.length)));
      this.#filled = 0;
    }
    const slab = this.#slabs.length - 1;
    bytes.copy(this.#slabs[slab] as Buffer, this.#filled);
    this.#places.push(slab, this.#filled, bytes.length);
    this.#filled += bytes.length;
    return this.#places.length / 3 - 1;
  }

  #name(number: number, { affected }: Advisory): void {
    for (const name of new Set(affected.flatMap(namesOfProduct))) {
      const ofName = this.#byName.get(name);
      if (ofName === undefined) this.#byName.set(name, [number]);
      else ofName.push(number);
    }
  }

  #bytesOf(number: number): Buffer {
    const [slab, from, length] = [0, 1, 2].map((part) => this.#places[number * 3 + part] ?? 0) as [
      number,
      number,
      number,
    ];
    return (this.#slabs[slab] as Buffer).subarray(from, from + length);
  }

  /** Of two generations the older one is let go when the younger is full: what is asked for often stays. */
  #open(number: number): ReadAdvisory {
    const known = this.#read.get(number) ?? this.#readBefore.get(number);
    if (known !== undefined && this.#read.has(number)) return known;
    if (this.#read.size >= MOST_READ / 2) {
      this.#readBefore = this.#read;
      this.#read = new Map();
    }
    const opened = known ?? readBytes(this.#bytesOf(number));
    this.#read.set(number, opened);
    return opened;
  }
}

function readBytes(bytes: Buffer): ReadAdvisory {
  const advisory = unpackAdvisory(bytes.toString('utf8'));
  return { advisory, products: advisory.affected.map(readProduct) };
}
