import { RuleError } from '../rule-error.ts';
import { complement, ESCAPED_SETS, POSIX_CLASSES } from './syntax.ts';

const CONTROL_ESCAPES: Readonly<Record<string, number>> = { a: 7, e: 0x1b, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09 };
const BACKSPACE = 8;
const HYPHEN = 0x2d;

/** A byte of a pattern, and where the pattern goes on. */
interface EscapedByte {
  readonly code: number;
  readonly end: number;
}

/**
 * Reads an escaped character that stands for one byte (pcre2pattern(3), non-printing characters).
 *
 * @param at behind the character that follows the backslash
 * @throws RuleError when it stands for something else
 */
export function readEscapedByte(text: string, at: number, character: string): EscapedByte {
  const rest = text.slice(at, at + 8);
  const control = CONTROL_ESCAPES[character];
  if (control !== undefined) return { code: control, end: at };
  if (character === 'x') {
    const match = /^(?:\{([0-9a-f]{1,2})\}|([0-9a-f]{0,2}))/i.exec(rest);
    const digits = match?.[1] ?? (match?.[2] || '0');
    return { code: Number.parseInt(digits, 16), end: at + (match?.[0].length ?? 0) };
  }
  if (character === '0') {
    const octal = /^[0-7]{0,2}/.exec(rest)?.[0] ?? '';
    return { code: Number.parseInt(`0${octal}`, 8), end: at + octal.length };
  }
  if (character === 'c') {
    const letter = rest[0];
    if (letter === undefined) throw new RuleError('pcre: \\c has no letter');
    return { code: letter.toUpperCase().charCodeAt(0) ^ 0x40, end: at + 1 };
  }
  if (/[A-Za-z0-9]/.test(character)) throw new RuleError(`pcre: \\${character} is not matched`);
  return { code: character.charCodeAt(0), end: at };
}

/** Bytes of a class as it is written, before case is folded and before it is negated. */
interface CharacterClass {
  readonly members: Uint8Array;
  readonly isNegated: boolean;
  /** Behind the closing bracket. */
  readonly end: number;
}

/**
 * Reads a character class (pcre2pattern(3), square brackets and character classes).
 *
 * @param start of the opening bracket
 * @throws RuleError when it is damaged
 */
export function readCharacterClass(text: string, start: number): CharacterClass {
  const reader = new ClassReader(text, start + 1);
  return reader.read();
}

class ClassReader {
  readonly #text: string;
  readonly #members = new Uint8Array(256);
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  read(): CharacterClass {
    const isNegated = this.#text[this.#at] === '^';
    if (isNegated) this.#at += 1;
    const first = this.#at;
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) throw new RuleError('pcre: a character class is not closed');
      if (character === ']' && this.#at > first) break;
      this.#item();
    }
    return { members: this.#members, isNegated, end: this.#at + 1 };
  }

  /** One byte, set or range. */
  #item(): void {
    const low = this.#member();
    const next = this.#text[this.#at + 1];
    const isRange = typeof low === 'number' && this.#text[this.#at] === '-' && next !== undefined && next !== ']';
    if (!isRange) {
      this.#add(low);
      return;
    }
    this.#at += 1;
    const high = this.#member();
    if (typeof high !== 'number') {
      for (const each of [low, HYPHEN, high]) this.#add(each);
    } else if (low > high) throw new RuleError('pcre: a range of a class is not in order');
    else this.#members.fill(1, low, high + 1);
  }

  #member(): number | Uint8Array {
    const rest = this.#text.slice(this.#at, this.#at + 14);
    const posix = /^\[:(\^?)(\w+):\]/.exec(rest);
    if (posix !== null) {
      const set = POSIX_CLASSES[posix[2] ?? ''];
      if (set === undefined) throw new RuleError(`pcre: the class ${posix[0]} is unknown`);
      this.#at += posix[0].length;
      return posix[1] === '^' ? complement(set) : set;
    }
    const character = rest[0] ?? '';
    this.#at += 1;
    return character === '\\' ? this.#escaped(rest) : needByte(character.charCodeAt(0));
  }

  /** @param rest of the pattern from the backslash on, which is read */
  #escaped(rest: string): number | Uint8Array {
    const escaped = rest[1];
    if (escaped === undefined) throw new RuleError('pcre: a character class is not closed');
    this.#at += 1;
    if (escaped === 'b') return BACKSPACE;
    const set = ESCAPED_SETS[escaped];
    if (set !== undefined && escaped !== 'N') return set;
    if (/[1-7]/.test(escaped)) {
      const octal = /^[0-7]{1,3}/.exec(rest.slice(1))?.[0] ?? '';
      this.#at += octal.length - 1;
      return Number.parseInt(octal, 8) & 0xff;
    }
    const { code, end } = readEscapedByte(this.#text, this.#at, escaped);
    this.#at = end;
    return needByte(code);
  }

  #add(added: number | Uint8Array): void {
    if (typeof added === 'number') this.#members[added] = 1;
    else for (const [code, member] of added.entries()) if (member === 1) this.#members[code] = 1;
  }
}

function needByte(code: number): number {
  if (code > 0xff) throw new RuleError('pcre: it has a character that is not one byte');
  return code;
}
