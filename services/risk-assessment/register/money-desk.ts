import {
  type LossRange,
  missingFigures,
  type RegisterEntry,
  rangeOfLosses,
  simulateLosses,
  sumLosses,
} from '@sphinx/risk';

/** Ranges that are kept: a register has some dozens of entries. */
const MOST_KEPT = 500;

/** Money of one entry: a range, or which figures are wanted. */
export interface EntryMoney {
  readonly range: LossRange | null;
  readonly missing: readonly string[];
}

/** Loss in money of entries and of all together. What was simulated is kept: the same figures give the same years. */
export class MoneyDesk {
  readonly #losses = new Map<string, Float64Array>();

  of(entry: RegisterEntry): EntryMoney {
    const missing = missingFigures(entry.money);
    const losses = this.#of(entry);
    if (losses === undefined || entry.money === null) return { range: null, missing };
    return { range: rangeOfLosses(losses, entry.money.currency), missing };
  }

  /** @returns range of all open entries together by currency; entries without figures are not among them */
  together(entries: readonly RegisterEntry[]): readonly { readonly range: LossRange; readonly count: number }[] {
    const withFigures = entries.filter((entry) => entry.status === 'open' && this.#of(entry) !== undefined);
    return [...Map.groupBy(withFigures, ({ money }) => money?.currency ?? '')].map(([currency, group]) => ({
      range: rangeOfLosses(sumLosses(group.flatMap((entry) => this.#of(entry) ?? [])), currency),
      count: group.length,
    }));
  }

  #of({ id, money }: RegisterEntry): Float64Array | undefined {
    if (money === null) return undefined;
    const { basis: _basis, ...figures } = money;
    const key = `${id}|${JSON.stringify(figures)}`;
    const known = this.#losses.get(key);
    if (known !== undefined) return known;
    // The seed is the entry: changed figures are seen as such, not as other luck.
    const losses = simulateLosses(money, id);
    if (losses === undefined) return undefined;
    if (this.#losses.size >= MOST_KEPT) this.#losses.clear();
    this.#losses.set(key, losses);
    return losses;
  }
}
