import type { Automaton } from './automaton.ts';
import type { EventLeaves } from './event-leaves.ts';
import type { FewTexts } from './few-texts.ts';
import type { MatchState } from './match-state.ts';

/* Hot path: what all rules of a group ask of one field. Guarded by bench/sigma.ts. */

/** No test asks for it. */
const NONE = -1;

export class FieldSlot {
  /** Whole value in lower case → its atoms. */
  readonly exact = new Map<string, number[]>();
  automaton: Automaton | FewTexts | undefined;
  /** Atom that says that the field is there, also with null. */
  existence = NONE;
  /** Atom that says that it has a value. */
  presence = NONE;
  /** Values of the field in the present event. */
  readonly leaves: number[] = [];
  #serial = 0;

  /** Takes one value of the present event. */
  feed(leaf: number, all: EventLeaves, state: MatchState): void {
    if (this.#serial !== state.serial) {
      this.#serial = state.serial;
      this.leaves.length = 0;
    }
    this.leaves.push(leaf);
    if (this.existence !== NONE) state.mark(this.existence);
    if (all.texts[leaf] === undefined) return;
    if (this.presence !== NONE) state.mark(this.presence);
    const lower = all.lower(leaf);
    if (this.exact.size > 0) {
      const atoms = this.exact.get(lower);
      if (atoms !== undefined) for (const atom of atoms) state.mark(atom);
    }
    this.automaton?.scan(lower, state);
  }

  /** @returns the values of the field in the present event */
  current(state: MatchState): readonly number[] {
    return this.#serial === state.serial ? this.leaves : [];
  }
}
