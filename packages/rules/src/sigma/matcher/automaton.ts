import { assignClasses } from './character-classes.ts';
import type { AtomMarks, TextSearch } from './placed-text.ts';
import type { Trie } from './trie.ts';

/*
 * Hot path: one pass over a value finds every text of all rules in it (A. V. Aho, M. J. Corasick: "Efficient string matching",
 * 1975). For sets of many texts: states near the start and those that branch have a full row of next states; the others, nine of ten,
 * have one next state and what to fall back to, which takes a tenth of the memory. Guarded by bench/sigma.ts.
 */

const NONE = -1;
/** States up to this depth have a full row: a search spends most of its time there. */
const FULL_DEPTH = 2;
/** What is kept of a state: start of its row, or NONE; class of its only next state; that state; what it falls back to. */
const PARTS = 4;
const NEXT_CLASS = 1;
const NEXT = 2;
const FALLBACK = 3;

/* A state is written times two, plus one where something ends there. */

export class Automaton implements TextSearch {
  readonly #classes: Uint16Array;
  readonly #width: number;
  readonly #states: Int32Array;
  /** Rows of next states by class. */
  readonly #table: Int32Array;
  /** State → the nearest one that has outputs: itself or a shorter one; 0 where none has. */
  readonly #output: Int32Array;
  readonly #trie: Pick<Trie, 'outputStart' | 'atoms'>;

  constructor(trie: Trie) {
    const { count, outputStart, atoms } = trie;
    const { classes, width } = assignClasses(trie);
    this.#trie = { outputStart, atoms };
    this.#classes = classes;
    this.#width = width;
    this.#states = new Int32Array(count * PARTS);
    this.#output = new Int32Array(count);
    this.#table = new Int32Array(this.#placeRows(trie) * width);
    this.#link(trie);
    this.#markEnds(trie);
  }

  get bytes(): number {
    return this.#table.byteLength + this.#states.byteLength + this.#output.byteLength;
  }

  scan(value: string, marks: AtomMarks): void {
    const classes = this.#classes;
    const states = this.#states;
    const table = this.#table;
    const length = value.length;
    const most = classes.length;
    let state = 0;
    for (let at = 0; at < length; at++) {
      const code = value.charCodeAt(at);
      const number = code < most ? (classes[code] as number) : 0;
      // As `#step`, which the loop is too hot to call.
      for (;;) {
        const place = (state >> 1) * PARTS;
        const row = states[place] as number;
        if (row !== NONE) {
          state = table[row + number] as number;
          break;
        }
        if (states[place + NEXT_CLASS] === number && number !== 0) {
          state = states[place + NEXT] as number;
          break;
        }
        state = states[place + FALLBACK] as number;
      }
      if ((state & 1) !== 0) this.#report(state >> 1, marks);
    }
  }

  #report(from: number, marks: AtomMarks): void {
    const { outputStart, atoms } = this.#trie;
    for (let state = this.#output[from] as number; state !== 0; state = this.#shorter(state)) {
      const last = outputStart[state + 1] as number;
      for (let each = outputStart[state] as number; each < last; each++) marks.mark(atoms[each] as number);
    }
  }

  #shorter(state: number): number {
    return this.#output[(this.#states[state * PARTS + FALLBACK] as number) >> 1] as number;
  }

  #step(from: number, number: number): number {
    for (let place = from * PARTS; ; place = ((this.#states[place + FALLBACK] as number) >> 1) * PARTS) {
      const row = this.#states[place] as number;
      if (row !== NONE) return (this.#table[row + number] as number) >> 1;
      if (number !== 0 && this.#states[place + NEXT_CLASS] === number)
        return (this.#states[place + NEXT] as number) >> 1;
    }
  }

  /** @returns how many states have a row */
  #placeRows({ count, depth, firstChild, nextSibling, code }: Trie): number {
    let rows = 0;
    for (let state = 0; state < count; state++) {
      const place = state * PARTS;
      const child = firstChild[state] as number;
      const isBranching = child !== 0 && (nextSibling[child] as number) !== 0;
      if (isBranching || (depth[state] as number) <= FULL_DEPTH) {
        this.#states[place] = rows * this.#width;
        rows++;
        continue;
      }
      this.#states[place] = NONE;
      if (child === 0) continue;
      this.#states[place + NEXT_CLASS] = this.#classes[code[child] as number] as number;
      this.#states[place + NEXT] = child * 2;
    }
    return rows;
  }

  /** Level by level, so that what a state falls back to is always done before it. */
  #link({ count, firstChild, nextSibling, code, outputStart }: Trie): void {
    const queue = new Int32Array(count);
    let last = 1;
    for (let head = 0; head < last; head++) {
      const state = queue[head] as number;
      const fallback = (this.#states[state * PARTS + FALLBACK] as number) >> 1;
      const hasOutput = (outputStart[state + 1] as number) > (outputStart[state] as number);
      this.#output[state] = hasOutput ? state : state === 0 ? 0 : (this.#output[fallback] as number);
      const row = this.#states[state * PARTS] as number;
      if (row !== NONE && state !== 0) {
        for (let number = 1; number < this.#width; number++) {
          this.#table[row + number] = this.#step(fallback, number) * 2;
        }
      }
      for (let child = firstChild[state] as number; child !== 0; child = nextSibling[child] as number) {
        const number = this.#classes[code[child] as number] as number;
        this.#states[child * PARTS + FALLBACK] = state === 0 ? 0 : this.#step(fallback, number) * 2;
        queue[last++] = child;
      }
      if (row === NONE) continue;
      for (let child = firstChild[state] as number; child !== 0; child = nextSibling[child] as number) {
        this.#table[row + (this.#classes[code[child] as number] as number)] = child * 2;
      }
    }
  }

  /** Has every state that is written say whether something ends there. */
  #markEnds({ count }: Trie): void {
    const marked = (state: number) => (this.#output[state >> 1] === 0 ? state : state | 1);
    for (let at = 0; at < this.#table.length; at++) this.#table[at] = marked(this.#table[at] as number);
    for (let place = NEXT; place < count * PARTS; place += PARTS) {
      this.#states[place] = marked(this.#states[place] as number);
    }
  }
}
