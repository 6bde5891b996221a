import { LOWER } from '../content-pattern.ts';
import type { SearchedPattern } from './fast-pattern.ts';
import { commonness } from './pattern-strength.ts';

/** Bytes of a pattern that are looked for before the whole of it; fewer where it is shorter. */
export const GRAM = 4;
const COUNTERS = 1 << 16;

/**
 * The patterns of all rules, each once, in flat arrays that all matchers share. Each is represented by a gram: its four bytes
 * that fewest other patterns share and that traffic is likely to have least often.
 */
export class PatternPool {
  readonly #numbers = new Map<string, number>();
  readonly #patterns: Uint8Array[] = [];
  readonly #isExact: boolean[] = [];
  bytes = new Uint8Array(0);
  starts = new Int32Array(0);
  lengths = new Int32Array(0);
  /** How far behind the beginning of the pattern its gram ends. */
  gramEnds = new Int32Array(0);
  /** 1 where upper and lower case are different. */
  exact = new Uint8Array(0);

  /** @returns the pattern's number; patterns are added before `build` */
  add({ pattern, isCaseless }: SearchedPattern): number {
    const bytes = isCaseless ? pattern.map((byte) => LOWER[byte] ?? 0) : pattern;
    const key = `${isCaseless ? '~' : '='}${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#patterns.length;
    this.#numbers.set(key, number);
    this.#patterns.push(bytes);
    this.#isExact.push(!isCaseless);
    return number;
  }

  build(): void {
    const patterns = this.#patterns;
    this.lengths = Int32Array.from(patterns, ({ length }) => length);
    this.starts = new Int32Array(patterns.length);
    this.bytes = new Uint8Array(this.lengths.reduce((sum, length) => sum + length, 0));
    this.exact = Uint8Array.from(this.#isExact, (isExact) => (isExact ? 1 : 0));
    let start = 0;
    patterns.forEach((pattern, number) => {
      this.bytes.set(pattern, start);
      this.starts[number] = start;
      start += pattern.length;
    });
    const popularity = countGrams(patterns);
    this.gramEnds = Int32Array.from(patterns, (pattern) => chooseGram(pattern, popularity));
    // What is needed from now on is in the arrays.
    this.#patterns.length = this.#isExact.length = 0;
    this.#numbers.clear();
  }

  /** @returns byte of a pattern in lower case */
  lower(pattern: number, at: number): number {
    return LOWER[this.bytes[(this.starts[pattern] ?? 0) + at] ?? 0] ?? 0;
  }
}

/** How many patterns have a gram, by its hash. */
function countGrams(patterns: readonly Uint8Array[]): Uint16Array {
  const counts = new Uint16Array(COUNTERS);
  for (const pattern of patterns) {
    const length = Math.min(GRAM, pattern.length);
    for (let end = length; end <= pattern.length; end++) {
      const slot = hashGram(pattern, end, length);
      counts[slot] = Math.min(0xffff, (counts[slot] ?? 0) + 1);
    }
  }
  return counts;
}

function hashGram(pattern: Uint8Array, end: number, length: number): number {
  let hash = length;
  for (let at = end - length; at < end; at++) hash = Math.imul(hash ^ (LOWER[pattern[at] ?? 0] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 16)) & (COUNTERS - 1);
}

/** @returns end of the gram that fewest patterns share and that traffic has least often */
function chooseGram(pattern: Uint8Array, popularity: Uint16Array): number {
  const length = Math.min(GRAM, pattern.length);
  let best = length;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let end = length; end <= pattern.length; end++) {
    let cost = Math.log2(popularity[hashGram(pattern, end, length)] ?? 1) * 2;
    for (let at = end - length; at < end; at++) cost += commonness(LOWER[pattern[at] ?? 0] ?? 0);
    if (cost < bestCost) {
      bestCost = cost;
      best = end;
    }
  }
  return best;
}
