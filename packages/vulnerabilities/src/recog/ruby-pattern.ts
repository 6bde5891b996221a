import { RE2JS } from 're2js';
import { RECOG_LIMITS } from './database.ts';

/** @see translatePattern */
export type TranslatedPattern = { readonly expression: string; readonly groups: number } | { readonly reason: string };

const DOT_MATCHES_LINE_BREAK = new Set(['REG_DOT_NEWLINE', 'REG_LINE_ANY_CRLF', 'REG_MULTILINE']);
const IGNORES_CASE = new Set(['REG_ICASE', 'IGNORECASE']);

/**
 * Translates a regular expression as recog writes it (read by Ruby: `^` and `$` stand at lines always, `m` lets the dot match
 * line breaks) into one for RE2. What needs backtracking is refused: a text from the network could make it run for hours.
 *
 * @param pattern as in the attribute `pattern`
 * @param flags as in the attribute `flags`, split at commas
 * @returns the expression and how many groups it has, or why there is none
 */
export function translatePattern(pattern: string, flags: readonly string[]): TranslatedPattern {
  if (pattern === '') return { reason: 'it has no pattern' };
  if (pattern.length > RECOG_LIMITS.patternLength) {
    return { reason: `its pattern is longer than ${RECOG_LIMITS.patternLength} characters` };
  }
  const unknown = flags.find((flag) => !DOT_MATCHES_LINE_BREAK.has(flag) && !IGNORES_CASE.has(flag));
  if (unknown !== undefined) return { reason: `the flag ${unknown} is not known` };
  const options = [
    'm',
    ...(flags.some((flag) => DOT_MATCHES_LINE_BREAK.has(flag)) ? ['s'] : []),
    ...(flags.some((flag) => IGNORES_CASE.has(flag)) ? ['i'] : []),
  ].join('');
  try {
    const expression = `(?${options})${new PatternTranslation(pattern).run()}`;
    const compiled = RE2JS.compile(expression);
    if (compiled.programSize() > RECOG_LIMITS.programSize) {
      return { reason: 'its pattern repeats too much to be matched in bounded time' };
    }
    return { expression, groups: compiled.groupCount() };
  } catch (error) {
    return { reason: `its pattern cannot be used: ${error instanceof Error ? error.message : String(error)}` };
  }
}

const BACKTRACKS = /^\((?:\?[=!>]|\?<[=!])/;
const FLAGS = /^\(\?([a-z]*(?:-[a-z]*)?)([:)])/;
const NAMED_GROUP = /^\(\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/;
const HAS_NAMED_GROUP = /(?<!\\)\(\?(?:P?<[A-Za-z_]|')/;
const COMMENT = /^\(\?#[^)]*\)/;
const LENGTH_FROM_ZERO = /^\{,(\d+)\}/;
const POSSESSIVE = /^[*+?]\+/;
const POSIX_CLASS = /^\[:\^?[a-z]+:\]/;

const NEEDS_BACKTRACKING = new Map([
  ['G', 'the end of the match before'],
  ['K', 'a kept part'],
  ['X', 'grapheme clusters'],
  ['k', 'a reference back to a group'],
  ['g', 'a call of a group'],
]);

/** Escapes of Ruby that RE2 writes otherwise. */
const OUTSIDE_CLASS = new Map([
  ['Z', '(?:\\n?\\z)'],
  ['h', '[0-9A-Fa-f]'],
  ['H', '[^0-9A-Fa-f]'],
  ['s', '[\\s\\v]'],
  ['S', '[^\\s\\v]'],
  ['R', '(?:\\r\\n|[\\n\\v\\f\\r\\x{85}\\x{2028}\\x{2029}])'],
  ['e', '\\x1b'],
]);
const INSIDE_CLASS = new Map([
  ['h', '0-9A-Fa-f'],
  ['s', '\\s\\v'],
  ['b', '\\x08'],
  ['e', '\\x1b'],
]);
/** Letters after a backslash that mean the same to both. */
const SAME_ESCAPES = new Set('AzbBdDsSwWtnrfvapPxQE'.split(''));

class PatternTranslation {
  readonly #pattern: string;
  readonly #hasNames: boolean;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#hasNames = HAS_NAMED_GROUP.test(pattern);
  }

  /** @throws Error that says what the pattern needs and RE2 has not */
  run(): string {
    let out = '';
    while (this.#at < this.#pattern.length) {
      const character = this.#pattern[this.#at] ?? '';
      if (character === '\\') out += this.#escape(OUTSIDE_CLASS);
      else if (character === '[') out += this.#characterClass();
      else if (character === '(') out += this.#group();
      else out += this.#other(character);
    }
    return out;
  }

  #rest(): string {
    return this.#pattern.slice(this.#at, this.#at + 64);
  }

  #take(length: number, text: string): string {
    this.#at += length;
    return text;
  }

  #other(character: string): string {
    const rest = this.#rest();
    if (POSSESSIVE.test(rest)) throw new Error('it has a possessive quantifier, which needs backtracking');
    const zero = LENGTH_FROM_ZERO.exec(rest);
    if (zero) return this.#take(zero[0].length, `{0,${zero[1]}}`);
    return this.#take(1, character);
  }

  #group(): string {
    const rest = this.#rest();
    const comment = COMMENT.exec(this.#pattern.slice(this.#at));
    if (comment) return this.#take(comment[0].length, '');
    if (BACKTRACKS.test(rest)) throw new Error('it looks around or holds an atomic group, which needs backtracking');
    const named = NAMED_GROUP.exec(rest);
    if (named) return this.#take(named[0].length, `(?P<${named[1] ?? named[2]}>`);
    const flags = FLAGS.exec(rest);
    if (flags) return this.#take(flags[0].length, `(?${translateFlags(flags[1] ?? '')}${flags[2]}`);
    // Ruby counts plain groups only where none has a name.
    return this.#take(1, this.#hasNames && !rest.startsWith('(?') ? '(?:' : '(');
  }

  #escape(translations: ReadonlyMap<string, string>): string {
    const isInClass = translations === INSIDE_CLASS;
    const letter = this.#pattern[this.#at + 1];
    if (letter === undefined) throw new Error('it ends with a backslash');
    const rest = this.#rest();
    const hexadecimal = /^\\x([0-9A-Fa-f]{1,2})/.exec(rest) ?? /^\\u([0-9A-Fa-f]{4})/.exec(rest);
    const braced = /^\\[ux]\{([0-9A-Fa-f]{1,6})\}/.exec(rest);
    const number = hexadecimal ?? braced;
    if (number) return this.#take(number[0].length, `\\x{${number[1]}}`);
    const translated = translations.get(letter);
    if (translated !== undefined) return this.#take(2, translated);
    const need = NEEDS_BACKTRACKING.get(letter);
    if (need !== undefined && !isInClass) throw new Error(`it needs ${need}`);
    if (!isInClass && /[1-9]/.test(letter)) throw new Error('it refers back to a group, which needs backtracking');
    if (/[A-Za-z]/.test(letter) && !SAME_ESCAPES.has(letter)) return this.#take(2, letter);
    // RE2 takes a backslash before punctuation only.
    if (letter === '_' || letter.charCodeAt(0) > 0x7f) return this.#take(2, letter);
    return this.#take(2, `\\${letter}`);
  }

  #characterClass(): string {
    let out = this.#take(1, '[');
    if (this.#pattern[this.#at] === '^') out += this.#take(1, '^');
    if (this.#pattern[this.#at] === ']') out += this.#take(1, '\\]');
    while (this.#at < this.#pattern.length) {
      const character = this.#pattern[this.#at] ?? '';
      const rest = this.#rest();
      if (character === ']') return out + this.#take(1, ']');
      if (rest.startsWith('&&')) throw new Error('it intersects classes of characters');
      const posix = POSIX_CLASS.exec(rest);
      if (posix) out += this.#take(posix[0].length, posix[0]);
      else if (character === '\\') out += this.#escape(INSIDE_CLASS);
      else if (character === '[') out += this.#take(1, '\\[');
      else out += this.#take(1, character);
    }
    throw new Error('a class of characters does not end');
  }
}

function translateFlags(flags: string): string {
  if (/[^ims-]/.test(flags)) throw new Error(`the option (?${flags}) is not known`);
  return flags.replaceAll('m', 's').replace(/-$/, '');
}
