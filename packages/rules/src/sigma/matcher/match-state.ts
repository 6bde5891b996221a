/* Hot path: which tests have hit in the present event, and which rules are therefore looked at. Guarded by bench/sigma.ts. */

const LAST_SERIAL = 0xffff_ffff;

export class MatchState {
  /** Number of the present event; what bears another number is of an earlier one. */
  serial = 0;
  /** Rules to look at. */
  readonly candidates: number[] = [];
  readonly #atoms: Uint32Array;
  readonly #rules: Uint32Array;
  readonly #lazyKnown: Uint32Array;
  readonly #triggerStart: Int32Array;
  readonly #triggerRules: Int32Array;

  /** @param triggers for each atom the rules that cannot match without it or another of theirs */
  constructor(triggers: readonly (readonly number[])[], ruleCount: number) {
    this.#atoms = new Uint32Array(triggers.length);
    this.#lazyKnown = new Uint32Array(triggers.length);
    this.#rules = new Uint32Array(ruleCount);
    this.#triggerStart = new Int32Array(triggers.length + 1);
    this.#triggerRules = Int32Array.from(triggers.flat());
    triggers.forEach((rules, atom) => {
      this.#triggerStart[atom + 1] = (this.#triggerStart[atom] ?? 0) + rules.length;
    });
  }

  /** Begins the next event. */
  begin(): void {
    this.candidates.length = 0;
    if (this.serial === LAST_SERIAL) {
      this.#atoms.fill(0);
      this.#rules.fill(0);
      this.#lazyKnown.fill(0);
      this.serial = 0;
    }
    this.serial++;
  }

  mark(atom: number): void {
    if (this.#atoms[atom] === this.serial) return;
    this.#atoms[atom] = this.serial;
    const end = this.#triggerStart[atom + 1] ?? 0;
    for (let at = this.#triggerStart[atom] ?? 0; at < end; at++) {
      const rule = this.#triggerRules[at] ?? 0;
      if (this.#rules[rule] === this.serial) continue;
      this.#rules[rule] = this.serial;
      this.candidates.push(rule);
    }
  }

  has(atom: number): boolean {
    return this.#atoms[atom] === this.serial;
  }

  /** Of a test that is only made when it is asked for: its result, made at most once for an event. */
  ask(atom: number, test: () => boolean): boolean {
    if (this.#lazyKnown[atom] === this.serial) return this.#atoms[atom] === this.serial;
    this.#lazyKnown[atom] = this.serial;
    const isTrue = test();
    if (isTrue) this.#atoms[atom] = this.serial;
    return isTrue;
  }
}
