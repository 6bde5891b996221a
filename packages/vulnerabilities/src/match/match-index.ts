import type { Advisory } from '../advisory.ts';
import { type NameBook, NO_NAMES_KNOWN } from '../identity/name-book.ts';
import { AdvisoryTable } from './advisory-table.ts';
import { explain } from './explain.ts';
import { type ReadSoftware, readSoftware } from './read-software.ts';
import type { SoftwareItem, SoftwareMatch } from './software.ts';

/** Advisories by the names of their products: one item is compared with those few that share a name with it. */
export class AdvisoryIndex {
  readonly #table = new AdvisoryTable();
  readonly #advisories: Advisory[] = [];
  readonly #book: NameBook;

  /** @param advisories those that are withdrawn are left out @param book names under which companies and products are known */
  constructor(advisories: Iterable<Advisory> = [], book: NameBook = NO_NAMES_KNOWN) {
    this.#book = book;
    for (const advisory of advisories) this.add(advisory);
  }

  add(advisory: Advisory): void {
    if (advisory.isWithdrawn) return;
    this.#advisories[this.#table.add(advisory.affected)] = advisory;
  }

  /** @returns one match for each advisory that is about the item, whatever it says of it */
  match(item: SoftwareItem): readonly SoftwareMatch[] {
    const software = readSoftware(item, this.#book);
    const numbers: number[] = [];
    this.#table.judgeItem(software, (number) => numbers.push(number));
    return numbers.flatMap((number) => {
      const [advisory, decision] = [this.#advisories[number], this.#table.decide(number, software)];
      return advisory === undefined || decision === undefined ? [] : [explain(software, advisory, decision)];
    });
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

  /** @returns an item as those of the list are read; it is not added */
  read(item: SoftwareItem): ReadSoftware {
    return readSoftware(item, this.#book);
  }

  /** @returns the item as it was read */
  add(item: SoftwareItem): ReadSoftware {
    const software = this.read(item);
    this.#read.set(item, software);
    for (const name of software.names) {
      const ofName = this.#byName.get(name);
      if (ofName === undefined) this.#byName.set(name, new Set([software]));
      else ofName.add(software);
    }
    return software;
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

  /** @returns the items that are known under one of the names */
  sharing(names: readonly string[]): Iterable<ReadSoftware> {
    if (names.length === 1) return this.#byName.get(names[0] ?? '') ?? [];
    return new Set(names.flatMap((name) => [...(this.#byName.get(name) ?? [])]));
  }

  /** @returns one match for each item that the advisory is about, whatever it says of it; none for one that is withdrawn */
  match(advisory: Advisory): readonly SoftwareMatch[] {
    const table = new AdvisoryTable();
    const number = table.add(advisory.isWithdrawn ? [] : advisory.affected);
    const matches: SoftwareMatch[] = [];
    table.judgeList(number, this, (software) => {
      const decision = table.decide(number, software);
      if (decision !== undefined) matches.push(explain(software, advisory, decision));
    });
    return matches;
  }
}
