import { ANYWHERE, AT_START, type AtomMarks, type Place } from './automaton.ts';
import type { PlacedText } from './trie.ts';

/* Hot path: a handful of texts is found faster one by one, by the engine's own search. Guarded by bench/sigma.ts. */

/** With more texts than this, one pass for all of them is faster. */
export const FEW = 6;

export class FewTexts {
  readonly #texts: readonly PlacedText[];

  constructor(texts: readonly PlacedText[]) {
    this.#texts = texts;
  }

  /** Bytes of its tables: it has none. */
  get bytes(): number {
    return 0;
  }

  /** Marks the atom of every text that stands in the value at its place. */
  scan(value: string, marks: AtomMarks): void {
    for (const { text, atom, place } of this.#texts) if (stands(value, text, place)) marks.mark(atom);
  }
}

function stands(value: string, text: string, place: Place): boolean {
  if (place === ANYWHERE) return value.includes(text);
  return place === AT_START ? value.startsWith(text) : value.endsWith(text);
}
