import type { MatchState } from './match-state.ts';

/* Hot path: expressions of rules as tests that say where to go on when they hold and when not. Guarded by bench/sigma.ts. */

/** A test that is made when it is come to. */
export interface LazyStep {
  readonly atom: number;
  /** Atom without which it cannot hold; negative where there is none. */
  readonly before: number;
  readonly test: () => boolean;
}

export type Step =
  | { readonly kind: 'atom'; readonly atom: number }
  | { readonly kind: 'lazy'; readonly lazy: LazyStep }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Step[] }
  | { readonly kind: 'not'; readonly item: Step };

/** Where a program ends. */
const HOLDS = -1;
const FAILS = -2;
/** What is kept of a test: atom, or place of a lazy one as a negative number; where to go on when it holds, and when not. */
const PARTS = 3;

export class RulePrograms {
  readonly #lazy: readonly LazyStep[];
  readonly #code: Int32Array;
  readonly #starts: Int32Array;

  /** @param rules the expression of each */
  constructor(rules: readonly Step[]) {
    const lazy: LazyStep[] = [];
    const code: number[] = [];
    this.#starts = Int32Array.from(rules, (rule) => write(rule, HOLDS, FAILS, code, lazy));
    this.#code = Int32Array.from(code);
    this.#lazy = lazy;
  }

  /** @returns whether a rule holds in the present event */
  holds(rule: number, state: MatchState): boolean {
    const code = this.#code;
    let place = this.#starts[rule] as number;
    while (place >= 0) {
      const test = code[place] as number;
      const isTrue = test >= 0 ? state.has(test) : this.#ask(-1 - test, state);
      place = code[place + (isTrue ? 1 : 2)] as number;
    }
    return place === HOLDS;
  }

  #ask(number: number, state: MatchState): boolean {
    const { atom, before, test } = this.#lazy[number] as LazyStep;
    return (before < 0 || state.has(before)) && state.ask(atom, test);
  }
}

/** Writes from the end, so that where to go on is always known. @returns where it begins */
function write(step: Step, onTrue: number, onFalse: number, code: number[], lazy: LazyStep[]): number {
  switch (step.kind) {
    case 'atom':
      return code.push(step.atom, onTrue, onFalse) - PARTS;
    case 'lazy':
      return code.push(-lazy.push(step.lazy), onTrue, onFalse) - PARTS;
    case 'not':
      return write(step.item, onFalse, onTrue, code, lazy);
    case 'and':
      return step.items.reduceRight((next, item) => write(item, next, onFalse, code, lazy), onTrue);
    case 'or':
      return step.items.reduceRight((next, item) => write(item, onTrue, next, code, lazy), onFalse);
  }
}
