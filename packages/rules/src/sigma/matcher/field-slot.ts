import type { EventLeaves } from './event-leaves.ts';
import type { MatchState } from './match-state.ts';
import type { TextSearch } from './placed-text.ts';

/* Hot path: what all rules of a group ask of one field. Guarded by bench/sigma.ts. */

/** No test asks for it. */
const NONE = -1;
/** Lengths of values that are told apart. */
const LENGTHS = 256;

export class FieldSlot {
  /** Whole value in lower case → its atoms. */
  readonly #exact = new Map<string, number[]>();
  /** Which lengths those values have: to look up one of another length, all of it would be read in vain. */
  readonly #exactLengths = new Uint8Array(LENGTHS);
  /** For texts within its values in lower case. */
  searches: readonly TextSearch[] = [];
  /** Atom that says that the field is there, also with null. */
  existence = NONE;
  /** Atom that says that it has a value. */
  presence = NONE;
  /** Values of the field in the present event. */
  readonly leaves: number[] = [];
  #serial = 0;

  /** Has an atom marked by values that are this text. @param text in lower case */
  addExact(text: string, atom: number): void {
    const atoms = this.#exact.get(text);
    if (atoms === undefined) this.#exact.set(text, [atom]);
    else atoms.push(atom);
    this.#exactLengths[text.length % LENGTHS] = 1;
  }

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
    const searches = this.searches;
    if (searches.length === 0 && this.#exact.size === 0) return;
    const lower = all.lower(leaf);
    if (this.#exactLengths[lower.length % LENGTHS] !== 0) {
      const atoms = this.#exact.get(lower);
      if (atoms !== undefined) for (const atom of atoms) state.mark(atom);
    }
    for (let each = 0; each < searches.length; each++) (searches[each] as TextSearch).scan(lower, state);
  }

  /** @returns the values of the field in the present event */
  current(state: MatchState): readonly number[] {
    return this.#serial === state.serial ? this.leaves : [];
  }
}
