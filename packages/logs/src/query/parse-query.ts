/*
 * The language of searches: what people know from Lucene and KQL. Words, "words together", field:value, field:"value", wildcards (*),
 * field:* for there at all, comparisons (field>=5, field:>=5), ranges (field:[1 TO 5], field:{1 TO 5}), groups of values
 * (field:(a OR b)), AND, OR, NOT, -, ! and parentheses. Words beside each other are joined by AND.
 */

/** A query that cannot be meant so. */
export class LogQueryError extends Error {
  override readonly name = 'LogQueryError';
  /** Number of the character, from 0. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(`${message} (at character ${at + 1})`);
    this.at = at;
  }
}

export type Comparison = 'less' | 'at-most' | 'more' | 'at-least';

export type QueryNode =
  | { readonly kind: 'and' | 'or'; readonly items: readonly QueryNode[] }
  | { readonly kind: 'not'; readonly item: QueryNode }
  | { readonly kind: 'term'; readonly field: string | undefined; readonly value: QueryValue; readonly at: number };

export type QueryValue =
  /** @param isExact whether it was in quotes: no wildcards */
  | { readonly kind: 'text'; readonly text: string; readonly isExact: boolean }
  | { readonly kind: 'comparison'; readonly comparison: Comparison; readonly text: string }
  | { readonly kind: 'range'; readonly least: string; readonly most: string; readonly isOpen: boolean };

const MAXIMUM_LENGTH = 10_000;
const MAXIMUM_DEPTH = 50;
const MAXIMUM_TERMS = 500;
/** Ends a bare word. */
const SPECIAL = /[\s()":<>=[\]{}]/;
const FIELD = /[\p{L}\p{N}_@][\p{L}\p{N}_.@$-]{0,127}/uy;
const COMPARISONS: readonly (readonly [string, Comparison])[] = [
  ['>=', 'at-least'],
  ['<=', 'at-most'],
  ['>', 'more'],
  ['<', 'less'],
];

/**
 * @returns the query as a tree; undefined for an empty one, which everything fits
 * @throws LogQueryError
 */
export function parseQuery(text: string): QueryNode | undefined {
  return new QueryParser(text).parse();
}

class QueryParser {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #terms = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): QueryNode | undefined {
    if (this.#text.length > MAXIMUM_LENGTH) {
      throw new LogQueryError(`A query has at most ${MAXIMUM_LENGTH} characters`, MAXIMUM_LENGTH);
    }
    this.#blanks();
    if (this.#isEnd) return undefined;
    const node = this.#or(undefined);
    if (!this.#isEnd) throw this.#error(this.#peek() === ')' ? 'A bracket closes that never opened' : 'Not understood');
    return node;
  }

  #peek(): string {
    return this.#text[this.#at] ?? '';
  }

  get #isEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  #error(message: string, at = this.#at): LogQueryError {
    return new LogQueryError(message, at);
  }

  #blanks(): void {
    while (/\s/.test(this.#peek())) this.#at++;
  }

  /** @param field that values within `field:( … )` are of */
  #or(field: string | undefined): QueryNode {
    if (++this.#depth > MAXIMUM_DEPTH) throw this.#error('Brackets are nested too deeply');
    const items = [this.#and(field)];
    while (this.#keyword('OR', '||')) items.push(this.#and(field));
    this.#depth--;
    return joined('or', items);
  }

  #and(field: string | undefined): QueryNode {
    const items = [this.#unary(field)];
    for (;;) {
      this.#blanks();
      if (this.#keyword('AND', '&&')) items.push(this.#unary(field));
      else if (this.#isEnd || this.#peek() === ')' || this.#isAhead('OR', '||')) break;
      else items.push(this.#unary(field));
    }
    return joined('and', items);
  }

  #unary(field: string | undefined): QueryNode {
    this.#blanks();
    if (++this.#depth > MAXIMUM_DEPTH) throw this.#error('Too many negations in a row');
    try {
      if (this.#keyword('NOT', '!')) return { kind: 'not', item: this.#unary(field) };
      if (this.#peek() === '-' && !/[\s)]/.test(this.#text[this.#at + 1] ?? ' ')) {
        this.#at++;
        return { kind: 'not', item: this.#unary(field) };
      }
      return this.#primary(field);
    } finally {
      this.#depth--;
    }
  }

  #primary(field: string | undefined): QueryNode {
    if (this.#peek() === '(') {
      const opened = this.#at++;
      this.#blanks();
      if (this.#peek() === ')') throw this.#error('There is nothing between these brackets', opened);
      const node = this.#or(field);
      this.#blanks();
      if (this.#peek() !== ')') throw this.#error('This bracket never closes', opened);
      this.#at++;
      return node;
    }
    if (++this.#terms > MAXIMUM_TERMS) throw this.#error(`A query has at most ${MAXIMUM_TERMS} terms`);
    const at = this.#at;
    if (field !== undefined) return { kind: 'term', field, value: this.#value(), at };
    const name = this.#fieldName();
    if (name === undefined) return { kind: 'term', field: undefined, value: this.#value(), at };
    if (this.#peek() === '(') return this.#primary(name);
    return { kind: 'term', field: name, value: this.#value(), at };
  }

  /** Takes the name of a field with its colon, or up to the sign of a comparison. */
  #fieldName(): string | undefined {
    FIELD.lastIndex = this.#at;
    const name = FIELD.exec(this.#text)?.[0];
    if (name === undefined) return undefined;
    const behind = this.#text.slice(this.#at + name.length).match(/^\s*(:|=|(?=[<>]))/);
    if (behind === null) return undefined;
    this.#at += name.length + behind[0].length;
    this.#blanks();
    if (this.#isEnd) throw this.#error(`Say a value behind ${name}, or ${name}:* for any`);
    return name;
  }

  #value(): QueryValue {
    for (const [sign, comparison] of COMPARISONS) {
      if (!this.#text.startsWith(sign, this.#at)) continue;
      this.#at += sign.length;
      this.#blanks();
      return { kind: 'comparison', comparison, text: this.#word().text };
    }
    if (this.#peek() === '[' || this.#peek() === '{') return this.#range();
    const { text, isExact } = this.#word();
    return { kind: 'text', text, isExact };
  }

  #range(): QueryValue {
    const isOpen = this.#peek() === '{';
    const opened = this.#at++;
    this.#blanks();
    const least = this.#word().text;
    if (!this.#keyword('TO', '..')) throw this.#error('Write a range as [1 TO 5]', opened);
    this.#blanks();
    const most = this.#word().text;
    this.#blanks();
    if (this.#peek() !== (isOpen ? '}' : ']')) throw this.#error('Write a range as [1 TO 5]', opened);
    this.#at++;
    return { kind: 'range', least, most, isOpen };
  }

  #word(): { readonly text: string; readonly isExact: boolean } {
    if (this.#peek() === '"') return { text: this.#quoted(), isExact: true };
    let text = '';
    const start = this.#at;
    while (!this.#isEnd) {
      const character = this.#peek();
      if (character === '\\' && this.#at + 1 < this.#text.length) {
        // A star that is escaped is a star.
        text += this.#text[this.#at + 1] === '*' ? '\\*' : this.#text[this.#at + 1];
        this.#at += 2;
      } else if (SPECIAL.test(character) && !(character === ':' && this.#at > start)) break;
      else {
        text += character;
        this.#at++;
      }
    }
    if (this.#at === start) throw this.#error(this.#isEnd ? 'A value is missing' : `Put ${this.#peek()} in quotes`);
    return { text, isExact: false };
  }

  #quoted(): string {
    const opened = this.#at++;
    let text = '';
    while (this.#peek() !== '"') {
      if (this.#isEnd) throw this.#error('These quotes never close', opened);
      if (this.#peek() === '\\' && /["\\]/.test(this.#text[this.#at + 1] ?? '')) this.#at++;
      text += this.#peek();
      this.#at++;
    }
    this.#at++;
    return text;
  }

  #isAhead(word: string, sign: string): boolean {
    if (this.#text.startsWith(sign, this.#at)) return true;
    return this.#text.startsWith(word, this.#at) && /^(?:[\s("]|$)/.test(this.#text.slice(this.#at + word.length));
  }

  /** Takes a word of the language, with the blanks before it. Capitals tell it from a word that is looked for. */
  #keyword(word: string, sign: string): boolean {
    this.#blanks();
    if (!this.#isAhead(word, sign)) return false;
    this.#at += this.#text.startsWith(sign, this.#at) ? sign.length : word.length;
    return true;
  }
}

function joined(kind: 'and' | 'or', items: readonly QueryNode[]): QueryNode {
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind, items };
}
