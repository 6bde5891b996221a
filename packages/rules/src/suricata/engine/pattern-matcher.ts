// Hot path, guarded by bench/rules.ts: typed arrays, nothing allocated per scan.
import { LOWER } from '../content-pattern.ts';
import { GRAM, type PatternPool } from './pattern-pool.ts';

/** Patterns beyond which the filter tells 128 classes of bytes apart, 64 below. */
const FEW_PATTERNS = 256;
/** Buckets of patterns of four bytes and more, of three, of one or two: a bit each. */
const LONG_BUCKETS = 6;
const OF_LONG = (1 << LONG_BUCKETS) - 1;
const OF_THREE = 1 << LONG_BUCKETS;
const OF_SHORT = 1 << (LONG_BUCKETS + 1);
const HASH = 0x9e3779b1;
const EMPTY = -1;

/** Classes of bytes that the filter tells apart. */
interface ByteClasses {
  readonly bits: number;
  readonly of: Uint8Array;
}

const UPPER_CASE = 0x41;
const LETTERS = 26;

/** Upper case letters are lower case ones, and what is not ASCII shares the places that they leave. */
const MANY_CLASSES: ByteClasses = {
  bits: 7,
  of: Uint8Array.from({ length: 256 }, (_, byte) => (byte < 0x80 ? (LOWER[byte] ?? 0) : UPPER_CASE + (byte % LETTERS))),
};

/** Letters and what stands at their place in the table of ASCII are one; so are control characters and digits. */
const FEW_CLASSES: ByteClasses = { bits: 6, of: MANY_CLASSES.of.map((byte) => (byte & 0x1f) | ((byte & 0x40) >>> 1)) };

/** A pattern of the pool, and the rule that it is to find. */
export interface PatternOfRule {
  readonly pattern: number;
  readonly rule: number;
}

/**
 * Looks for thousands of patterns at once. Of each pattern the gram is looked for first: two pairs of bytes that follow each
 * other. Patterns are spread over eight buckets; for each pair of bytes a table says in which buckets a gram begins with it,
 * another one in which a gram ends with it. Where both agree on a bucket the gram is looked up, and where it is one of a
 * pattern the pattern is compared. Both tables fit the first cache of a processor. The idea is that of Teddy in Hyperscan
 * (Wang et al., "Hyperscan: A Fast Multi-pattern Regex Matcher for Modern CPUs", NSDI 2019), pairs of bytes in place of
 * nibbles because there are no vector instructions here. An Aho-Corasick automaton of the same patterns needs some 100 MB of
 * transitions and misses the cache at every byte.
 */
export class PatternMatcher {
  readonly #pool: PatternPool;
  readonly #classes: ByteClasses;
  readonly #begins: Uint8Array;
  readonly #ends: Uint8Array;
  /** Open addressing: hash of a gram, where its list begins. */
  #tableKeys = new Uint32Array(0);
  #tableStarts = new Int32Array(0);
  #tableMask = 0;
  /** For each gram its patterns, each followed by its rules: `pattern, rule, rule, -1, pattern, rule, -1, -1`. */
  #lists = new Int32Array(0);
  /** Bytes by which patterns reach beyond the end of their grams, at most. */
  #reach = 0;
  /** Of the place that `#next` has found. */
  #buckets = 0;

  /** @param entries patterns of a built pool */
  constructor(pool: PatternPool, entries: readonly PatternOfRule[]) {
    this.#pool = pool;
    this.#classes = entries.length > FEW_PATTERNS ? MANY_CLASSES : FEW_CLASSES;
    const pairs = 1 << (2 * this.#classes.bits);
    this.#begins = new Uint8Array(pairs).fill(OF_SHORT);
    this.#ends = new Uint8Array(pairs);
    const rulesOf = new Map<number, number[]>();
    for (const { pattern, rule } of entries) {
      const rules = rulesOf.get(pattern);
      if (rules === undefined) rulesOf.set(pattern, [rule]);
      else if (!rules.includes(rule)) rules.push(rule);
    }
    const lists = new Map<number, number[]>();
    for (const [pattern, rules] of rulesOf) {
      const key = this.#mark(pattern);
      const list = lists.get(key);
      if (list === undefined) lists.set(key, [pattern, ...rules, EMPTY]);
      else list.push(pattern, ...rules, EMPTY);
    }
    this.#fillTable(lists);
  }

  /** Marks a pattern's gram in the filter. @returns the gram's key */
  #mark(pattern: number): number {
    const { gramEnds, lengths } = this.#pool;
    const end = gramEnds[pattern] ?? 0;
    const size = Math.min(GRAM, lengths[pattern] ?? 0);
    this.#reach = Math.max(this.#reach, (lengths[pattern] ?? 0) - end);
    let gram = 0;
    for (let at = end - size; at < end; at++) gram = (gram << 8) | this.#pool.lower(pattern, at);
    const key = gramKey(gram, size);
    const bit = size === GRAM ? 1 << ((Math.imul(key, HASH) >>> 16) % LONG_BUCKETS) : size === 3 ? OF_THREE : OF_SHORT;
    const byte = (back: number) =>
      back < size ? this.#classes.of[this.#pool.lower(pattern, end - 1 - back)] : undefined;
    flag(this.#ends, this.#classes, byte(1), byte(0), bit);
    // A gram of one or two bytes may follow any pair.
    if (size > 2) flag(this.#begins, this.#classes, byte(3), byte(2), bit);
    return key;
  }

  #fillTable(lists: ReadonlyMap<number, readonly number[]>): void {
    const size = 2 ** Math.ceil(Math.log2(Math.max(4, lists.size * 2)));
    this.#tableMask = size - 1;
    this.#tableKeys = new Uint32Array(size);
    this.#tableStarts = new Int32Array(size).fill(EMPTY);
    let length = 0;
    for (const list of lists.values()) length += list.length + 1;
    this.#lists = new Int32Array(length);
    let start = 0;
    for (const [key, list] of lists) {
      let slot = (Math.imul(key, HASH) >>> 7) & this.#tableMask;
      while ((this.#tableStarts[slot] ?? EMPTY) !== EMPTY) slot = (slot + 1) & this.#tableMask;
      this.#tableKeys[slot] = key;
      this.#tableStarts[slot] = start;
      this.#lists.set(list, start);
      this.#lists[start + list.length] = EMPTY;
      start += list.length + 1;
    }
  }

  /**
   * @param start where what is looked at begins in `bytes`
   * @param end where it ends
   * @param from only matches that end behind this position
   * @param found takes the rule of every pattern that was found, maybe several times
   */
  scan(bytes: Uint8Array, start: number, end: number, from: number, found: (rule: number) => void): void {
    const first = Math.max(start, from - this.#reach);
    const low = Math.max(start, first - GRAM + 1);
    for (let at = this.#next(bytes, low, first, end); at < end; at = this.#next(bytes, low, at + 1, end)) {
      this.#verify(bytes, start, end, at, from, this.#buckets, found);
    }
  }

  /**
   * The loop over all bytes, with nothing else in it that would take the registers of a processor.
   *
   * @param low no gram begins before it
   * @returns end of the next pair, from `from` on, at which the filter lets through; `#buckets` says which patterns
   */
  #next(bytes: Uint8Array, low: number, from: number, end: number): number {
    const begins = this.#begins;
    const ends = this.#ends;
    const { bits, of: classOf } = this.#classes;
    const mask = ends.length - 1;
    let pair = 0;
    let before = 0;
    let at = Math.max(low, from - GRAM + 1);
    for (; at < from; at++) {
      before = pair;
      pair = ((pair << bits) | (classOf[bytes[at] ?? 0] ?? 0)) & mask;
    }
    for (; at < end; at++) {
      const beforeThat = before;
      before = pair;
      pair = ((pair << bits) | (classOf[bytes[at] ?? 0] ?? 0)) & mask;
      const buckets = (ends[pair] ?? 0) & (begins[beforeThat] ?? 0);
      if (buckets === 0) continue;
      this.#buckets = buckets;
      return at;
    }
    return end;
  }

  #verify(
    bytes: Uint8Array,
    start: number,
    end: number,
    at: number,
    from: number,
    buckets: number,
    found: (rule: number) => void,
  ): void {
    const last = LOWER[bytes[at] ?? 0] ?? 0;
    const gram2 = ((at > start ? (LOWER[bytes[at - 1] ?? 0] ?? 0) : 0) << 8) | last;
    if ((buckets & OF_SHORT) !== 0) {
      this.#lookUp(bytes, start, end, at + 1, from, gramKey(last, 1), found);
      if (at > start) this.#lookUp(bytes, start, end, at + 1, from, gramKey(gram2, 2), found);
    }
    if (at - start < 2) return;
    const gram3 = ((LOWER[bytes[at - 2] ?? 0] ?? 0) << 16) | gram2;
    if ((buckets & OF_THREE) !== 0) this.#lookUp(bytes, start, end, at + 1, from, gramKey(gram3, 3), found);
    if ((buckets & OF_LONG) === 0 || at - start < 3) return;
    const gram = ((LOWER[bytes[at - 3] ?? 0] ?? 0) << 24) | gram3;
    this.#lookUp(bytes, start, end, at + 1, from, gramKey(gram, GRAM), found);
  }

  #lookUp(
    bytes: Uint8Array,
    start: number,
    end: number,
    gramEnd: number,
    from: number,
    key: number,
    found: (rule: number) => void,
  ): void {
    const mask = this.#tableMask;
    for (let slot = (Math.imul(key, HASH) >>> 7) & mask; ; slot = (slot + 1) & mask) {
      const list = this.#tableStarts[slot] ?? EMPTY;
      if (list === EMPTY) return;
      if (this.#tableKeys[slot] !== key) continue;
      this.#compareList(bytes, start, end, gramEnd, from, list, found);
      return;
    }
  }

  #compareList(
    bytes: Uint8Array,
    start: number,
    end: number,
    gramEnd: number,
    from: number,
    list: number,
    found: (rule: number) => void,
  ): void {
    const lists = this.#lists;
    const { gramEnds, lengths } = this.#pool;
    for (let at = list; ; at++) {
      const pattern = lists[at] ?? EMPTY;
      if (pattern === EMPTY) return;
      const first = gramEnd - (gramEnds[pattern] ?? 0);
      const last = first + (lengths[pattern] ?? 0);
      const isThere = first >= start && last <= end && last > from && this.#isAt(bytes, first, pattern);
      for (at += 1; ; at++) {
        const rule = lists[at] ?? EMPTY;
        if (rule === EMPTY) break;
        if (isThere) found(rule);
      }
    }
  }

  #isAt(bytes: Uint8Array, first: number, pattern: number): boolean {
    const pool = this.#pool;
    const { bytes: wanted } = pool;
    const begin = pool.starts[pattern] ?? 0;
    const length = pool.lengths[pattern] ?? 0;
    if (pool.exact[pattern] === 1) {
      for (let index = 0; index < length; index++) if (bytes[first + index] !== wanted[begin + index]) return false;
      return true;
    }
    for (let index = 0; index < length; index++) {
      if (LOWER[bytes[first + index] ?? 0] !== wanted[begin + index]) return false;
    }
    return true;
  }
}

/** Marks a pair; a byte that is not part of the gram may be any. */
function flag(
  table: Uint8Array,
  { bits }: ByteClasses,
  first: number | undefined,
  second: number | undefined,
  bit: number,
): void {
  const last = (1 << bits) - 1;
  for (let one = first ?? 0; one <= (first ?? last); one++) {
    for (let two = second ?? 0; two <= (second ?? last); two++) {
      const pair = (one << bits) | two;
      table[pair] = (table[pair] ?? 0) | bit;
    }
  }
}

function gramKey(gram: number, length: number): number {
  return (Math.imul(gram, 0x01000193) ^ length) >>> 0;
}
