import { SigmaError } from './sigma-error.ts';
import type { RegexFlags } from './sigma-regex.ts';

/* Reads a PCRE expression of a rule once, from left to right, and writes it for JavaScript ("Regular Expression" of the Sigma
 * modifiers appendix names the subset that rules may use; what published rules use beside it is taken too). */

/** What must be known of an expression to match it in bounded time. */
export interface RegexShape extends RegexFlags {
  readonly source: string;
  /** For JavaScript and RE2, without a flag for case: both cases of each letter are written out. */
  readonly javaScript: string;
  readonly literal: string;
  readonly hasLookAround: boolean;
  /** Copies that bounded repetition makes of its inside, multiplied where it is nested. */
  readonly copies: number;
  /** Repetitions without an end. */
  readonly openRepeats: number;
  readonly isRepeatNested: boolean;
}

/** Escapes that mean the same in PCRE and in JavaScript. */
const SAME_ESCAPES = 'dDwWsSbBtnrfv';
const POSIX: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: '0-9A-Za-z',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
  punct: '!-\\/:-@\\[-`{-~',
  print: ' -~',
  graph: '!-~',
  cntrl: '\\x00-\\x1f\\x7f',
};

/** @throws SigmaError for what JavaScript has no counterpart of */
export function readRegex(source: string, flags: RegexFlags): RegexShape {
  return new RegexReader(source, flags).read();
}

interface Group {
  /** Copies and repeats in it, until its quantifier is known. */
  copies: number;
  openRepeats: number;
  hasOpenRepeat: boolean;
}

class RegexReader {
  readonly #source: string;
  #flags: { isCaseless: boolean; isMultiline: boolean; isDotAll: boolean };
  #at = 0;
  #output = '';
  #literals: string[] = [];
  #literal = '';
  #isAlternative = false;
  #hasLookAround = false;
  #isRepeatNested = false;
  readonly #groups: Group[] = [{ copies: 1, openRepeats: 0, hasOpenRepeat: false }];
  /** The atom before a quantifier: a group that was closed, or one character. */
  #atom: Group | undefined;

  constructor(source: string, flags: RegexFlags) {
    this.#source = source;
    this.#flags = { ...flags };
  }

  read(): RegexShape {
    this.#readLeadingFlags();
    while (this.#at < this.#source.length) this.#readOne();
    if (this.#groups.length !== 1) throw new SigmaError('re: a bracket is not closed');
    this.#endLiteral();
    const longest = this.#literals.reduce((best, each) => (each.length > best.length ? each : best), '');
    const [top] = this.#groups;
    return {
      ...this.#flags,
      source: this.#source,
      javaScript: this.#output,
      literal: this.#isAlternative ? '' : longest.toLowerCase(),
      hasLookAround: this.#hasLookAround,
      copies: top?.copies ?? 1,
      openRepeats: top?.openRepeats ?? 0,
      isRepeatNested: this.#isRepeatNested,
    };
  }

  #readLeadingFlags(): void {
    for (;;) {
      const match = /^\(\?([imsU-]*)\)/.exec(this.#source.slice(this.#at));
      if (match === null) return;
      const [all, letters = ''] = match;
      if (/[U-]/.test(letters)) throw new SigmaError(`re: the flags ${all} are not supported`);
      if (letters.includes('i')) this.#flags.isCaseless = true;
      if (letters.includes('m')) this.#flags.isMultiline = true;
      if (letters.includes('s')) this.#flags.isDotAll = true;
      this.#at += all.length;
    }
  }

  #readOne(): void {
    const character = this.#source[this.#at] ?? '';
    switch (character) {
      case '(':
        this.#openGroup();
        return;
      case ')':
        this.#closeGroup();
        return;
      case '[':
        this.#readClass();
        return;
      case '\\':
        this.#readEscape();
        return;
      case '|':
        if (this.#groups.length === 1) this.#isAlternative = true;
        this.#emitOther('|');
        this.#atom = undefined;
        return;
      case '*':
      case '+':
      case '?':
        this.#readQuantifier(character, character === '+' ? 1 : 0, character === '?' ? 1 : Number.POSITIVE_INFINITY);
        return;
      case '{':
        this.#readBraces();
        return;
      case '^':
        this.#emitOther('^');
        return;
      case '$':
        // PCRE's `$` also stands before a newline that ends the text.
        this.#emitOther(this.#flags.isMultiline ? '$' : '(?:\\n?$)');
        return;
      case '.':
        // Of PCRE's default, only the newline is none.
        this.#emitOther(this.#flags.isDotAll ? '.' : '[^\\n]');
        return;
      default:
        this.#emitCharacter(character);
    }
  }

  #openGroup(): void {
    const rest = this.#source.slice(this.#at);
    const named = /^\(\?P?<([A-Za-z_]\w*)>/.exec(rest);
    const look = /^\(\?<?[=!]/.exec(rest);
    const scoped = /^\(\?([ims]+):/.exec(rest);
    let opening = '(?:';
    if (look !== null) {
      this.#hasLookAround = true;
      opening = look[0];
      this.#at += opening.length;
    } else if (named !== null) this.#at += named[0].length;
    else if (rest.startsWith('(?:')) this.#at += 3;
    else if (scoped !== null && scoped[1] === 'i' && this.#flags.isCaseless) this.#at += scoped[0].length;
    else if (rest.startsWith('(?') || rest.startsWith('(*')) {
      throw new SigmaError(`re: '${rest.slice(0, 4)}' is not supported`);
    } else this.#at += 1;
    this.#endLiteral();
    this.#output += opening;
    this.#groups.push({ copies: 1, openRepeats: 0, hasOpenRepeat: false });
    this.#atom = undefined;
  }

  #closeGroup(): void {
    // What stands in a group may be one of several, or repeated: it is never counted as a literal.
    this.#literal = '';
    const group = this.#groups.pop();
    if (group === undefined || this.#groups.length === 0)
      throw new SigmaError('re: a bracket is closed that was not opened');
    this.#output += ')';
    this.#at++;
    this.#join(group);
    this.#atom = group;
  }

  /** What is in a group is in the one around it too. */
  #join(group: Group): void {
    const around = this.#groups.at(-1);
    if (around === undefined) return;
    around.copies = Math.max(around.copies, group.copies);
    around.openRepeats += group.openRepeats;
    around.hasOpenRepeat ||= group.hasOpenRepeat;
  }

  #readClass(): void {
    const end = this.#classEnd();
    const inside = this.#source.slice(this.#at + 1, end);
    this.#at = end + 1;
    this.#endLiteral();
    this.#output += `[${this.#rewriteClass(inside)}]`;
    this.#atom = plainAtom();
  }

  #classEnd(): number {
    let at = this.#at + 1;
    if (this.#source[at] === '^') at++;
    if (this.#source[at] === ']') at++;
    for (; at < this.#source.length; at++) {
      const character = this.#source[at];
      if (character === '\\') at++;
      else if (character === '[' && this.#source[at + 1] === ':') at = this.#source.indexOf(':]', at) + 1 || at;
      else if (character === ']') return at;
    }
    throw new SigmaError('re: a class is not closed');
  }

  #rewriteClass(inside: string): string {
    const isNegated = inside.startsWith('^');
    let body = (isNegated ? inside.slice(1) : inside).replace(/\[:(\w+):\]/g, (_, name: string) => {
      const members = POSIX[name];
      if (members === undefined) throw new SigmaError(`re: the class [:${name}:] is unknown`);
      return members;
    });
    if (body.startsWith(']')) body = `\\${body}`;
    body = body.replace(/(?<!\\)\[/g, '\\[');
    const folded = this.#flags.isCaseless ? foldClass(body) : body;
    return `${isNegated ? '^' : ''}${folded}`;
  }

  #readEscape(): void {
    const next = this.#source[this.#at + 1];
    if (next === undefined) throw new SigmaError('re: it ends with a backslash');
    this.#at += 2;
    if (SAME_ESCAPES.includes(next)) {
      this.#emit(`\\${next}`);
      return;
    }
    if (next === 'x') {
      const hex = /^(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,4})\})/.exec(this.#source.slice(this.#at));
      if (hex === null) throw new SigmaError('re: \\x without a number');
      this.#at += hex[0].length;
      const character = String.fromCharCode(Number.parseInt(hex[1] ?? hex[2] ?? '0', 16));
      this.#emit(writeCharacter(character, this.#flags.isCaseless));
      return;
    }
    if (next === 'h') this.#emit('[ \\t]');
    else if (next === 'A') this.#emit(this.#flags.isMultiline ? '(?<![^])' : '^');
    else if (next === 'z' || next === 'Z') this.#emit(this.#flags.isMultiline ? '(?![^])' : '$');
    else if (next === 'e') this.#emit('\\x1b');
    else if (/[A-Za-z1-9]/.test(next)) throw new SigmaError(`re: \\${next} is not supported`);
    else if (next === '0') this.#emit('\\x00');
    else {
      this.#at--;
      this.#emitCharacter(next);
    }
  }

  #readBraces(): void {
    const match = /^\{(\d{1,5})(?:(,)(\d{0,5}))?\}/.exec(this.#source.slice(this.#at));
    if (match === null) {
      this.#emitCharacter('{');
      return;
    }
    const [all, low = '0', comma, high] = match;
    const most = comma === undefined ? Number(low) : high === '' ? Number.POSITIVE_INFINITY : Number(high);
    if (most < Number(low)) throw new SigmaError(`re: '${all}' is no range`);
    this.#readQuantifier(all, Number(low), most);
  }

  #readQuantifier(text: string, least: number, most: number): void {
    const atom = this.#atom;
    if (atom === undefined) throw new SigmaError(`re: '${text}' repeats nothing`);
    this.#at += text.length;
    const mode = this.#source[this.#at];
    if (mode === '+') throw new SigmaError('re: possessive repetition is not supported');
    // A literal may only count what must be there: its last character may now be missing, or stand more than once.
    if (this.#literal !== '') {
      this.#literal = this.#literal.slice(0, -1);
      this.#endLiteral();
    }
    this.#output += text;
    if (mode === '?') {
      this.#output += '?';
      this.#at++;
    }
    const around = this.#groups.at(-1);
    if (around !== undefined) {
      const isOpen = most === Number.POSITIVE_INFINITY;
      const times = isOpen ? least + 1 : most;
      around.copies = Math.max(around.copies, atom.copies * Math.max(1, times));
      if (isOpen || most > 16) {
        if (atom.hasOpenRepeat) this.#isRepeatNested = true;
        around.hasOpenRepeat = true;
      }
      if (isOpen) around.openRepeats++;
    }
    this.#atom = undefined;
  }

  #emitOther(text: string): void {
    this.#at++;
    this.#emit(text);
  }

  #emit(text: string): void {
    this.#endLiteral();
    this.#output += text;
    this.#atom = plainAtom();
  }

  #emitCharacter(character: string): void {
    this.#at++;
    this.#literal += character;
    this.#output += writeCharacter(character, this.#flags.isCaseless);
    this.#atom = plainAtom();
  }

  #endLiteral(): void {
    if (this.#literal !== '' && this.#groups.length === 1) this.#literals.push(this.#literal);
    this.#literal = '';
  }
}

function plainAtom(): Group {
  return { copies: 1, openRepeats: 0, hasOpenRepeat: false };
}

function writeCharacter(character: string, isCaseless: boolean): string {
  const lower = character.toLowerCase();
  const upper = character.toUpperCase();
  if (isCaseless && lower !== upper && lower.length === 1 && upper.length === 1) return `[${lower}${upper}]`;
  return /[\\^$.*+?()[\]{}|/-]/.test(character) ? `\\${character}` : character;
}

/** Letters and ranges of letters of a class, in both cases. */
function foldClass(body: string): string {
  const ranges = body.replace(/\\./g, '').match(/[a-zA-Z]-[a-zA-Z]|[a-zA-Z]/g) ?? [];
  const others = ranges.map((each) => {
    const isSameCase = each.length === 1 || /^(?:[a-z]-[a-z]|[A-Z]-[A-Z])$/.test(each);
    if (!isSameCase) return 'A-Za-z';
    return each === each.toLowerCase() ? each.toUpperCase() : each.toLowerCase();
  });
  const tail = body.endsWith('-') && !body.endsWith('\\-') ? `${body.slice(0, -1)}\\-` : body;
  return tail + others.join('');
}
