import type { AtomMarks, PlacedText, TextSearch } from './placed-text.ts';

/*
 * Hot path: where all texts are long, most characters of a value need no look: the two characters at the end of a window as long as the
 * shortest text say how far it may move on (S. Wu, U. Manber: "A fast algorithm for multi-pattern searching", 1994). Guarded by
 * bench/sigma.ts.
 */

/** A window of fewer characters moves too little. */
export const SHORTEST = 5;
/** More texts leave too few pairs of characters that stand in none of them. */
export const MOST_TEXTS = 400;
/** Characters of a text that count: a longer window would be longer than most values. */
const LONGEST_WINDOW = 32;
const TABLE = 8192;

export class SkippingSearch implements TextSearch {
  readonly #window: number;
  /** By pair of characters: how far the window may move. */
  readonly #shift = new Uint8Array(TABLE);
  /** By the pair at the end of their window: texts. */
  readonly #texts = new Map<number, PlacedText[]>();

  /** @param texts at least as long as SHORTEST */
  constructor(texts: readonly PlacedText[]) {
    const shortest = texts.reduce((least, { text }) => Math.min(least, text.length), LONGEST_WINDOW);
    this.#window = shortest;
    this.#shift.fill(shortest - 1);
    for (const each of texts) {
      for (let at = 1; at < shortest; at++) {
        const pair = pairOf(each.text.charCodeAt(at - 1), each.text.charCodeAt(at));
        this.#shift[pair] = Math.min(this.#shift[pair] ?? 0, shortest - 1 - at);
      }
      const last = pairOf(each.text.charCodeAt(shortest - 2), each.text.charCodeAt(shortest - 1));
      const known = this.#texts.get(last);
      if (known === undefined) this.#texts.set(last, [each]);
      else known.push(each);
    }
  }

  get bytes(): number {
    return TABLE;
  }

  scan(value: string, marks: AtomMarks): void {
    const shifts = this.#shift;
    const window = this.#window;
    const length = value.length;
    for (let at = window - 1; at < length; ) {
      const pair = pairOf(value.charCodeAt(at - 1), value.charCodeAt(at));
      const shift = shifts[pair] as number;
      if (shift > 0) {
        at += shift;
        continue;
      }
      const texts = this.#texts.get(pair);
      if (texts !== undefined) {
        const start = at - window + 1;
        for (const { text, atom } of texts) if (value.startsWith(text, start)) marks.mark(atom);
      }
      at++;
    }
  }
}

function pairOf(first: number, second: number): number {
  return ((first << 5) ^ first ^ (second << 2) ^ (second >> 6)) & (TABLE - 1);
}
