/** Values of variables by name, with their underscores. */
export type Values = Readonly<Record<string, string>>;

/** What came of a condition. */
export type ConditionResult = { readonly value: boolean } | { readonly problem: string };

type Token = { readonly kind: 'word' | 'text' | 'operator'; readonly text: string };

const MOST_CHARACTERS = 5000;
const MOST_DEPTH = 50;
const TOKEN = /\s*(?:'((?:[^'\\]|\\.)*)'|(<=|>=|!=|==|=|<|>|\(|\)|,|\[|\])|([^\s()<>=!,'[\]]+))/y;

/**
 * Judges a condition of a step: comparisons of the STIX Patterning grammar (STIX 2.1 §9.2) over variables, as CACAO 2.0 §4.8 asks
 * for, with `AND`, `OR`, `NOT`, `IN`, `LIKE` and brackets. Numbers are compared as numbers where both sides are one. Never throws.
 *
 * @param text for example `__data_left__:value = 'true'`
 */
export function judgeCondition(text: string, values: Values): ConditionResult {
  if (text.length > MOST_CHARACTERS) return { problem: `The condition is longer than ${MOST_CHARACTERS} characters.` };
  const tokens = tokensOf(text);
  if (tokens === undefined) return { problem: `The condition cannot be read: ${text.slice(0, 200)}` };
  const reader = new ConditionReader(tokens, values);
  const value = reader.either(0);
  const problem = reader.problem ?? (reader.isAtEnd ? undefined : `unexpected "${reader.rest}"`);
  return problem === undefined ? { value } : { problem: `The condition cannot be read: ${problem}.` };
}

function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    const [, quoted, operator, word] = match;
    if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replace(/\\(.)/g, '$1') });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator });
    else tokens.push({ kind: 'word', text: word ?? '' });
  }
  return tokens;
}

class ConditionReader {
  readonly #tokens: readonly Token[];
  readonly #values: Values;
  #at = 0;
  problem: string | undefined;

  constructor(tokens: readonly Token[], values: Values) {
    this.#tokens = tokens;
    this.#values = values;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  get rest(): string {
    return this.#tokens[this.#at]?.text ?? 'the end';
  }

  /** `OR` binds least. */
  either(depth: number): boolean {
    let value = this.#all(depth);
    while (this.#takes('OR')) {
      const next = this.#all(depth);
      value = value || next;
    }
    return value;
  }

  #all(depth: number): boolean {
    let value = this.#single(depth);
    while (this.#takes('AND')) {
      const next = this.#single(depth);
      value = value && next;
    }
    return value;
  }

  #single(depth: number): boolean {
    if (depth > MOST_DEPTH) return this.#fail('it is nested too deeply');
    if (this.#takes('NOT')) return !this.#single(depth + 1);
    for (const [open, close] of [
      ['(', ')'],
      ['[', ']'],
    ] as const) {
      if (!this.#takes(open)) continue;
      const value = this.either(depth + 1);
      return this.#takes(close) ? value : this.#fail(`"${close}" is missing`);
    }
    return this.#comparison();
  }

  #comparison(): boolean {
    const left = this.#operand();
    const isNot = this.#takes('NOT');
    const value = this.#compare(left);
    return isNot ? !value : value;
  }

  #compare(left: string): boolean {
    if (this.#takes('IN')) return this.#set().includes(left);
    if (this.#takes('LIKE')) return isLike(left, this.#operand());
    const operator = this.#tokens[this.#at];
    // A variable alone is true when it says so.
    if (operator?.kind !== 'operator' || !/^(?:[<>]=?|!=|==?)$/.test(operator.text)) return left === 'true';
    this.#at++;
    return compared(left, operator.text, this.#operand());
  }

  #set(): readonly string[] {
    if (!this.#takes('(')) return [String(this.#fail('a set begins with "("'))];
    const set = [this.#operand()];
    while (this.#takes(',')) set.push(this.#operand());
    if (!this.#takes(')')) this.#fail('")" is missing');
    return set;
  }

  #operand(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.kind === 'operator')
      return String(this.#fail(`a value is missing before "${this.rest}"`));
    this.#at++;
    if (token.kind === 'text') return token.text;
    const [, name] = /^\$?\$?(__[A-Za-z][\w-]*__)(?::value)?\$?\$?$/.exec(token.text) ?? [];
    return name === undefined ? token.text : (this.#values[name] ?? '');
  }

  #takes(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.kind === 'text' || token.text.toUpperCase() !== text) return false;
    this.#at++;
    return true;
  }

  #fail(problem: string): false {
    this.problem ??= problem;
    return false;
  }
}

function compared(left: string, operator: string, right: string): boolean {
  const [a, b] = [Number(left), Number(right)];
  const areNumbers = left.trim() !== '' && right.trim() !== '' && Number.isFinite(a) && Number.isFinite(b);
  const order = areNumbers ? a - b : left < right ? -1 : left > right ? 1 : 0;
  switch (operator) {
    case '=':
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}

/** `%` stands for any text, `_` for one character, as in SQL. Linear in the text for each `%`. */
function isLike(text: string, pattern: string): boolean {
  let [at, of, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[of] === '%') {
      star = of++;
      mark = at;
    } else if (pattern[of] === '_' || pattern[of] === text[at]) {
      at++;
      of++;
    } else if (star >= 0) {
      of = star + 1;
      at = ++mark;
    } else return false;
  }
  while (pattern[of] === '%') of++;
  return of === pattern.length;
}
