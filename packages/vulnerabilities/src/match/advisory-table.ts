import type { AffectedProduct } from '../advisory.ts';
import { EntryList } from './entry-list.ts';
import type { Decision } from './explain.ts';
import { ProductNumbers } from './interned.ts';
import { isStronger, type Judgement, ofEntry, ofItem } from './judgement.ts';
import type { SoftwareIndex } from './match-index.ts';
import { identityOf } from './read-product.ts';
import type { ReadSoftware } from './read-software.ts';

// Advisories by number, and what they say of which product: the way from an item to the advisories about it, and back. Hot path,
// guarded by `npm run bench -- vulnerabilities`.

const NONE = -1;

/** What advisories say of products, in little memory. */
export class AdvisoryTable {
  readonly #products = new ProductNumbers();
  readonly #entries = new EntryList();
  /** Products by plain name; most names are of one. */
  readonly #byName = new Map<string, number | number[]>();
  /** Last entry of each product. */
  readonly #lastOf: number[] = [];
  /** First entry of each advisory: its entries are in a row. */
  readonly #firstOf: number[] = [];
  readonly #isGone: boolean[] = [];
  /** Of each advisory the strongest judgement of an item that is being compared, and its entry; -1 between comparisons. */
  #best = new Int32Array(0);
  #bestEntry = new Int32Array(0);

  /** @param affected none where the advisory was withdrawn @returns the number of the advisory; numbers are never given twice */
  add(affected: readonly AffectedProduct[]): number {
    const advisory = this.#firstOf.length;
    this.#firstOf.push(this.#entries.end);
    this.#isGone.push(false);
    for (const entry of affected) {
      const product = this.#numberOf(entry);
      this.#lastOf[product] = this.#entries.add(this.#lastOf[product] ?? NONE, advisory, product, entry);
    }
    return advisory;
  }

  /** Takes an advisory out; its place stays empty. */
  remove(advisory: number): void {
    this.#isGone[advisory] = true;
  }

  /** @param tell told of each advisory that is about the item, whatever it says of it, once */
  judgeItem(software: ReadSoftware, tell: (advisory: number, judgement: Judgement) => void): void {
    this.#grow();
    const advisories: number[] = [];
    for (const product of this.#sharing(software.names)) {
      const { distributions } = this.#products.read(product);
      const identity = identityOf(software, this.#products.read(product));
      if (identity === NONE) continue;
      const isOwn = distributions !== undefined;
      const version = isOwn ? software.version : software.upstream;
      for (let at = this.#lastOf[product] ?? NONE; at !== NONE; at = this.#entries.nextOf(at)) {
        const advisory = this.#entries.advisoryOf(at);
        if (this.#isGone[advisory] === true) continue;
        const judgement = ofEntry(this.#entries.judge(at, version), identity, isOwn);
        const best = this.#best[advisory] ?? NONE;
        if (best === NONE) advisories.push(advisory);
        else if (!isPreferred(judgement, at, best, this.#bestEntry[advisory] ?? 0)) continue;
        this.#best[advisory] = judgement;
        this.#bestEntry[advisory] = at;
      }
    }
    const isUnsure = mayBeMended(software);
    for (const advisory of advisories) {
      tell(advisory, ofItem(this.#best[advisory] ?? 0, isUnsure));
      this.#best[advisory] = NONE;
    }
  }

  /** @param tell told of each item of a list that an advisory is about, whatever it says of it, once */
  judgeList(advisory: number, list: SoftwareIndex, tell: (software: ReadSoftware, judgement: Judgement) => void): void {
    if (this.#isGone[advisory] === true) return;
    const best = new Map<ReadSoftware, Judgement>();
    for (let at = this.#firstOf[advisory] ?? 0; at < this.#endOf(advisory); at = this.#entries.after(at)) {
      const product = this.#products.read(this.#entries.productOf(at));
      const isOwn = product.distributions !== undefined;
      for (const software of list.sharing(product.names)) {
        const identity = identityOf(software, product);
        if (identity === NONE) continue;
        const version = isOwn ? software.version : software.upstream;
        const judgement = ofEntry(this.#entries.judge(at, version), identity, isOwn);
        const before = best.get(software);
        if (before === undefined || isStronger(judgement, before)) best.set(software, judgement);
      }
    }
    for (const [software, judgement] of best) tell(software, ofItem(judgement, mayBeMended(software)));
  }

  /** @returns what an advisory says of an item, and what decided it; undefined where it is about something else */
  decide(advisory: number, software: ReadSoftware): Decision | undefined {
    let decision: Decision | undefined;
    let entry = 0;
    for (let at = this.#firstOf[advisory] ?? 0; at < this.#endOf(advisory); at = this.#entries.after(at)) {
      const product = this.#products.read(this.#entries.productOf(at));
      const identity = sharesName(software, product.names) ? identityOf(software, product) : NONE;
      if (identity !== NONE) {
        const isOwn = product.distributions !== undefined;
        const judged = this.#entries.judge(at, isOwn ? software.version : software.upstream);
        const judgement = ofEntry(judged, identity, isOwn);
        if (decision === undefined || isStronger(judgement, decision.judgement)) {
          decision = { judgement, entry, decidedBy: this.#entries.decidedBy };
        }
      }
      entry += 1;
    }
    return decision && { ...decision, judgement: ofItem(decision.judgement, mayBeMended(software)) };
  }

  #numberOf({ product }: AffectedProduct): number {
    const known = this.#products.size;
    const number = this.#products.numberOf(product);
    if (number < known) return number;
    for (const name of this.#products.read(number).names) {
      const ofName = this.#byName.get(name);
      if (ofName === undefined) this.#byName.set(name, number);
      else if (typeof ofName === 'number') this.#byName.set(name, [ofName, number]);
      else ofName.push(number);
    }
    return number;
  }

  #sharing(names: readonly string[]): ReadonlySet<number> {
    const products = new Set<number>();
    for (const name of names) {
      const ofName = this.#byName.get(name);
      if (typeof ofName === 'number') products.add(ofName);
      else for (const product of ofName ?? []) products.add(product);
    }
    return products;
  }

  #endOf(advisory: number): number {
    return this.#firstOf[advisory + 1] ?? this.#entries.end;
  }

  #grow(): void {
    const { length } = this.#firstOf;
    if (this.#best.length >= length) return;
    this.#best = new Int32Array(Math.ceil(length * 1.25)).fill(NONE);
    this.#bestEntry = new Int32Array(this.#best.length);
  }
}

/** Of equal ones that counts which stands first in the advisory. */
function isPreferred(judgement: Judgement, at: number, best: Judgement, bestAt: number): boolean {
  return isStronger(judgement, best) || (at < bestAt && !isStronger(best, judgement));
}

function sharesName({ names }: ReadSoftware, others: readonly string[]): boolean {
  return others.some((name) => names.includes(name));
}

/** A distribution mends without another version of the maker, and of some systems only the least version is known. */
function mayBeMended({ ofDistribution, item }: ReadSoftware): boolean {
  return ofDistribution !== undefined || item.isAtLeast === true;
}
