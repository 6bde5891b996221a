import type { Advisory } from '../advisory.ts';
import { type NameBook, NO_NAMES_KNOWN } from '../identity/name-book.ts';
import { AdvisoryTable } from './advisory-table.ts';
import { explain } from './explain.ts';
import type { Judgement } from './judgement.ts';
import type { SoftwareIndex } from './match-index.ts';
import { packAdvisory, unpackAdvisory } from './packed-advisory.ts';
import { type ReadSoftware, readSoftware } from './read-software.ts';
import type { SoftwareItem, SoftwareMatch } from './software.ts';
import { TextList } from './text-list.ts';

// Hundreds of thousands of advisories: what they say of products is in a table of numbers, and the lean form of each is kept as
// compressed text, which is read when somebody asks for it. Guarded by `npm run bench -- vulnerabilities`.

/** Advisories that stay read. Many more would outlive what the collector of young objects looks at, and double the memory of a match. */
const MOST_READ = 512;

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
  readonly #table = new AdvisoryTable();
  readonly #texts = new TextList();
  readonly #keys: string[] = [];
  #read = new Map<number, Advisory>();
  #readBefore = new Map<number, Advisory>();

  /** @param book names under which companies and products are known */
  constructor(book: NameBook = NO_NAMES_KNOWN) {
    this.#book = book;
  }

  /** Advisories in it. */
  get size(): number {
    return this.#numbers.size;
  }

  /** Puts an advisory in, in place of the one with that key. */
  add(key: string, advisory: Advisory): Addition {
    const text = packAdvisory(advisory);
    const before = this.#numbers.get(key);
    if (before !== undefined) {
      if (this.#texts.get(before) === text) return { number: before, isChanged: false };
      this.#table.remove(before);
    }
    this.#texts.add(text);
    const number = this.#table.add(advisory.isWithdrawn ? [] : advisory.affected);
    this.#numbers.set(key, number);
    this.#keys[number] = key;
    return { number, isChanged: true };
  }

  /** @returns false where there is none with that key */
  remove(key: string): boolean {
    const number = this.#numbers.get(key);
    if (number === undefined) return false;
    this.#numbers.delete(key);
    this.#table.remove(number);
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
    return number === undefined ? undefined : this.#open(number);
  }

  /** @returns whether another index holds the very same advisory under a key */
  hasSame(key: string, other: CompactAdvisoryIndex): boolean {
    const [here, there] = [this.#numbers.get(key), other.#numbers.get(key)];
    return here !== undefined && there !== undefined && this.#texts.get(here) === other.#texts.get(there);
  }

  /** @param tell told of each advisory that is about the item, whatever it says of it, once */
  judgeItem(software: ReadSoftware, tell: (key: string, judgement: Judgement) => void): void {
    this.#table.judgeItem(software, (number, judgement) => tell(this.#keys[number] ?? '', judgement));
  }

  /** @param tell told of each item of a list that the advisory with a key is about, whatever it says of it, once */
  judgeList(key: string, list: SoftwareIndex, tell: (software: ReadSoftware, judgement: Judgement) => void): void {
    const number = this.#numbers.get(key);
    if (number !== undefined) this.#table.judgeList(number, list, tell);
  }

  /** @returns one match for each advisory that is about the item, whatever it says of it */
  match(item: SoftwareItem): readonly SoftwareMatch[] {
    const software = readSoftware(item, this.#book);
    const numbers: number[] = [];
    this.#table.judgeItem(software, (number) => numbers.push(number));
    return numbers.flatMap((number) => this.#explain(number, software) ?? []);
  }

  /** @returns what the advisory with a key says of an item; undefined where it is not about the item */
  judgeKey(key: string, software: ReadSoftware): Judgement | undefined {
    const number = this.#numbers.get(key);
    return number === undefined ? undefined : this.#table.decide(number, software)?.judgement;
  }

  /** @returns the same with the reason */
  matchKey(key: string, software: ReadSoftware): SoftwareMatch | undefined {
    const number = this.#numbers.get(key);
    return number === undefined ? undefined : this.#explain(number, software);
  }

  #explain(number: number, software: ReadSoftware): SoftwareMatch | undefined {
    const decision = this.#table.decide(number, software);
    return decision && explain(software, this.#open(number), decision);
  }

  /** Of two generations the older one is let go when the younger is full: what is asked for often stays. */
  #open(number: number): Advisory {
    const known = this.#read.get(number) ?? this.#readBefore.get(number);
    if (known !== undefined && this.#read.has(number)) return known;
    if (this.#read.size >= MOST_READ / 2) {
      this.#readBefore = this.#read;
      this.#read = new Map();
    }
    const opened = known ?? unpackAdvisory(this.#texts.get(number));
    this.#read.set(number, opened);
    return opened;
  }
}
