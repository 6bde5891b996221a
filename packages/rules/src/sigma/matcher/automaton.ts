/*
 * Hot path: one pass over a value finds every text of all rules in it (A. V. Aho, M. J. Corasick: "Efficient string matching",
 * 1975). States near the start and those that branch have a full row of next states; the others, nine of ten, have one next state
 * and what to fall back to, which takes a tenth of the memory. Guarded by bench/sigma.ts.
 */
import { buildTrie, type PlacedText, type Trie } from './trie.ts';

/** Where in a value a text must stand. */
export const ANYWHERE = 0;
export const AT_START = 1;
export const AT_END = 2;
export type Place = typeof ANYWHERE | typeof AT_START | typeof AT_END;

/** Takes what was found. */
export interface AtomMarks {
  mark(atom: number): void;
}

const ASCII = 128;
const NONE = -1;
/** States up to this depth have a full row: a search spends most of its time there. */
const FULL_DEPTH = 1;

export class Automaton {
  readonly #ascii = new Uint16Array(ASCII);
  readonly #others = new Map<number, number>();
  readonly #width: number;
  /** State → start of its row, or NONE. */
  readonly #row: Int32Array;
  /** Rows of next states by class. */
  readonly #table: Int32Array;
  /** State without a row → class of its only next state (0: none) and that state. */
  readonly #nextClass: Uint16Array;
  readonly #next: Int32Array;
  readonly #failure: Int32Array;
  /** State → the nearest one that has outputs: itself or a shorter one; 0 where none has. */
  readonly #output: Int32Array;
  readonly #trie: Pick<Trie, 'depth' | 'outputStart' | 'atoms' | 'places'>;

  constructor(texts: readonly PlacedText[]) {
    const trie = buildTrie(texts);
    const { count, depth, outputStart, atoms, places } = trie;
    this.#trie = { depth, outputStart, atoms, places };
    const classes = this.#assignClasses(trie);
    this.#width = classes + 1;
    this.#row = new Int32Array(count).fill(NONE);
    this.#nextClass = new Uint16Array(count);
    this.#next = new Int32Array(count);
    this.#failure = new Int32Array(count);
    this.#output = new Int32Array(count);
    this.#table = new Int32Array(this.#placeRows(trie) * this.#width);
    this.#link(trie);
  }

  /** Bytes of its tables. */
  get bytes(): number {
    return this.#table.byteLength + this.#row.length * 22;
  }

  /** Marks the atom of every text that stands in the value at its place. */
  scan(value: string, marks: AtomMarks): void {
    const ascii = this.#ascii;
    const output = this.#output;
    const rows = this.#row;
    const table = this.#table;
    const nextClass = this.#nextClass;
    const failure = this.#failure;
    const length = value.length;
    let state = 0;
    for (let at = 0; at < length; at++) {
      const code = value.charCodeAt(at);
      const number = code < ASCII ? (ascii[code] as number) : (this.#others.get(code) ?? 0);
      // As `#step`, which the loop is too hot to call.
      for (;;) {
        const row = rows[state] as number;
        if (row !== NONE) {
          state = table[row + number] as number;
          break;
        }
        if (nextClass[state] === number && number !== 0) {
          state = this.#next[state] as number;
          break;
        }
        state = failure[state] as number;
      }
      const found = output[state] as number;
      if (found !== 0) this.#report(found, at + 1, length, marks);
    }
  }

  #step(from: number, number: number): number {
    for (let state = from; ; state = this.#failure[state] ?? 0) {
      const row = this.#row[state] ?? NONE;
      if (row !== NONE) return this.#table[row + number] ?? 0;
      if (number !== 0 && this.#nextClass[state] === number) return this.#next[state] ?? 0;
    }
  }

  #report(from: number, end: number, length: number, marks: AtomMarks): void {
    const { depth, outputStart, atoms, places } = this.#trie;
    for (let state = from; state !== 0; state = this.#output[this.#failure[state] ?? 0] ?? 0) {
      const last = outputStart[state + 1] ?? 0;
      for (let each = outputStart[state] ?? 0; each < last; each++) {
        const place = places[each];
        if (place === AT_START && depth[state] !== end) continue;
        if (place === AT_END && end !== length) continue;
        marks.mark(atoms[each] ?? 0);
      }
    }
  }

  #assignClasses({ code, count }: Trie): number {
    let classes = 0;
    for (let state = 1; state < count; state++) {
      const character = code[state] ?? 0;
      if (this.#classOf(character) !== 0) continue;
      classes++;
      if (character < ASCII) this.#ascii[character] = classes;
      else this.#others.set(character, classes);
    }
    return classes;
  }

  #classOf(code: number): number {
    return code < ASCII ? (this.#ascii[code] ?? 0) : (this.#others.get(code) ?? 0);
  }

  /** @returns how many states have a row */
  #placeRows({ count, depth, firstChild, nextSibling, code }: Trie): number {
    let rows = 0;
    for (let state = 0; state < count; state++) {
      const child = firstChild[state] ?? 0;
      const isBranching = child !== 0 && (nextSibling[child] ?? 0) !== 0;
      if (isBranching || (depth[state] ?? 0) <= FULL_DEPTH) {
        this.#row[state] = rows * this.#width;
        rows++;
      } else if (child !== 0) {
        this.#nextClass[state] = this.#classOf(code[child] ?? 0);
        this.#next[state] = child;
      }
    }
    return rows;
  }

  /** Level by level, so that what a state falls back to is always done before it. */
  #link({ count, firstChild, nextSibling, code, outputStart }: Trie): void {
    const queue = new Int32Array(count);
    let last = 1;
    for (let head = 0; head < last; head++) {
      const state = queue[head] ?? 0;
      const failure = this.#failure[state] ?? 0;
      const hasOutput = (outputStart[state + 1] ?? 0) > (outputStart[state] ?? 0);
      this.#output[state] = hasOutput ? state : state === 0 ? 0 : (this.#output[failure] ?? 0);
      const row = this.#row[state] ?? NONE;
      if (row !== NONE && state !== 0) {
        for (let number = 1; number < this.#width; number++) this.#table[row + number] = this.#step(failure, number);
      }
      for (let child = firstChild[state] ?? 0; child !== 0; child = nextSibling[child] ?? 0) {
        const number = this.#classOf(code[child] ?? 0);
        this.#failure[child] = state === 0 ? 0 : this.#step(failure, number);
        queue[last++] = child;
      }
      if (row === NONE) continue;
      for (let child = firstChild[state] ?? 0; child !== 0; child = nextSibling[child] ?? 0) {
        this.#table[row + this.#classOf(code[child] ?? 0)] = child;
      }
    }
  }
}
