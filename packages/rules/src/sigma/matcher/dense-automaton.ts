import { assignClasses } from './character-classes.ts';
import type { AtomMarks, TextSearch } from './placed-text.ts';
import type { Trie } from './trie.ts';

/*
 * Hot path: one pass over a value finds every text of all rules in it (A. V. Aho, M. J. Corasick: "Efficient string matching", 1975).
 * Every state has a full row of next states: one step for each character. For texts that make a table of bearable size; of the others
 * see automaton.ts. Guarded by bench/sigma.ts.
 */

/** Larger tables do not stay in the processor's caches. */
export const LARGEST_TABLE_BYTES = 2_000_000;

export class DenseAutomaton implements TextSearch {
  readonly #classes: Uint16Array;
  readonly #width: number;
  /** Start of the next state's row, times two; plus one where something ends there. */
  readonly #table: Int32Array;
  /** State → the nearest one that has outputs: itself or a shorter one; 0 where none has. */
  readonly #output: Int32Array;
  /** State with outputs → the next shorter one that has some. */
  readonly #shorter: Int32Array;
  readonly #trie: Pick<Trie, 'outputStart' | 'atoms'>;

  /** @returns bytes that its table would take */
  static tableBytes({ count, code }: Trie): number {
    const { width } = assignClasses({ count, code });
    return count * width * Int32Array.BYTES_PER_ELEMENT;
  }

  constructor(trie: Trie) {
    const { count, outputStart, atoms } = trie;
    const { classes, width } = assignClasses(trie);
    this.#classes = classes;
    this.#width = width;
    this.#trie = { outputStart, atoms };
    this.#table = new Int32Array(count * width);
    this.#output = new Int32Array(count);
    this.#shorter = new Int32Array(count);
    this.#link(trie);
  }

  get bytes(): number {
    return this.#table.byteLength + this.#output.length * 12;
  }

  scan(value: string, marks: AtomMarks): void {
    const classes = this.#classes;
    const table = this.#table;
    const length = value.length;
    const most = classes.length;
    let row = 0;
    for (let at = 0; at < length; at++) {
      const code = value.charCodeAt(at);
      const next = table[row + (code < most ? (classes[code] as number) : 0)] as number;
      row = next >> 1;
      if ((next & 1) !== 0) this.#report(row / this.#width, marks);
    }
  }

  #report(from: number, marks: AtomMarks): void {
    const { outputStart, atoms } = this.#trie;
    for (let state = this.#output[from] as number; state !== 0; state = this.#shorter[state] as number) {
      const last = outputStart[state + 1] as number;
      for (let each = outputStart[state] as number; each < last; each++) marks.mark(atoms[each] as number);
    }
  }

  /** Level by level, so that what a state falls back to is always done before it. */
  #link({ count, firstChild, nextSibling, code, outputStart }: Trie): void {
    const width = this.#width;
    const table = this.#table;
    const failure = new Int32Array(count);
    const queue = new Int32Array(count);
    let last = 1;
    for (let head = 0; head < last; head++) {
      const state = queue[head] as number;
      const fallback = failure[state] as number;
      if (state !== 0) {
        table.copyWithin(state * width, fallback * width, (fallback + 1) * width);
        const hasOutput = (outputStart[state + 1] as number) > (outputStart[state] as number);
        this.#output[state] = hasOutput ? state : (this.#output[fallback] as number);
        this.#shorter[state] = this.#output[fallback] as number;
      }
      for (let child = firstChild[state] as number; child !== 0; child = nextSibling[child] as number) {
        const place = this.#classes[code[child] as number] as number;
        failure[child] = state === 0 ? 0 : (table[fallback * width + place] as number);
        table[state * width + place] = child;
        queue[last++] = child;
      }
    }
    for (let at = 0; at < table.length; at++) {
      const next = table[at] as number;
      table[at] = next * width * 2 + (this.#output[next] === 0 ? 0 : 1);
    }
  }
}
