import type { AtomMarks, PlacedText, TextSearch } from './placed-text.ts';
import { buildTrie, type Trie } from './trie.ts';

/*
 * Hot path: texts that must stand at the start of a value, or at its end, are found by walking their tree from there; nearly always a
 * few characters tell that there is none. Guarded by bench/sigma.ts.
 */

const NONE = 0;
/** What is kept of a state: the state before it and the character that leads on, by which it is found; itself; its outputs. */
const PARTS = 4;
const CODE = 1;
const CHILD = 2;
const OUTPUTS = 3;

export class EdgeTexts implements TextSearch {
  readonly #isAtEnd: boolean;
  readonly #trie: Pick<Trie, 'outputStart' | 'atoms'>;
  /** A hash table with open addressing. */
  readonly #table: Int32Array;
  readonly #mask: number;

  /** @param isAtEnd whether they stand at the end of a value, not at its start */
  constructor(texts: readonly PlacedText[], isAtEnd: boolean) {
    this.#isAtEnd = isAtEnd;
    const trie = buildTrie(isAtEnd ? texts.map((each) => ({ ...each, text: reverse(each.text) })) : texts);
    const { count, code, firstChild, nextSibling, outputStart, atoms } = trie;
    this.#trie = { outputStart, atoms };
    const size = 2 ** Math.ceil(Math.log2(count * 2));
    this.#mask = size - 1;
    this.#table = new Int32Array(size * PARTS);
    for (let state = 0; state < count; state++) {
      for (let child = firstChild[state] as number; child !== NONE; child = nextSibling[child] as number) {
        const character = code[child] as number;
        const place = this.#placeOf(state, character);
        const outputs = (outputStart[child + 1] as number) - (outputStart[child] as number);
        this.#table.set([state, character, child, outputs], place);
      }
    }
  }

  get bytes(): number {
    return this.#table.byteLength + this.#trie.outputStart.byteLength;
  }

  scan(value: string, marks: AtomMarks): void {
    const table = this.#table;
    const length = value.length;
    const isAtEnd = this.#isAtEnd;
    let state = 0;
    for (let at = 0; at < length; at++) {
      const place = this.#placeOf(state, value.charCodeAt(isAtEnd ? length - 1 - at : at));
      state = table[place + CHILD] as number;
      if (state === NONE) return;
      if (table[place + OUTPUTS] !== 0) this.#report(state, marks);
    }
  }

  #report(state: number, marks: AtomMarks): void {
    const { outputStart, atoms } = this.#trie;
    const last = outputStart[state + 1] as number;
    for (let each = outputStart[state] as number; each < last; each++) marks.mark(atoms[each] as number);
  }

  /** @returns where the state stands that a character leads to, or where it would stand */
  #placeOf(state: number, code: number): number {
    const table = this.#table;
    const mask = this.#mask;
    for (let slot = hash(state, code) & mask; ; slot = (slot + 1) & mask) {
      const place = slot * PARTS;
      if (table[place + CHILD] === NONE || (table[place] === state && table[place + CODE] === code)) return place;
    }
  }
}

function hash(state: number, code: number): number {
  const mixed = Math.imul(state, 0x9e3779b1) ^ Math.imul(code, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

function reverse(text: string): string {
  let reversed = '';
  for (let at = text.length - 1; at >= 0; at--) reversed += text.charAt(at);
  return reversed;
}
