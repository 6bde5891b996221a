// Hot path, guarded by bench/rules.ts: typed arrays, nothing allocated per scan.
import { LOWER } from '../content-pattern.ts';

const PAIRS = 65_536;
const GRAM = 4;
const FILTER_BITS = 18;
const FILTER_SIZE = 1 << FILTER_BITS;
const HASH = 0x9e3779b1;
const EMPTY = -1;

interface Entry {
  readonly pattern: Buffer;
  readonly owners: number[];
}

/**
 * Looks for thousands of patterns at once, letters of either case alike. Each pattern is represented by its rarest four bytes
 * (fewer when it is shorter); a table of byte pairs, then a filter of hashed grams pass over almost every position, and only
 * where both say yes are patterns compared. This is the idea of Wu and Manber ("A fast algorithm for multi-pattern
 * searching", 1994) without skipping: an Aho-Corasick automaton of the same patterns needs some 100 MB of transitions and
 * misses the cache at every byte. A position costs at most the patterns that share one gram, and grams are chosen so that
 * few do.
 */
export class PatternMatcher {
  readonly #entries = new Map<string, Entry>();
  /** Per pair of bytes: which lengths of grams end with it (bit 0: one byte, … bit 3: four bytes). */
  #pairs = new Uint8Array(0);
  #filter = new Uint8Array(0);
  #tableKeys = new Uint32Array(0);
  #tableStarts = new Int32Array(0);
  #tableMask = 0;
  /** Pattern numbers by gram, each list ended by -1. */
  #lists = new Int32Array(0);
  #patterns: Buffer[] = [];
  /** How far behind the end of its gram a pattern begins and ends. */
  #gramEnds = new Int32Array(0);
  #owners: Int32Array[] = [];
  longest = 0;

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** @param owner number that `scan` gives back; patterns are added before `build` */
  add(pattern: Uint8Array, owner: number): void {
    const lower = Buffer.from(pattern.map((byte) => LOWER[byte] ?? 0));
    const key = lower.toString('latin1');
    const known = this.#entries.get(key);
    if (known === undefined) this.#entries.set(key, { pattern: lower, owners: [owner] });
    else if (!known.owners.includes(owner)) known.owners.push(owner);
    this.longest = Math.max(this.longest, lower.length);
  }

  build(): void {
    const entries = [...this.#entries.values()];
    this.#patterns = entries.map(({ pattern }) => pattern);
    this.#owners = entries.map(({ owners }) => Int32Array.from(owners));
    this.#pairs = new Uint8Array(PAIRS);
    this.#filter = new Uint8Array(FILTER_SIZE >>> 3);
    this.#gramEnds = new Int32Array(entries.length);
    const lists = new Map<number, number[]>();
    const popularity = countGrams(this.#patterns);
    this.#patterns.forEach((pattern, index) => {
      const end = chooseGram(pattern, popularity);
      this.#gramEnds[index] = end;
      const key = this.#mark(pattern, end);
      const list = lists.get(key);
      if (list === undefined) lists.set(key, [index]);
      else list.push(index);
    });
    this.#fillTable(lists);
  }

  /** Marks the gram that ends before `end` in the filters. @returns its key */
  #mark(pattern: Buffer, end: number): number {
    const length = Math.min(GRAM, pattern.length);
    const last = pattern[end - 1] ?? 0;
    if (length === 1) for (let first = 0; first < 256; first++) this.#flag((first << 8) | last, 1);
    else this.#flag(((pattern[end - 2] ?? 0) << 8) | last, 1 << (length - 1));
    const key = gramKey(pattern, end, length);
    const slot = filterSlot(key);
    this.#filter[slot >>> 3] = (this.#filter[slot >>> 3] ?? 0) | (1 << (slot & 7));
    return key;
  }

  #flag(pair: number, bit: number): void {
    this.#pairs[pair] = (this.#pairs[pair] ?? 0) | bit;
  }

  #fillTable(lists: ReadonlyMap<number, readonly number[]>): void {
    const size = 2 ** Math.ceil(Math.log2(Math.max(4, lists.size * 2)));
    this.#tableMask = size - 1;
    this.#tableKeys = new Uint32Array(size);
    this.#tableStarts = new Int32Array(size).fill(EMPTY);
    const flat: number[] = [];
    for (const [key, list] of lists) {
      let slot = Math.imul(key, HASH) >>> 7;
      while ((this.#tableStarts[slot & this.#tableMask] ?? EMPTY) !== EMPTY) slot += 1;
      this.#tableKeys[slot & this.#tableMask] = key;
      this.#tableStarts[slot & this.#tableMask] = flat.length;
      flat.push(...list, EMPTY);
    }
    this.#lists = Int32Array.from(flat);
  }

  /**
   * @param from first position at which a match may end
   * @param found takes the owner of every pattern that was found, maybe several times
   */
  scan(bytes: Uint8Array, from: number, found: (owner: number) => void): void {
    const pairs = this.#pairs;
    const start = Math.max(0, from - GRAM + 1);
    let gram = 0;
    for (let at = start; at < bytes.length; at++) {
      gram = (gram << 8) | (LOWER[bytes[at] ?? 0] ?? 0);
      const lengths = pairs[gram & 0xffff] ?? 0;
      if (lengths !== 0 && at >= from) this.#tryGrams(bytes, at + 1, gram, lengths, found);
    }
  }

  #tryGrams(bytes: Uint8Array, end: number, gram: number, lengths: number, found: (owner: number) => void): void {
    if ((lengths & 8) !== 0) this.#look(bytes, end, mixKey(gram, 4), found);
    if ((lengths & 4) !== 0) this.#look(bytes, end, mixKey(gram & 0xffffff, 3), found);
    if ((lengths & 2) !== 0) this.#look(bytes, end, mixKey(gram & 0xffff, 2), found);
    if ((lengths & 1) !== 0) this.#look(bytes, end, mixKey(gram & 0xff, 1), found);
  }

  #look(bytes: Uint8Array, end: number, key: number, found: (owner: number) => void): void {
    const bit = filterSlot(key);
    if (((this.#filter[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return;
    let slot = Math.imul(key, HASH) >>> 7;
    for (;;) {
      const start = this.#tableStarts[slot & this.#tableMask] ?? EMPTY;
      if (start === EMPTY) return;
      if (this.#tableKeys[slot & this.#tableMask] === key) {
        this.#compareList(bytes, end, start, found);
        return;
      }
      slot += 1;
    }
  }

  #compareList(bytes: Uint8Array, end: number, start: number, found: (owner: number) => void): void {
    for (let at = start; ; at++) {
      const index = this.#lists[at] ?? EMPTY;
      if (index === EMPTY) return;
      const pattern = this.#patterns[index];
      if (pattern === undefined) return;
      const first = end - (this.#gramEnds[index] ?? 0);
      if (first < 0 || first + pattern.length > bytes.length || !isAt(bytes, first, pattern)) continue;
      const owners = this.#owners[index];
      if (owners !== undefined) for (const owner of owners) found(owner);
    }
  }
}

function isAt(bytes: Uint8Array, first: number, pattern: Buffer): boolean {
  for (let index = 0; index < pattern.length; index++) {
    if (LOWER[bytes[first + index] ?? 0] !== pattern[index]) return false;
  }
  return true;
}

function gramKey(pattern: Buffer, end: number, length: number): number {
  let gram = 0;
  for (let at = end - length; at < end; at++) gram = (gram << 8) | (pattern[at] ?? 0);
  return mixKey(gram, length);
}

function mixKey(gram: number, length: number): number {
  return (Math.imul(gram, 0x01000193) ^ length) >>> 0;
}

function filterSlot(key: number): number {
  return Math.imul(key, HASH) >>> (32 - FILTER_BITS);
}

function countGrams(patterns: readonly Buffer[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const pattern of patterns) {
    const length = Math.min(GRAM, pattern.length);
    for (let end = length; end <= pattern.length; end++) {
      const key = gramKey(pattern, end, length);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

/** @returns end of the gram that fewest patterns share and that traffic has least often */
function chooseGram(pattern: Buffer, popularity: ReadonlyMap<number, number>): number {
  const length = Math.min(GRAM, pattern.length);
  let best = length;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let end = length; end <= pattern.length; end++) {
    let cost = Math.log2(popularity.get(gramKey(pattern, end, length)) ?? 1) * 2;
    for (let at = end - length; at < end; at++) cost += commonness(pattern[at] ?? 0);
    if (cost < bestCost) {
      bestCost = cost;
      best = end;
    }
  }
  return best;
}

const FREQUENT = new Set(Buffer.from(' etaoinsrhld/.=:-'));

/** How common a byte is in traffic, as a rough logarithm. */
function commonness(byte: number): number {
  if (byte === 0) return 8;
  if (FREQUENT.has(byte)) return 5;
  if ((byte >= 0x61 && byte <= 0x7a) || byte === 0x0d || byte === 0x0a || byte === 0xff) return 4;
  return byte >= 0x30 && byte <= 0x39 ? 3 : 2;
}

/** @returns how rare a pattern is likely to be; the rarest of a rule is looked for first */
export function patternStrength(pattern: Uint8Array): number {
  let strength = 0;
  for (let index = 0; index < Math.min(pattern.length, 16); index++)
    strength += 9 - commonness(LOWER[pattern[index] ?? 0] ?? 0);
  return pattern.length === 1 ? strength - 8 : strength;
}
