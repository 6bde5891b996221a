import type { Rule } from '../rule.ts';

/** What a rule has cost and brought so far. */
export interface RuleCost {
  /** How often its conditions were looked at. */
  looks: number;
  matches: number;
  /** In milliseconds of the clock that was given. */
  milliseconds: number;
}

/** Measures what each rule costs; only where somebody asks, because the clock costs as much as a cheap rule. */
export class RuleCosts {
  readonly #costs = new Map<Rule, RuleCost>();
  readonly now: () => number;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(now: () => number) {
    this.now = now;
  }

  add(rule: Rule, milliseconds: number, isMatch: boolean): void {
    let cost = this.#costs.get(rule);
    if (cost === undefined) {
      cost = { looks: 0, matches: 0, milliseconds: 0 };
      this.#costs.set(rule, cost);
    }
    cost.looks += 1;
    cost.milliseconds += milliseconds;
    if (isMatch) cost.matches += 1;
  }

  /** @returns rules that were looked at since the last call, the dearest first */
  take(): readonly { readonly rule: Rule; readonly cost: Readonly<RuleCost> }[] {
    const taken = [...this.#costs].map(([rule, cost]) => ({ rule, cost }));
    this.#costs.clear();
    return taken.sort((a, b) => b.cost.milliseconds - a.cost.milliseconds);
  }
}
