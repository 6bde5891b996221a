import type { AtomMarks, PlacedText, TextSearch } from './placed-text.ts';

/* Hot path: a handful of short texts is found faster one by one, by the engine's own search. Guarded by bench/sigma.ts. */

export class FewTexts implements TextSearch {
  readonly #texts: readonly PlacedText[];

  constructor(texts: readonly PlacedText[]) {
    this.#texts = texts;
  }

  /** It has none. */
  get bytes(): number {
    return 0;
  }

  scan(value: string, marks: AtomMarks): void {
    for (const { text, atom } of this.#texts) if (value.includes(text)) marks.mark(atom);
  }
}
