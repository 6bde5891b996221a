import { RuleError } from '../rule-error.ts';
import { readCharacterClass, readEscapedByte } from './character-class.ts';
import {
  type Assertion,
  byteSet,
  complement,
  ESCAPED_SETS,
  foldCase,
  type PcreFlags,
  type PcreNode,
} from './syntax.ts';

const EMPTY: PcreNode = { kind: 'sequence', items: [] };
const MAXIMUM_REPETITIONS = 65_535;
const MAXIMUM_DEPTH = 200;

const NEWLINE_SEQUENCE: PcreNode = {
  kind: 'alternatives',
  items: [
    { kind: 'sequence', items: [literal(0x0d), literal(0x0a)] },
    { kind: 'set', members: byteSet([0x0a, 0x0d], [0x85, 0x85]) },
  ],
};

function literal(code: number): PcreNode {
  return { kind: 'set', members: byteSet([code, code]) };
}

/** Nodes of single bytes are shared: thousands of rules have hundreds of them each. */
const BYTES: readonly PcreNode[] = Array.from({ length: 256 }, (_, code) => literal(code));
const CASELESS_BYTES: readonly PcreNode[] = Array.from({ length: 256 }, (_, code) => ({
  kind: 'set',
  members: foldCase(byteSet([code, code])),
}));

/**
 * Parses a PCRE pattern (pcre2pattern(3)) that is matched against bytes.
 *
 * @throws RuleError when it is damaged, or has a construct that is not matched here (recursion, verbs, Unicode properties)
 */
export function parsePattern(pattern: string, flags: PcreFlags): PcreNode {
  return new PatternParser(withoutQuotes(pattern), flags).parse();
}

/** `\Q…\E` takes everything between as it is written. */
function withoutQuotes(pattern: string): string {
  return pattern.replace(/\\Q(.*?)(?:\\E|$)|\\./gs, (whole, quoted: string | undefined) =>
    quoted === undefined ? whole : quoted.replace(/[^A-Za-z0-9]/g, '\\$&'),
  );
}

class PatternParser {
  readonly #text: string;
  #flags: PcreFlags;
  #at = 0;
  #depth = 0;
  #groups = 0;
  readonly #names = new Map<string, number>();
  readonly #totalGroups: number;

  constructor(text: string, flags: PcreFlags) {
    this.#text = text;
    this.#flags = flags;
    this.#totalGroups = [...text.replace(/\\./gs, '').matchAll(/\((?!\?)|\(\?P?<\w|\(\?'/g)].length;
  }

  parse(): PcreNode {
    const node = this.#alternatives();
    if (this.#at < this.#text.length) throw new RuleError('pcre: a parenthesis is closed that is not open');
    return node;
  }

  /** Up to the closing parenthesis. Options set inside hold until there. */
  #alternatives(): PcreNode {
    this.#depth += 1;
    if (this.#depth > MAXIMUM_DEPTH) throw new RuleError('pcre: its parentheses are nested too deep');
    const outer = this.#flags;
    const items = [this.#sequence()];
    while (this.#text[this.#at] === '|') {
      this.#at += 1;
      items.push(this.#sequence());
    }
    this.#flags = outer;
    this.#depth -= 1;
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: 'alternatives', items };
  }

  #sequence(): PcreNode {
    const items: PcreNode[] = [];
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at];
      if (character === '|' || character === ')') break;
      if (this.#flags.isExtended && this.#skipExtended()) continue;
      const atom = this.#atom();
      if (atom !== undefined) items.push(this.#quantified(atom));
    }
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: 'sequence', items };
  }

  #skipExtended(): boolean {
    const blank = /^(?:\s+|#[^\n]*\n?)/.exec(this.#text.slice(this.#at));
    this.#at += blank?.[0].length ?? 0;
    return blank !== null;
  }

  /** @returns `undefined` for what stands for nothing: options, comments, `\E` */
  #atom(): PcreNode | undefined {
    const character = this.#text[this.#at] ?? '';
    switch (character) {
      case '\\':
        return this.#escape();
      case '[':
        return this.#class();
      case '(':
        return this.#group();
      case '.':
        this.#at += 1;
        return this.#set(this.#flags.isDotAll ? byteSet([0, 255]) : complement(byteSet([0x0a, 0x0a])));
      case '^':
        return this.#assertion(this.#flags.isMultiline ? 'line-start' : 'start', 1);
      case '$':
        return this.#assertion(this.#dollar(), 1);
      case '*':
      case '+':
      case '?':
        throw new RuleError('pcre: a quantifier follows nothing');
      default:
        this.#at += 1;
        return this.#byte(character.charCodeAt(0));
    }
  }

  #dollar(): Assertion {
    if (this.#flags.isMultiline) return 'line-end';
    return this.#flags.isDollarEndOnly ? 'end' : 'end-or-newline';
  }

  #assertion(assertion: Assertion, length: number): PcreNode {
    this.#at += length;
    return { kind: 'assertion', assertion };
  }

  #set(members: Uint8Array): PcreNode {
    return { kind: 'set', members: this.#flags.isCaseless ? foldCase(members) : members };
  }

  #byte(code: number): PcreNode {
    const node = (this.#flags.isCaseless ? CASELESS_BYTES : BYTES)[code];
    if (node === undefined) throw new RuleError('pcre: it has a character that is not one byte');
    return node;
  }

  #quantified(atom: PcreNode): PcreNode {
    let node = atom;
    for (;;) {
      const match = /^(?:([*+?])|\{(\d+)(,(\d*))?\})([?+]?)/.exec(this.#text.slice(this.#at, this.#at + 20));
      if (match === null) return node;
      this.#at += match[0].length;
      const [, symbol, least, comma, most, suffix] = match;
      const minimum = symbol === undefined ? Number(least) : symbol === '+' ? 1 : 0;
      const maximum = symbol === undefined ? upperBound(minimum, comma, most) : symbol === '?' ? 1 : Infinity;
      const isTooMany = minimum > MAXIMUM_REPETITIONS || (maximum > MAXIMUM_REPETITIONS && maximum !== Infinity);
      if (isTooMany || minimum > maximum) throw new RuleError(`pcre: the repetition ${match[0]} is none`);
      const isLazy = (suffix === '?') !== this.#flags.isUngreedy;
      node = {
        kind: 'repeat',
        inner: node,
        minimum,
        maximum,
        mode: suffix === '+' ? 'possessive' : isLazy ? 'lazy' : 'greedy',
      };
    }
  }

  #escape(): PcreNode | undefined {
    const character = this.#text[this.#at + 1];
    if (character === undefined) throw new RuleError('pcre: it ends with a backslash');
    const assertion = ESCAPED_ASSERTIONS[character];
    if (assertion !== undefined) return this.#assertion(assertion, 2);
    this.#at += 2;
    const set = ESCAPED_SETS[character];
    if (set !== undefined) return { kind: 'set', members: set };
    switch (character) {
      case 'R':
        return { kind: 'atomic', inner: NEWLINE_SEQUENCE };
      case 'E':
        return undefined;
      case 'k':
        return this.#reference(this.#named(/^(?:\{(\w+)\}|<(\w+)>|'(\w+)')/));
      case 'g':
        return this.#numberedReference(/^(?:\{(-?\d+)\}|(-?\d+))/);
      default:
        return /[1-9]/.test(character) ? this.#digits() : this.#escapedByte(character);
    }
  }

  /** `\1` to `\9` are references; longer numbers only where so many groups exist, else they are octal. */
  #digits(): PcreNode {
    const digits = /^\d+/.exec(this.#text.slice(this.#at - 1, this.#at + 4))?.[0] ?? '';
    const group = Number(digits);
    if (group < 10 || group <= this.#totalGroups) {
      this.#at += digits.length - 1;
      return this.#reference(group);
    }
    const octal = /^[0-7]{1,3}/.exec(digits)?.[0];
    if (octal === undefined) throw new RuleError(`pcre: there is no group ${group}`);
    this.#at += octal.length - 1;
    return this.#byte(Number.parseInt(octal, 8) & 0xff);
  }

  #numberedReference(form: RegExp): PcreNode {
    const match = form.exec(this.#text.slice(this.#at));
    if (match === null) throw new RuleError('pcre: subroutine calls are not matched');
    this.#at += match[0].length;
    const number = Number(match[1] ?? match[2]);
    return this.#reference(number < 0 ? this.#groups + 1 + number : number);
  }

  #named(form: RegExp): number {
    const match = form.exec(this.#text.slice(this.#at));
    if (match === null) throw new RuleError('pcre: a named reference is not closed');
    this.#at += match[0].length;
    const name = match.slice(1).find((each) => each !== undefined) ?? '';
    const group = this.#names.get(name);
    if (group === undefined) throw new RuleError(`pcre: there is no group ${name}`);
    return group;
  }

  #escapedByte(character: string): PcreNode {
    const { code, end } = readEscapedByte(this.#text, this.#at, character);
    this.#at = end;
    return this.#byte(code);
  }

  #reference(group: number): PcreNode {
    if (group < 1 || group > this.#totalGroups) throw new RuleError(`pcre: there is no group ${group}`);
    return { kind: 'reference', group, isCaseless: this.#flags.isCaseless };
  }

  #class(): PcreNode {
    const { members, isNegated, end } = readCharacterClass(this.#text, this.#at);
    this.#at = end;
    const folded = this.#flags.isCaseless ? foldCase(members) : members;
    return { kind: 'set', members: isNegated ? complement(folded) : folded };
  }

  #group(): PcreNode | undefined {
    const rest = this.#text.slice(this.#at, this.#at + 40);
    if (rest.startsWith('(?#')) {
      const end = this.#text.indexOf(')', this.#at);
      if (end < 0) throw new RuleError('pcre: a comment is not closed');
      this.#at = end + 1;
      return undefined;
    }
    if (rest.startsWith('(?P=')) return this.#reference(this.#named(/^\(\?P=(\w+)\)/));
    if (rest.startsWith('(?(')) return this.#condition();
    const options = /^\(\?([imsxU]*)(?:-([imsxU]*))?([:)])/.exec(rest);
    if (options !== null) return this.#options(options);
    const look = /^\(\?(<?)([=!])/.exec(rest);
    if (look !== null) {
      const inner = this.#inside(look[0].length);
      return { kind: 'look', isBehind: look[1] === '<', isNegated: look[2] === '!', inner };
    }
    if (rest.startsWith('(?>')) return { kind: 'atomic', inner: this.#inside(3) };
    const name = /^\(\?(?:P?<(\w+)>|'(\w+)')/.exec(rest);
    if (name === null && /^\([?*]/.test(rest)) throw new RuleError(`pcre: ${rest.slice(0, 4)} is not matched`);
    this.#groups += 1;
    const group = this.#groups;
    if (name !== null) this.#names.set(name[1] ?? name[2] ?? '', group);
    return { kind: 'capture', group, inner: this.#inside(name?.[0].length ?? 1) };
  }

  #inside(opening: number): PcreNode {
    this.#at += opening;
    const node = this.#alternatives();
    if (this.#text[this.#at] !== ')') throw new RuleError('pcre: a parenthesis is not closed');
    this.#at += 1;
    return node;
  }

  #options([whole, on = '', off = '', end]: RegExpExecArray): PcreNode | undefined {
    const outer = this.#flags;
    const is = (before: boolean, letter: string) => (before || on.includes(letter)) && !off.includes(letter);
    this.#flags = {
      isCaseless: is(outer.isCaseless, 'i'),
      isMultiline: is(outer.isMultiline, 'm'),
      isDotAll: is(outer.isDotAll, 's'),
      isExtended: is(outer.isExtended, 'x'),
      isUngreedy: is(outer.isUngreedy, 'U'),
      isDollarEndOnly: outer.isDollarEndOnly,
    };
    if (end === ':') {
      const node = this.#inside(whole.length);
      this.#flags = outer;
      return node;
    }
    this.#at += whole.length;
    return undefined;
  }

  #condition(): PcreNode {
    const match = /^\(\?\((?:(\d+)|<(\w+)>|'(\w+)')\)/.exec(this.#text.slice(this.#at, this.#at + 40));
    if (match === null) throw new RuleError('pcre: a condition that is no group is not matched');
    const group = match[1] === undefined ? this.#names.get(match[2] ?? match[3] ?? '') : Number(match[1]);
    if (group === undefined) throw new RuleError('pcre: a condition names no group');
    const inner = this.#inside(match[0].length);
    const [yes = EMPTY, no = EMPTY, ...more] = inner.kind === 'alternatives' ? inner.items : [inner];
    if (more.length > 0) throw new RuleError('pcre: a condition has more than two branches');
    return { kind: 'condition', group, yes, no };
  }
}

const ESCAPED_ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: 'start',
  z: 'end',
  Z: 'end-or-newline',
  b: 'word',
  B: 'not-word',
};

function upperBound(minimum: number, comma: string | undefined, most: string | undefined): number {
  if (comma === undefined) return minimum;
  return most === undefined || most === '' ? Infinity : Number(most);
}
