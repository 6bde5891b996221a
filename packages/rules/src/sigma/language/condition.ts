import type { Expression } from './rule.ts';
import { SigmaError } from './sigma-error.ts';

/* "Condition" of the Sigma rules specification. */

/** Deeper brackets are refused. */
const MAXIMUM_DEPTH = 50;
const MAXIMUM_TOKENS = 2000;

/** What a condition combines: `name`, or `1 of name*`. */
export interface ConditionLeaf<T> {
  /** @throws SigmaError when there is no such thing */
  named(name: string): T;
  /** Joins those whose names fit; `them` is undefined. */
  quantified(joint: 'and' | 'or', pattern: string | undefined): T;
}

export interface ConditionAlgebra<T> extends ConditionLeaf<T> {
  join(kind: 'and' | 'or', items: readonly T[]): T;
  negate(item: T): T;
}

/**
 * @param text of a `condition`
 * @param algebra what its parts become
 * @throws SigmaError with what is wrong
 */
export function parseCondition<T>(text: string, algebra: ConditionAlgebra<T>): T {
  return new ConditionParser(text, algebra).parse();
}

/** Conditions over the search identifiers of a detection. */
export function detectionAlgebra(identifiers: ReadonlyMap<string, Expression>): ConditionAlgebra<Expression> {
  return {
    join: (kind, items) => (items.length === 1 && items[0] !== undefined ? items[0] : { kind, items }),
    negate: (item) => ({ kind: 'not', item }),
    named(name) {
      const expression = identifiers.get(name);
      if (expression === undefined) throw new SigmaError(`condition: there is no '${name}' in the detection`);
      return expression;
    },
    quantified(kind, pattern) {
      const fits = pattern === undefined ? (name: string) => !name.startsWith('_') : nameTest(pattern);
      const items = [...identifiers].flatMap(([name, expression]) => (fits(name) ? [expression] : []));
      if (items.length === 0)
        throw new SigmaError(`condition: nothing in the detection is named '${pattern ?? 'them'}'`);
      return items.length === 1 && items[0] !== undefined ? items[0] : { kind, items };
    },
  };
}

function nameTest(pattern: string): (name: string) => boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
    .join('.*');
  const expression = new RegExp(`^${source.replace(/(?:\.\*)+/g, '.*')}$`);
  return (name) => expression.test(name);
}

class ConditionParser<T> {
  readonly #tokens: readonly string[];
  readonly #algebra: ConditionAlgebra<T>;
  #at = 0;

  constructor(text: string, algebra: ConditionAlgebra<T>) {
    if (text.includes('|')) {
      throw new SigmaError('condition: counting behind `|` is of Sigma 1; write a correlation rule instead');
    }
    this.#tokens = text.match(/[()]|[^\s()]+/g) ?? [];
    if (this.#tokens.length > MAXIMUM_TOKENS) throw new SigmaError('condition: it is too long');
    this.#algebra = algebra;
  }

  parse(): T {
    if (this.#tokens.length === 0) throw new SigmaError('condition: it is empty');
    const result = this.#or(0);
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw new SigmaError(`condition: '${rest}' is not expected there`);
    return result;
  }

  #or(depth: number): T {
    return this.#chain('or', () => this.#chain('and', () => this.#not(depth)));
  }

  #chain(kind: 'and' | 'or', operand: () => T): T {
    const items = [operand()];
    while (this.#peek() === kind) {
      this.#at++;
      items.push(operand());
    }
    return items.length === 1 && items[0] !== undefined ? items[0] : this.#algebra.join(kind, items);
  }

  #not(depth: number): T {
    if (depth > MAXIMUM_DEPTH) throw new SigmaError('condition: it is nested too deep');
    if (this.#peek() !== 'not') return this.#operand(depth);
    this.#at++;
    return this.#algebra.negate(this.#not(depth + 1));
  }

  #operand(depth: number): T {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new SigmaError('condition: it ends too early');
    this.#at++;
    if (token === '(') {
      const inner = this.#or(depth + 1);
      if (this.#tokens[this.#at] !== ')') throw new SigmaError('condition: a bracket is not closed');
      this.#at++;
      return inner;
    }
    if (this.#peek() === 'of') return this.#quantifier(token);
    if (token === ')' || ['and', 'or', 'of'].includes(token.toLowerCase())) {
      throw new SigmaError(`condition: '${token}' is not expected there`);
    }
    return this.#algebra.named(token);
  }

  #quantifier(count: string): T {
    const quantity = count.toLowerCase();
    if (!['1', 'any', 'all'].includes(quantity)) {
      throw new SigmaError(`condition: '${count} of' is not supported; only 1 and all are`);
    }
    this.#at++;
    const pattern = this.#tokens[this.#at];
    if (pattern === undefined || pattern === '(' || pattern === ')') {
      throw new SigmaError(`condition: '${count} of' needs a name`);
    }
    this.#at++;
    const joint = quantity === 'all' ? 'and' : 'or';
    return this.#algebra.quantified(joint, pattern.toLowerCase() === 'them' ? undefined : pattern);
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at]?.toLowerCase();
  }
}
